import { describe, expect, it, onTestFinished } from 'vitest';
import type { Reply, Request } from '../src/messages.js';
import { serveTrainer } from '../src/trainer.js';

/** A trainer: sends it requests, and waits until it has replied so many times in all. */
function newTrainer() {
  const { port1, port2 } = new MessageChannel();
  serveTrainer(port2);
  const replies: Reply[] = [];
  let wake: () => void = () => undefined;
  port1.onmessage = ({ data }: MessageEvent<Reply>) => {
    replies.push(data);
    wake();
  };
  onTestFinished(() => port1.postMessage({ kind: 'close' } satisfies Request));
  return {
    replies,
    send: (...requests: Request[]): void => requests.forEach((request) => port1.postMessage(request)),
    until: async (count: number): Promise<void> => {
      while (replies.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const data = 'nowhere:';

describe('serveTrainer', () => {
  it('says what is missing', async () => {
    const { send, until, replies } = newTrainer();
    send({ kind: 'prepare', task: 'time-series', data }, { kind: 'train' }, { kind: 'open', backend: 'gpujs-webgl2' });
    await until(3);
    expect(replies.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed']);
    const reasons = replies.map((reply) => (reply.kind === 'failed' ? reply.reason : ''));
    expect(reasons.sort()).toEqual([
      expect.stringMatching(/webgl2/),
      'trainer: no backend is open. Open one first.',
      'trainer: there is no network. Prepare one first.',
    ]);
  });

  it('trains only when asked, from weights that are given to it', async () => {
    const { send, until, replies } = newTrainer();
    send({ kind: 'open', backend: 'cpu' });
    await until(1);
    send({ kind: 'prepare', task: 'time-series', data });
    await until(2);
    send({ kind: 'read-weights' }, { kind: 'pause' });
    await until(4);
    expect(replies.map(({ kind }) => kind).sort()).toEqual(['opened', 'paused', 'prepared', 'weights']);
    const weights = replies.flatMap((reply) => (reply.kind === 'weights' ? reply.weights : []));

    const zeros = weights.map((values) => new Float32Array(values.length));
    send({ kind: 'measure', weights: zeros, steps: 2 });
    await until(5);
    const measured = replies[4];
    if (measured.kind !== 'measured') throw new Error(`expected a measurement, got ${measured.kind}`);
    const { outputs, losses, stepTimes } = measured.measurement;
    expect(new Set(outputs)).toEqual(new Set([0]));
    expect([losses.length, stepTimes.length]).toEqual([2, 2]);
    expect(Math.min(...stepTimes)).toBeGreaterThan(0);
  });

  it('begins anew in the midst of a training, and trains once when asked twice', async () => {
    const { send, until, replies } = newTrainer();
    send({ kind: 'open', backend: 'cpu' });
    await until(1);
    send({ kind: 'prepare', task: 'time-series', data });
    await until(2);
    send({ kind: 'train' }, { kind: 'train' });
    await until(12);
    send({ kind: 'prepare', task: 'time-series', data });
    const prepared = (): number => replies.filter(({ kind }) => kind === 'prepared').length;
    while (prepared() < 2) await until(replies.length + 1);
    const kinds = replies.slice(-2).map(({ kind }) => kind);
    expect(kinds).toEqual(['paused', 'prepared']);
    const steps = replies.flatMap((reply) => (reply.kind === 'step' ? reply.step : []));
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    send({ kind: 'train' });
    const first = replies.length;
    await until(first + 1);
    expect(replies[first]).toMatchObject({ kind: 'step', step: 1 });
  });
});
