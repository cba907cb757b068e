import { SingleBar } from 'cli-progress';

/** Shows how training is getting on. */
export interface Progress {
  /** Begins a bar of `steps`, of which `done` have been done before. */
  start(title: string, steps: number, done?: number): void;
  step(loss: number): void;
  /** A line on stdout, above the bar. */
  print(line: string): void;
  /** Takes the bar away, so that lines can be printed. */
  stop(): void;
}

/** A bar on stderr with the loss and the speed; only lines when `visible` is false. */
export function progressBar(visible: boolean): Progress {
  if (!visible) return { start() {}, step() {}, print: (line) => console.log(line), stop() {} };
  const bar = new SingleBar({
    format: '{title} [{bar}] {value}/{total} steps | loss {loss} | {speed} steps/s | {eta_formatted} left',
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
  let total = 0;
  let before = 0;
  let steps = 0;
  let shown = { title: '', loss: '-', speed: '-' };
  return {
    start(title, count, done = 0) {
      started = performance.now();
      total = count;
      before = done;
      steps = done;
      shown = { title, loss: '-', speed: '-' };
      bar.start(total, steps, shown);
    },
    step(loss) {
      steps++;
      const speed = (1000 * (steps - before)) / (performance.now() - started);
      shown = { ...shown, loss: loss.toFixed(4), speed: speed.toFixed(1) };
      bar.update(steps, shown);
    },
    print(line) {
      bar.stop();
      console.log(line);
      bar.start(total, steps, shown);
    },
    stop: () => bar.stop(),
  };
}
