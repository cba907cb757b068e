import { type Edge, type NDArray, Node, type Tensor, type Variable, flatten, isTensor, packLike } from '@tensorloom/graph';

/** What can be fetched: tensors, variables, ops (run for their effect), and arrays and plain objects of them. */
export type Fetch = Tensor | Variable | Node | readonly Fetch[] | { readonly [key: string]: Fetch };

/** The results of a fetch, in its structure: an `NDArray` for a tensor or variable, `null` for an op. */
export type Fetched<F> = F extends Tensor | Variable
  ? NDArray
  : F extends Node<never>
    ? null
    : F extends readonly unknown[]
      ? { -readonly [K in keyof F]: Fetched<F[K]> }
      : F extends object
        ? { -readonly [K in keyof F]: Fetched<F[K]> }
        : never;

const isVariable = (x: unknown): x is Variable => typeof x === 'object' && x !== null && 'kind' in x && x.kind === 'variable';
const isLeaf = (x: unknown): x is Tensor | Variable | Node => isTensor(x) || isVariable(x) || x instanceof Node;

/** A fetch taken apart. */
export interface FlatFetch {
  readonly edges: readonly Edge[];
  readonly targets: readonly Node[];
  /** The results in the structure of the fetch, given the values of `edges`. */
  pack(values: readonly NDArray[]): unknown;
}

/** Takes a fetch apart. Throws `TypeError` when there is something in it that cannot be fetched. */
export function readFetches(fetches: unknown): FlatFetch {
  const leaves = flatten(fetches, isLeaf, 'run: fetches');
  const edges: Edge[] = [];
  const targets: Node[] = [];
  const at = leaves.map((x) => {
    if (x instanceof Node) {
      targets.push(x);
      return -1;
    }
    return edges.push(isTensor(x) ? x : x.value()) - 1;
  });
  return { edges, targets, pack: (values) => packLike(fetches, at.map((i) => (i < 0 ? null : values[i])), isLeaf) };
}
