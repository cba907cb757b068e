import { SingleBar } from 'cli-progress';

/** Shows how an epoch is getting on. */
export interface Progress {
  start(epoch: number, steps: number): void;
  step(loss: number): void;
  /** Takes the bar away, so that lines can be printed. */
  stop(): void;
}

/** A bar on stderr with the loss and the speed; nothing when `shown` is false. */
export function progressBar(shown: boolean): Progress {
  if (!shown) return { start() {}, step() {}, stop() {} };
  const bar = new SingleBar({
    format: 'epoch {epoch} [{bar}] {value}/{total} steps | loss {loss} | {speed} steps/s | {eta_formatted} left',
    stream: process.stderr,
    barsize: 24,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    clearOnComplete: true,
    hideCursor: true,
    // Ctrl-C is the caller's to handle.
    gracefulExit: false,
  });
  // The bar changes the terminal's ways while it is up; give them back however the program ends.
  process.once('exit', () => bar.stop());
  let started = 0;
  let steps = 0;
  return {
    start(epoch, total) {
      started = performance.now();
      steps = 0;
      bar.start(total, 0, { epoch, loss: '-', speed: '-' });
    },
    step(loss) {
      steps++;
      const speed = (1000 * steps) / (performance.now() - started);
      bar.update(steps, { loss: loss.toFixed(4), speed: speed.toFixed(1) });
    },
    stop: () => bar.stop(),
  };
}
