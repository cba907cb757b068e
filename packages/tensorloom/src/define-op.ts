import { type ForeignGradient, defineGradient } from '@tensorloom/autodiff';
import {
  type InputSpec,
  type NoAttrs,
  type Op,
  type Tensor,
  type TensorLike,
  type TensorSpec,
  Variable,
  apply,
  asTensors,
  isHostValue,
  isTensor,
  makeOp,
  tensorInput,
  toInts,
  toTensors,
} from '@tensorloom/graph';
import { type ForeignKernels, defineKernels } from '@tensorloom/runtime';

/** An op of one's own. `A` is the type of its attributes, `O` that of its outputs. */
export interface OpDefinition<A, O extends readonly TensorSpec[]> {
  /** What its nodes are called, and how it appears in messages and programs. */
  readonly name: string;
  /** Its attributes, plain data, with the values they have where a call does not give them; default: none. */
  readonly attrs?: A;
  /** The inputs that kernels get as host tensors, by index: shapes, axes, sizes. Literals for them are int32. */
  readonly hostInputs?: readonly number[];
  /** 'external' when running it does something besides computing: then equal applications are not computed once. Default 'pure'. */
  readonly effect?: 'pure' | 'external';
  /** The dtypes and shapes of its outputs, given those of its inputs. Throws when the inputs do not fit. */
  readonly infer: (inputs: readonly InputSpec<TensorSpec>[], attrs: A) => O;
  /** Its gradient, as graph-building code; `null`: it has none, on purpose. */
  readonly gradient: ForeignGradient<A> | null;
  /** Its kernels: plain loops under `host`, which serve every backend, and others under the names of backends. */
  readonly kernels: ForeignKernels<A>;
}

/** What applying an op gives: a tensor, or an array of them when it has several outputs. */
export type OutputsOf<O extends readonly TensorSpec[]> = O extends readonly [TensorSpec]
  ? Tensor
  : number extends O['length']
    ? Tensor | readonly Tensor[]
    : { -readonly [K in keyof O]: Tensor };

/** Attributes that differ from the op's own, and the name of the node. */
export type OpOptions<A> = Partial<A> & { readonly name?: string };

/** A function that applies an op to its inputs, options last. */
export interface DefinedOp<A, O extends readonly TensorSpec[]> {
  (...args: readonly TensorLike[] | readonly [...inputs: TensorLike[], options: OpOptions<A>]): OutputsOf<O>;
  /** What tables are keyed by. */
  readonly op: Op<A>;
}

/**
 * Makes an op, with its gradient and its kernels, and returns the function that applies it: `swish(x, { beta: 2 })`. Attributes must
 * be plain data. Applying it throws a `GraphError` when the inputs do not fit, `TypeError` when an option is not known.
 */
export function defineOp<const O extends readonly [TensorSpec, ...TensorSpec[]] | readonly TensorSpec[], A = NoAttrs>(
  definition: OpDefinition<A, O>,
): DefinedOp<A, O> {
  const { name, attrs: defaults, hostInputs = [], effect = 'pure', gradient, kernels } = definition;
  const op = makeOp<A>({
    name,
    effect,
    hostInputs,
    infer(inputs, attrs) {
      const tensors = inputs.map((x) => ({ spec: tensorInput(name, x), value: x.value }));
      return definition.infer(tensors, attrs);
    },
  });
  defineGradient(op, gradient);
  defineKernels(op, kernels);
  const call = (...args: readonly (TensorLike | OpOptions<A>)[]): OutputsOf<O> => {
    const given = args.filter((x) => isInput(x));
    const { name: own, ...changes } = args.find((x): x is OpOptions<A> => !isInput(x)) ?? { name: undefined };
    checkKnown(name, Object.keys(changes), Object.keys(defaults ?? {}));
    const attrs = Object.assign({}, defaults, changes);
    const device = toTensors(
      name,
      given.filter((_, i) => !hostInputs.includes(i)),
    );
    let next = 0;
    const inputs = given.map((x, i) => (hostInputs.includes(i) ? toInts(x, name) : device[next++]));
    const outputs = asTensors(apply(op, inputs, attrs, own).outputs);
    return (outputs.length === 1 ? outputs[0] : outputs) as OutputsOf<O>;
  };
  return Object.assign(call, { op });
}

/** Whether an argument is an operand rather than options. */
const isInput = <A>(x: TensorLike | OpOptions<A>): x is TensorLike =>
  typeof x !== 'object' || x === null || isTensor(x) || x instanceof Variable || isHostValue(x);

function checkKnown(op: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new TypeError(`${op}: '${unknown}' is not an option, expected one of ${[...known, 'name'].join(', ')}.`);
}
