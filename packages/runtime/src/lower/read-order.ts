import {
  type Edge,
  type Node,
  type SubGraph,
  type Variable,
  type VariableAttrs,
  neededNodes,
  state,
} from '@tensorloom/graph';
import { isCond, isLoop } from './merge.js';

const isAssignment = (n: Node): n is Node<VariableAttrs> => n.op.effect === 'write';

export const isRead = (n: Node): n is Node<VariableAttrs> => n.op === state.read;

/** The variables that a node reads and writes, in its bodies too. */
interface Access {
  readonly reads: ReadonlySet<Variable>;
  readonly writes: ReadonlySet<Variable>;
}

const none: ReadonlySet<Variable> = new Set();
const nothing: Access = { reads: none, writes: none };

const bodiesOf = (n: Node): readonly SubGraph[] => n.op.subgraphs?.(n.attrs) ?? [];

function accessOf(n: Node): Access {
  if (isRead(n)) return { reads: new Set([n.attrs.variable]), writes: none };
  if (isAssignment(n)) return { reads: none, writes: new Set([n.attrs.variable]) };
  if (!isLoop(n) && !isCond(n)) return nothing;
  const inside = bodiesOf(n).flatMap(({ params, outputs }) => neededNodes(outputs, new Set(params)).map(accessOf));
  return {
    reads: new Set(inside.flatMap(({ reads }) => [...reads])),
    writes: new Set(inside.flatMap(({ writes }) => [...writes])),
  };
}

/** Which value reads see: that of the start of a run, or of an assignment they come after. */
export interface ReadOrder {
  /** Whether a read sees the value at the start: no data or control dependency puts it after an assignment to its variable. */
  atStart(read: Node<VariableAttrs>): boolean;
  /** The variables that the bodies of a loop or branch read as they were at the start, though others may have changed them by then. */
  readFromStart(n: Node): ReadonlySet<Variable>;
  /** The variables that the bodies of a loop assign to: what they read of them is read anew at every trip. */
  changing(n: Node): ReadonlySet<Variable>;
}

/** The order of reads and assignments among the nodes of a graph or body that are needed when the edges in `given` are given. */
export function readOrder(nodes: readonly Node[], given: ReadonlySet<Edge>): ReadOrder {
  const access = new Map(nodes.map((n) => [n, accessOf(n)]));
  const written = new Set([...access.values()].flatMap(({ writes }) => [...writes]));
  const writtenBefore = (n: Node): ReadonlySet<Variable> => {
    const before = neededNodes(n.inputs, given, n.controlInputs);
    return new Set(before.flatMap((d) => [...(access.get(d)?.writes ?? [])]));
  };
  return {
    atStart: (n) => !written.has(n.attrs.variable) || !writtenBefore(n).has(n.attrs.variable),
    readFromStart(n) {
      const { reads, writes } = access.get(n) ?? nothing;
      const changing = [...reads].filter((v) => written.has(v) && !writes.has(v));
      if (changing.length === 0) return none;
      const before = writtenBefore(n);
      return new Set(changing.filter((v) => !before.has(v)));
    },
    changing: (n) => (isLoop(n) ? (access.get(n)?.writes ?? none) : none),
  };
}
