import { type AttrsOf, Const, create, elementwise, list, listOf } from '@tensorloom/graph';
import { Emitter } from './emit.js';
import { type IrFunction, type IrNode, IrValue, applies } from './ir.js';
import { type Loop, type LoopCarry, type LoopResult, mapLoops, resultsOf, usesOf } from './loop.js';

/**
 * Takes lists out of a loop that it only writes to, one element a trip at the index that counts the trips: what is written is
 * collected, and put into the list after the loop. So a loop that fills a TensorArray consists of tensors alone.
 */
export const collect: (f: IrFunction) => IrFunction = mapLoops((loop) => {
  if (loop.reverse) return { before: [], loop, after: [] };
  const makers = new Map(loop.nodes.flatMap((n) => n.outputs.map((o) => [o, n] as const)));
  const uses = usesOf(loop.nodes, resultsOf(loop));
  const gone = new Set<IrNode>();
  const ys: LoopResult[] = [...loop.ys];
  const after: IrNode[] = [];
  const carry = loop.carry.filter((c) => {
    const write = writeOf(c, loop, makers, uses);
    if (write === undefined) return true;
    const { node, counter } = write;
    const [, element] = node.inputs;
    const y = { inner: element, out: new IrValue(listOf(element.spec), element.origin) };
    ys.push(y);
    const emit = new Emitter(node.origin);
    const end = emit.apply(elementwise.add, [counter.init, loop.trips], {});
    const indices = emit.apply(create.range, [counter.init, end, emit.ints(1)], { dtype: 'int32' });
    emit.define(c.out, list.place, [c.init, y.out, indices], node.attrs);
    after.push(...emit.nodes);
    gone.add(node);
    return false;
  });
  if (gone.size === 0) return { before: [], loop, after: [] };
  return { before: [], loop: { ...loop, carry, ys, nodes: loop.nodes.filter((n) => !gone.has(n)) }, after };
});

type Makers = ReadonlyMap<IrValue, IrNode>;

/** How a carried list is written to, when that is all that happens to it, and the carry that is the index. */
function writeOf(
  c: LoopCarry,
  { carry, cond }: Loop,
  makers: Makers,
  uses: ReadonlyMap<IrValue, number>,
): { readonly node: IrNode<AttrsOf<typeof list.put>>; readonly counter: LoopCarry } | undefined {
  const node = makers.get(c.next);
  if (node === undefined || !applies(node, list.put) || node.attrs.adds) return undefined;
  const [into, element, index] = node.inputs;
  if (into !== c.inner || uses.get(c.inner) !== 1 || uses.get(c.next) !== 1) return undefined;
  if (element.spec.kind === 'list') return undefined;
  if (cond?.nodes.some((n) => n.inputs.some((v) => v === c.inCond)) === true) return undefined;
  const counter = carry.find(({ inner }) => inner === index);
  return counter !== undefined && counts(counter, makers) ? { node, counter } : undefined;
}

/** Whether a carry is one more at every trip. */
function counts({ inner, next }: LoopCarry, makers: Makers): boolean {
  const n = makers.get(next);
  if (n === undefined || n.op !== elementwise.add || !n.inputs.includes(inner)) return false;
  const by = n.inputs[0] === inner ? n.inputs[1] : n.inputs[0];
  const one = makers.get(by);
  return one !== undefined && applies(one, Const) && one.attrs.data.length === 1 && one.attrs.data[0] === 1;
}
