import {
  type Edge,
  type Fetchable,
  type NDArray,
  Node,
  type Tensor,
  Variable,
  asFetch,
  flatten,
  isFetchable,
  isTensor,
  packLike,
} from '@tensorloom/graph';

type Leaf = Tensor | Variable | Node | Fetchable;

const isLeaf = (x: unknown): x is Leaf => isTensor(x) || x instanceof Variable || x instanceof Node || isFetchable(x);

/** A fetch taken apart. */
export interface FlatFetch {
  readonly edges: readonly Edge[];
  readonly targets: readonly Node[];
  /** The results in the structure of the fetch, given the values of `edges`. */
  readonly pack: (values: readonly NDArray[]) => unknown;
}

/** Takes a fetch apart. Throws `TypeError` when there is something in it that cannot be fetched. */
export function readFetches(fetches: unknown): FlatFetch {
  const leaves = flatten(fetches, isLeaf, 'run: fetches');
  const edges: Edge[] = [];
  const targets: Node[] = [];
  /** Fetches one leaf; the result gives what becomes of it. */
  const read = (x: Leaf): ((values: readonly NDArray[]) => unknown) => {
    if (x instanceof Node) {
      targets.push(x);
      return () => null;
    }
    const at = edges.length;
    if (isFetchable(x)) {
      const { tensors } = x[asFetch];
      edges.push(...tensors);
      return (values) => x[asFetch].result(values.slice(at, at + tensors.length));
    }
    edges.push(isTensor(x) ? x : x.value());
    return (values) => values[at];
  };
  const results = leaves.map(read);
  const pack = (values: readonly NDArray[]): unknown =>
    packLike(
      fetches,
      results.map((result) => result(values)),
      isLeaf,
    );
  return { edges, targets, pack };
}
