import { type AttrsOf, type Edge, type Family, type Node, type Op, type Tensor, asTensors } from '@tensorloom/graph';

/** Adds to the graph the gradients of `ys`, weighted by `seeds`, with respect to `xs`; `null` where none flows. `stops` are held constant. */
export type Differentiate = (
  ys: readonly Edge[],
  xs: readonly Edge[],
  seeds: readonly (Edge | null)[],
  stops?: ReadonlySet<Edge>,
) => (Edge | null)[];

/** From the gradients of a node's outputs, those of its inputs, as graph-building code; `null` stands for zero. */
export type Rule = (
  node: Node,
  dys: readonly (Edge | null)[],
  differentiate: Differentiate,
) => readonly (Edge | null)[];

/** What a rule on tensors sees of a node; every output has its gradient, zeros where none came. */
export interface Application<A> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attrs: A;
}

/** The rule of an op with one tensor as output. */
export type TensorRule<A> = (node: Application<A>, dy: Tensor) => readonly (Tensor | null)[];

/** A rule for each op of a family; leaving one out does not compile, `null` says there is no gradient, on purpose. */
export type Rules<F extends Family> = { readonly [K in keyof F]: TensorRule<AttrsOf<F[K]>> | null };

/** The rules of a family of one-output ops on tensors. */
export function rulesOf<F extends Family>(family: F, rules: Rules<F>): readonly (readonly [Op, Rule | null])[] {
  return Object.keys(family).map((key) => {
    const rule = rules[key] as TensorRule<unknown> | null;
    return [family[key], rule && onTensors(rule)];
  });
}

/** A rule on tensors as a rule on edges. */
export const onTensors =
  (rule: TensorRule<unknown>): Rule =>
  ({ inputs, outputs, attrs }, [dy]) =>
    dy === null
      ? inputs.map(() => null)
      : rule({ inputs: asTensors(inputs), outputs: asTensors(outputs), attrs }, asTensors([dy])[0]);
