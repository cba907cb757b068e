import { afterEach, describe, expect, it, vi } from 'vitest';
import { progressBar } from '../src/progress.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('progressBar', () => {
  it.each([true, false])('prints lines in their order, visible or not: %s', (visible) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const progress = progressBar(visible);
    progress.start('training', 2);
    progress.print('first');
    progress.step(0.5);
    progress.print('second');
    progress.step(0.25);
    progress.stop();
    expect(log.mock.calls).toEqual([['first'], ['second']]);
  });

  it('writes nothing to stderr when it is not visible', () => {
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const progress = progressBar(false);
    progress.start('training', 1);
    progress.step(0.5);
    progress.stop();
    expect(write).not.toHaveBeenCalled();
  });
});
