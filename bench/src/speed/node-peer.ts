import { fileURLToPath } from 'node:url';
import { type Peer, startPeer } from '../peer.js';

const script = fileURLToPath(new URL('./serve.js', import.meta.url));

/** A contender of `serve.ts` on a workload in a process of its own, on this Node or another; `null` when it cannot run. */
export const nodePeer = (
  contender: string,
  letter: string,
  threads: number,
  node: string = process.execPath,
): Promise<Peer | null> => startPeer(node, [script, contender, letter, threads]);
