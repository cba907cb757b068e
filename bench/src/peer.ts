import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A contender in a process of its own, which times one step whenever it is asked to. */
export interface Peer {
  /** What it says of itself, in its first line. */
  readonly about: PeerFacts;
  /** Milliseconds that one step took, by its own clock. */
  step(): Promise<number>;
  /** The most memory that its process has had in use, in MB. */
  memory(): Promise<number>;
  close(): void;
}

/** What a contender says of itself. */
export interface PeerFacts {
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds from the beginning of making its graph to the end of its first step. */
  readonly first?: number;
  /** What its first steps gave, to compare. */
  readonly losses?: readonly number[];
}

/** Starts a contender; `null` when it cannot run. */
export async function startPeer(
  command: string,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): Promise<Peer | null> {
  const child = spawn(command, args.map(String), {
    stdio: ['pipe', 'pipe', process.env.BENCH_DEBUG === undefined ? 'ignore' : 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), failure(child)]);
  if (first === null || first.done === true) return null;
  const ask = async (line: string): Promise<number> => {
    child.stdin.write(`${line}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error(`${command} ${args.join(' ')}: the process has ended.`);
    return Number(answer.value);
  };
  return {
    about: JSON.parse(first.value) as PeerFacts,
    step: () => ask(''),
    memory: () => ask('memory'),
    close: () => void child.kill(),
  };
}

const failure = (child: ChildProcess): Promise<null> =>
  new Promise((resolve) => child.once('error', () => resolve(null)));
