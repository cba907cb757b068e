import { GraphError, type Op, type Tensor, asTensors, explain, zerosLike } from '@tensorloom/graph';
import type { Application, Rule } from './rule.js';

/**
 * The gradient of an op of one's own, as graph-building code: from a node and the gradients of its outputs (zeros where none came)
 * to those of its inputs (`null` where none flows).
 */
export type ForeignGradient<A = unknown> = (node: Application<A>, ...dys: Tensor[]) => readonly (Tensor | null)[];

const foreign = new WeakMap<Op, Rule | null>();

/** Gives an op of one's own its gradient; `null`: it has none, on purpose. TensorFlow: `tf.RegisterGradient`. */
export function defineGradient<A>(op: Op<A>, gradient: ForeignGradient<A> | null): void {
  foreign.set(op, gradient && ruleOf(op, gradient));
}

/** The rule of an op of one's own; `undefined` when it has none. */
export const foreignRule = (op: Op): Rule | null | undefined => foreign.get(op);

const ruleOf =
  <A>(op: Op<A>, gradient: ForeignGradient<A>): Rule =>
  (node, dys) => {
    const [inputs, outputs] = [asTensors(node.inputs), asTensors(node.outputs)];
    const given = outputs.map((y, i) => dys[i] ?? zerosLike(y));
    // The node was found by its op, whose attributes it has.
    const dxs = gradient({ inputs, outputs, attrs: node.attrs as A }, ...asTensors(given));
    if (dxs.length === inputs.length) return dxs;
    throw new GraphError(
      explain(
        `gradients: the gradient of '${op.name}' gave ${dxs.length} tensors, expected ${inputs.length}. Return one for each input, null where none flows.`,
        node.toString(),
        node.location,
      ),
    );
  };
