import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A contender in a process of its own, which times steps whenever it is asked to. */
export interface Peer {
  /** What it says of itself, in its first line. */
  readonly about: PeerFacts;
  /** Runs steps one after the other; the milliseconds that each took, by its own clock. */
  steps(count: number): Promise<readonly number[]>;
  /** The most memory that its process has had in use, in MB. */
  memory(): Promise<number>;
  close(): void;
}

/** What a contender says of itself. */
export interface PeerFacts {
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds from the beginning of making its graph to the end of its first step. */
  readonly first?: number;
  /** Those of the first step alone: for a session, compiling what it runs. */
  readonly firstRun?: number;
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
  const ask = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error(`${command} ${args.join(' ')}: the process has ended.`);
    return answer.value;
  };
  return {
    about: JSON.parse(first.value) as PeerFacts,
    steps: async (count) => JSON.parse(await ask(`${count}`)) as number[],
    memory: async () => Number(await ask('memory')),
    close: () => void child.kill(),
  };
}

const failure = (child: ChildProcess): Promise<null> =>
  new Promise((resolve) => child.once('error', () => resolve(null)));
