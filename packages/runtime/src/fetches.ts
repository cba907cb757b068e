import { type Edge, type NDArray, Node, type Tensor, Variable, flatten, isTensor, packLike } from '@tensorloom/graph';

const isFetch = (x: unknown): x is Tensor | Variable | Node =>
  isTensor(x) || x instanceof Variable || x instanceof Node;

/** A fetch taken apart. */
export interface FlatFetch {
  readonly edges: readonly Edge[];
  readonly targets: readonly Node[];
  /** The results in the structure of the fetch, given the values of `edges`. */
  readonly pack: (values: readonly NDArray[]) => unknown;
}

/** Takes a fetch apart. Throws `TypeError` when there is something in it that cannot be fetched. */
export function readFetches(fetches: unknown): FlatFetch {
  const leaves = flatten(fetches, isFetch, 'run: fetches');
  const edges: Edge[] = [];
  const targets: Node[] = [];
  const at = leaves.map((x) => (x instanceof Node ? -targets.push(x) : edges.push(isTensor(x) ? x : x.value()) - 1));
  const pack = (values: readonly NDArray[]): unknown =>
    packLike(
      fetches,
      at.map((i) => (i < 0 ? null : values[i])),
      isFetch,
    );
  return { edges, targets, pack };
}
