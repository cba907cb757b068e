import { afterEach, describe, expect, it, vi } from 'vitest';
import { RemoteTrainer } from '../src/remote-trainer.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

// Without workers of the web, trainers work on this thread.
describe('RemoteTrainer', () => {
  it('opens a backend, asks, and hears every reply', async () => {
    const { trainer, description } = await RemoteTrainer.open('cpu');
    expect([trainer.place, description]).toEqual(['page', expect.stringMatching(/WebAssembly/)]);
    const heard: string[] = [];
    trainer.onReply = ({ kind }) => heard.push(kind);
    const { totalSteps } = await trainer.ask({ kind: 'prepare', task: 'time-series', data: 'nowhere:' }, 'prepared');
    expect(totalSteps).toBe(1500);
    await trainer.ask({ kind: 'pause' }, 'paused');
    expect(heard).toEqual(['prepared', 'paused']);
    trainer.end();
  });

  it('rejects with the reason when a backend does not run here, or a request fails', async () => {
    await expect(RemoteTrainer.open('gpujs-webgl2')).rejects.toThrow(/webgl2/);
    const { trainer } = await RemoteTrainer.open('cpu');
    await expect(trainer.ask({ kind: 'read-weights' }, 'weights')).rejects.toThrow(/Prepare one first/);
    trainer.end();
  });

  it('leaves no question open when it ends', async () => {
    const { trainer } = await RemoteTrainer.open('cpu');
    const asked = trainer.ask({ kind: 'prepare', task: 'time-series', data: 'nowhere:' }, 'prepared');
    trainer.onReply = () => {
      throw new Error('nobody listens any more');
    };
    trainer.end();
    await expect(asked).rejects.toThrow('The trainer was ended.');
  });

  it('does without a worker that never answers', async () => {
    let terminated = 0;
    class Silent {
      onerror = null;
      postMessage(): void {}
      terminate(): void {
        terminated++;
      }
    }
    vi.stubGlobal('Worker', Silent);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const opening = RemoteTrainer.open('cpu');
    await vi.advanceTimersByTimeAsync(60_000);
    const { trainer } = await opening;
    expect([trainer.place, terminated]).toEqual(['page', 1]);
    trainer.end();
  });
});
