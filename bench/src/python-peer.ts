import { fileURLToPath } from 'node:url';
import { type Peer, startPeer } from './peer.js';

/** The interpreter to use: that of the variable `PYTHON`, or `python3`. */
const interpreter = process.env.PYTHON ?? 'python3';

/** The scripts that could not run: once is enough to say so. */
const missing = new Set<string>();

/** Starts the script `peers/<name>.py`; `null`, with a line that says so, where its packages are not installed. */
export async function pythonPeer(
  name: string,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): Promise<Peer | null> {
  const script = fileURLToPath(new URL(`../peers/${name}.py`, import.meta.url));
  const peer = await startPeer(interpreter, [script, ...args], env);
  if (peer === null && !missing.has(name)) {
    missing.add(name);
    console.log(`  ${name}: no peer, because ${interpreter} cannot run it. Set PYTHON to one that has its packages.`);
  }
  return peer;
}
