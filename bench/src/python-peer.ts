import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A contender in Python, from `bench/peers`: a process that times one step whenever it is asked to. */
export interface PythonPeer {
  /** What it runs on, as it says itself. */
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds that one step took, by its own clock. */
  step(): Promise<number>;
  close(): void;
}

/** The interpreter to use: that of the variable `PYTHON`, or `python3`. */
const interpreter = process.env.PYTHON ?? 'python3';

/** Starts the script `peers/<name>.py`; `null`, with a line that says so, where its packages are not installed. */
export async function pythonPeer(name: string, args: readonly (string | number)[]): Promise<PythonPeer | null> {
  const script = fileURLToPath(new URL(`../peers/${name}.py`, import.meta.url));
  const child = spawn(interpreter, [script, ...args.map(String)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), failure(child)]);
  if (first === null || first.done === true) {
    console.log(`  ${name}: no peer, because ${interpreter} cannot run it. Set PYTHON to one that has its packages.`);
    return null;
  }
  return {
    versions: JSON.parse(first.value) as Record<string, string>,
    async step() {
      child.stdin.write('\n');
      const line = await lines.next();
      if (line.done === true) throw new Error(`${name}: the peer has ended.`);
      return Number(line.value);
    },
    close: () => void child.kill(),
  };
}

const failure = (child: ChildProcess): Promise<null> =>
  new Promise((resolve) => child.once('error', () => resolve(null)));
