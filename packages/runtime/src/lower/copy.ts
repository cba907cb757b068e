import { type CondAttrs, type Edge, GraphError, Identity, type LoopAttrs, type Node, type Op, Placeholder, control, explain, isTensor, neededNodes } from '@tensorloom/graph';
import { type IrFunction, type IrNode, IrValue } from './ir.js';
import { merge, original } from './merge.js';

/** Ops that pass their inputs on unchanged: output i is input i. */
const passing: ReadonlySet<Op> = new Set<Op>([Identity as Op, control.assumeShape as Op, control.stopGradient as Op, control.customGradient as Op]);

/** Raised when something that a run needs was not fed. */
function unfed(node: Node): never {
  const [out] = node.outputs;
  throw new GraphError(
    explain(
      `run: placeholder '${out.name}' is needed by what is fetched, and was not fed. Add [${node.name}, value] to the feeds: ${isTensor(out) ? out.toString() : out.name}.`,
      node.toString(),
      node.location,
    ),
  );
}

/**
 * Copies the part of a graph that `outputs` need, given `params`, into the intermediate representation: what is not needed is
 * left out, copies of one loop are merged, ops that only pass values on disappear.
 */
export function copyNeeded(params: readonly Edge[], outputs: readonly Edge[], targets: readonly Node[] = []): IrFunction {
  const given = new Set(params);
  const nodes = neededNodes(outputs, given, targets);
  const used = new Set<Edge>([...outputs, ...nodes.flatMap((n) => n.inputs)]);
  const copies = new Map<Node, Node[]>();
  for (const n of nodes) {
    const base = original(n);
    copies.set(base, [...(copies.get(base) ?? []), n]);
  }

  const values = new Map<Edge, IrValue>(params.map((p) => [p, new IrValue(p.spec, p)]));
  const made = new Map<Node, readonly IrNode[]>();
  const code: IrNode[] = [];
  const valueOf = (t: Edge): IrValue => {
    const v = values.get(t);
    if (v === undefined) throw new Error(`lower: '${t.name}' was not copied.`);
    return v;
  };

  for (const n of nodes) {
    if (made.has(n)) continue;
    if (n.op === (Placeholder as Op)) unfed(n);
    const group = copies.get(original(n)) ?? [n];
    const after = [...new Set(group.flatMap((c) => c.controlInputs.flatMap((d) => made.get(d) ?? [])))];
    if (passing.has(n.op)) {
      n.outputs.forEach((o, i) => {
        if (!values.has(o)) values.set(o, valueOf(n.inputs[i]));
      });
      // Whoever waits for this node waits for what it waited for, and for what it passes on.
      made.set(n, [...after, ...n.inputs.flatMap((t) => made.get(t.op) ?? [])]);
      continue;
    }
    const merged = merge(group, used);
    const attrs = merged?.attrs ?? n.attrs;
    const { bodies, results } = copyBodies(n, attrs);
    const outs: IrValue[] = [];
    const node: IrNode = { op: n.op, attrs, inputs: n.inputs.map(valueOf), outputs: outs, after, bodies, origin: n };
    if (merged === null) n.outputs.forEach((o) => outs.push(new IrValue(o.spec, o)));
    else {
      const origins = new Map([...merged.index].map(([edge, i]) => [i, edge]));
      for (let i = 0; i < results; i++) {
        const origin = origins.get(i) ?? n.outputs[0];
        outs.push(new IrValue(origin.spec, origin));
      }
    }
    for (const c of group) {
      c.outputs.forEach((o, i) => {
        const k = merged === null ? i : merged.index.get(o);
        if (k !== undefined && !values.has(o)) values.set(o, outs[k]);
      });
      made.set(c, [node]);
    }
    code.push(node);
  }
  return { params: params.map(valueOf), nodes: code, results: outputs.map(valueOf) };
}

/** The bodies of a loop or branch, and how many results it has. */
function copyBodies(n: Node, attrs: unknown): { bodies: readonly IrFunction[]; results: number } {
  if (n.op === (control.loop as Op)) {
    const { body, cond } = attrs as LoopAttrs;
    const bodies = [copyNeeded(body.params, body.outputs), ...(cond === null ? [] : [copyNeeded(cond.params, cond.outputs)])];
    return { bodies, results: body.outputs.length + 1 };
  }
  if (n.op === (control.cond as Op)) {
    const { then, otherwise, savedThen, savedOtherwise } = attrs as CondAttrs;
    const bodies = [copyNeeded(then.params, [...then.outputs, ...savedThen]), copyNeeded(otherwise.params, [...otherwise.outputs, ...savedOtherwise])];
    return { bodies, results: then.outputs.length + savedThen.length + savedOtherwise.length };
  }
  return { bodies: [], results: n.outputs.length };
}
