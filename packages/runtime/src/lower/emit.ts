import { type AttrsOf, Const, type KnownValue, type Node, type Op, list, shape, tensorSpec } from '@tensorloom/graph';
import { type IrNode, IrValue } from './ir.js';

/** Makes nodes for a rewrite, which stand for a node of the graph; their types come from the ops' own inference. */
export class Emitter {
  readonly nodes: IrNode[] = [];
  readonly #known = new Map<IrValue, KnownValue>();

  /** `origin` is what messages and names refer to. */
  constructor(readonly origin: Node) {}

  /** The one result of an op. */
  apply<A>(op: Op<A>, inputs: readonly IrValue[], attrs: A): IrValue {
    const given = inputs.map((v) => ({ spec: v.spec, value: this.#known.get(v) }));
    const output = new IrValue(op.infer(given, attrs)[0], this.origin.outputs[0]);
    const value = op.fold?.(given, attrs);
    if (value !== undefined) this.#known.set(output, value);
    this.nodes.push({ op: op, attrs, inputs, outputs: [output], bodies: [], origin: this.origin });
    return output;
  }

  /** An op whose result is a value that there is already. */
  define<A>(output: IrValue, op: Op<A>, inputs: readonly IrValue[], attrs: A): void {
    this.nodes.push({ op: op, attrs, inputs, outputs: [output], bodies: [], origin: this.origin });
  }

  /** An int32 constant: a vector, or a scalar. */
  ints(values: readonly number[] | number): IrValue {
    const data = Int32Array.from([values].flat());
    const spec = tensorSpec('int32', typeof values === 'number' ? [] : [data.length]);
    const output = new IrValue(spec, this.origin.outputs[0]);
    this.#known.set(output, Array.from(data));
    const attrs: AttrsOf<typeof Const> = { spec, data };
    this.nodes.push({ op: Const, attrs, inputs: [], outputs: [output], bodies: [], origin: this.origin });
    return output;
  }

  /** x as a matrix with `width` columns. */
  rows(x: IrValue, width: number): IrValue {
    return this.apply(shape.reshape, [x, this.ints([-1, width])], {});
  }

  /** The length of an axis. */
  dim(x: IrValue, axis: number): IrValue {
    return this.apply(shape.dim, [x], { axis });
  }

  /** A list of tensors as one tensor; a tensor itself. */
  stacked(x: IrValue, length?: IrValue): IrValue {
    if (x.spec.kind === 'tensor') return x;
    return this.apply(list.stack, [x, length ?? this.apply(list.length, [x], {})], {});
  }
}
