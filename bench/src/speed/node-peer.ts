import { fileURLToPath } from 'node:url';
import { type Peer, startPeer } from '../peer.js';

const script = fileURLToPath(new URL('./serve.js', import.meta.url));

/** How a contender runs: on which Node, this one by default, and as which of its variants. */
interface Options {
  readonly node?: string;
  readonly variant?: string;
}

/** A contender of `serve.ts` on a workload in a process of its own; `null` when it cannot run. */
export const nodePeer = (
  contender: string,
  letter: string,
  threads: number,
  { node = process.execPath, variant }: Options = {},
): Promise<Peer | null> =>
  startPeer(node, [script, contender, letter, threads, ...(variant === undefined ? [] : [variant])]);
