import { describe, expect, it } from 'vitest';
import { RemoteTrainer } from '../src/remote-trainer.js';

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
});
