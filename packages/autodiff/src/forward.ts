import { type Edge, type LoopAttrs, type Node, type Tensor, loop, tripsOf } from '@tensorloom/graph';
import { drawn } from './drawn.js';

/** The way there, for the way back: the lists of what it reads, in the order asked for, the last carry, and how often the loop turned. */
export interface Forward {
  readonly saved: readonly Edge[];
  readonly carry: readonly Edge[];
  readonly trips: Tensor;
}

/** The loop with the values `kept` of its body saved: it runs once, saving more; a segment between two checkpoints runs again. */
export const forward = (node: Node<LoopAttrs>, kept: readonly Edge[]): Forward =>
  node.attrs.recomputed === true ? again(node, kept) : widened(node, kept);

/** The same loop, saving more. A run merges the two. */
function widened(node: Node<LoopAttrs>, kept: readonly Edge[]): Forward {
  const { attrs } = node;
  const { body, carry, saved } = attrs;
  const collected = [...body.outputs.slice(carry), ...saved];
  const added = kept.filter((t) => !collected.includes(t));
  const wide =
    added.length === 0 ? node : loop({ ...attrs, saved: [...saved, ...added], widens: node }, node.inputs, 'forward');
  const lists = wide.outputs.slice(carry, -1);
  const all = [...collected, ...added];
  return { saved: kept.map((t) => lists[all.indexOf(t)]), carry: wide.outputs.slice(0, carry), trips: tripsOf(wide) };
}

/** A second run that turns as often as the first and reads the numbers that the first one drew. */
function again(node: Node<LoopAttrs>, kept: readonly Edge[]): Forward {
  const { attrs, inputs } = node;
  const { body, carry } = attrs;
  const numbers = drawn(body, [...body.outputs.slice(0, carry), ...kept]);
  const first = widened(node, numbers);
  const second = loop(
    {
      ...attrs,
      body: { ...body, params: [...body.params, ...numbers] },
      cond: null,
      counted: true,
      saved: kept.filter((t) => !numbers.includes(t)),
      widens: null,
    },
    [...inputs.slice(0, body.params.length), ...first.saved, first.trips],
    'again',
  );
  const run = widened(
    second,
    kept.filter((t) => !numbers.includes(t)),
  );
  const lists = new Map<Edge, Edge>(numbers.map((t, i) => [t, first.saved[i]]));
  kept.filter((t) => !numbers.includes(t)).forEach((t, i) => lists.set(t, run.saved[i]));
  return { saved: kept.flatMap((t) => lists.get(t) ?? []), carry: run.carry, trips: first.trips };
}
