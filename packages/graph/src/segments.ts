import { defaultGraph } from './context.js';
import type { CheckpointEvery } from './memory.js';
import { type LoopAttrs, loop, tripsOf } from './ops/control.js';
import { constantOf } from './ops/convert.js';
import { zeros } from './ops/create.js';
import { add, equal, floordiv, less, maximum, minimum, mul, sub } from './ops/elementwise.js';
import { concat } from './ops/join.js';
import { listLength, listStack } from './ops/list.js';
import { dimOf, reshape, shapeOf, slice, toShape } from './ops/shape.js';
import type { Node } from './node.js';
import { isKnown } from './shape.js';
import type { Spec } from './spec.js';
import { type Edge, type List, type Tensor, asTensors } from './tensor.js';
import { close, trace } from './trace.js';

/** A loop over segments of another: what it carries, and how its steps go on. */
interface Outer {
  readonly init: readonly Edge[];
  readonly specs: readonly Spec[];
  readonly names: readonly string[];
  readonly xs?: readonly Edge[];
  readonly length?: Tensor;
  readonly reverse?: boolean;
  readonly swapMemory?: boolean;
  /** Which of the carry says whether to go on. */
  readonly goes?: number;
  readonly body: (carry: readonly Edge[], rows: readonly Edge[]) => readonly Edge[];
}

function outerLoop(o: Outer): Node<LoopAttrs> {
  const graph = defaultGraph();
  const { init, xs = [], length, goes } = o;
  const carried = o.specs.map((spec, i) => ({ spec, name: `carry_${i}` }));
  const rows = asTensors(xs).map((x, i) => ({
    spec: { ...x.spec, shape: x.shape?.slice(1) },
    name: `segment_${i}`,
  }));
  const b = trace(graph, [...carried, ...rows], (args) => o.body(args.slice(0, init.length), args.slice(init.length)));
  const c = goes === undefined ? null : trace(graph, carried, (args) => [args[goes]]);
  const captures = [...b.captures.keys()];
  return loop(
    {
      body: close(b, captures),
      cond: c && close(c, captures),
      consts: captures.length,
      carry: init.length,
      counted: length !== undefined,
      reverse: o.reverse ?? false,
      saved: [],
      widens: null,
      swapMemory: o.swapMemory ?? false,
      names: o.names,
    },
    [...captures, ...init, ...xs, ...(length === undefined ? [] : [length])],
    'segments',
  );
}

const int = (n: number): Tensor => constantOf('int32', [], Int32Array.of(n));
const integer: Spec = { kind: 'tensor', dtype: 'int32', shape: [] };
const truth: Spec = { kind: 'tensor', dtype: 'bool', shape: [] };

/** A loop that goes on while a condition holds, for `whileSegments`. */
export interface WhileSegments {
  readonly init: readonly Edge[];
  /** Types of the loop variables at every iteration. */
  readonly specs: readonly Spec[];
  readonly names: readonly string[];
  /** At most so many iterations in all. */
  readonly limit: Tensor | undefined;
  readonly every: CheckpointEvery;
  readonly swapMemory: boolean;
  /** At most `length` iterations. */
  readonly segment: (vars: readonly Edge[], length: Tensor) => Node<LoopAttrs>;
}

/**
 * The loop variables after a loop of unknown length, turned in segments: a loop over loops of `every` iterations, or of one more
 * each time. A segment that ends early was the last. Returns the loop variables.
 */
export function whileSegments(w: WhileSegments): readonly Edge[] {
  const n = w.init.length;
  const grows = w.every === 'sqrt';
  const counters = [int(w.every === 'sqrt' ? 1 : w.every), ...(w.limit === undefined ? [] : [w.limit])];
  const node = outerLoop({
    init: [...w.init, constantOf('bool', [], Uint8Array.of(1)), ...counters],
    specs: [...w.specs, truth, ...counters.map(() => integer)],
    names: [...w.names, 'more', 'segment_length', 'left'],
    swapMemory: w.swapMemory,
    goes: n,
    body(carry) {
      const [size, left] = asTensors(carry.slice(n + 1));
      const turned = w.segment(carry.slice(0, n), left === undefined ? size : minimum(size, left));
      const trips = tripsOf(turned);
      return [
        ...turned.outputs.slice(0, n),
        equal(trips, size),
        grows ? add(size, 1) : size,
        ...(left === undefined ? [] : [sub(left, trips)]),
      ];
    },
  });
  return node.outputs.slice(0, n);
}

/** A loop over the rows of sequences, for `sequenceSegments`. */
export interface SequenceSegments {
  readonly init: readonly Tensor[];
  readonly xs: readonly Edge[];
  readonly names: readonly string[];
  readonly length: Tensor | undefined;
  readonly reverse: boolean;
  readonly every: CheckpointEvery;
  readonly swapMemory: boolean;
  /** Tensors of the shapes of what trips return, as far as they are given. */
  readonly like: readonly Tensor[];
  /** A loop over the first `length` rows of pieces of the sequences. */
  readonly segment: (carry: readonly Edge[], xs: readonly Edge[], length: Tensor) => Node<LoopAttrs>;
}

/** What a loop over sequences gives when it runs in segments: what its trips returned is one tensor each, zeros past the last trip. */
export interface Segmented {
  readonly carry: readonly Tensor[];
  readonly ys: readonly Tensor[];
  readonly trips: Tensor;
}

/** A loop over sequences turned in segments of `every` trips. */
export function sequenceSegments(s: SequenceSegments): Segmented {
  const n = s.init.length;
  const xs = s.xs.map((x) => (x.kind === 'list' ? listStack(x, listLength(x)) : x));
  const rows = xs.length > 0 ? dimOf(xs[0], 0) : (s.length ?? int(0));
  const trips = s.length === undefined ? rows : maximum(0, minimum(s.length, rows));
  const size = s.every === 'sqrt' ? rootOf(trips) : int(s.every);
  const pieces = (length: Tensor): Tensor => floordiv(sub(add(length, size), 1), size);
  const all = pieces(rows);
  const segments = pieces(trips);
  const node = outerLoop({
    init: [...s.init, s.reverse ? sub(segments, 1) : int(0)],
    specs: [...s.init.map((t) => t.spec), integer],
    names: [...s.names, 'segment'],
    xs: xs.map((x) => inPieces(x, sub(mul(all, size), rows), all, size)),
    length: segments,
    reverse: s.reverse,
    swapMemory: s.swapMemory,
    body(carry, rowsOf) {
      const [index] = asTensors(carry.slice(n));
      const count = minimum(size, sub(trips, mul(index, size)));
      const turned = s.segment(carry.slice(0, n), rowsOf, count);
      const lists = turned.outputs.slice(n, -1).flatMap((y) => (y.kind === 'list' ? [y] : []));
      return [...turned.outputs.slice(0, n), add(index, s.reverse ? -1 : 1), ...lists.map((y) => listStack(y, size))];
    },
  });
  const stacked = node.outputs
    .slice(n + 1, -1)
    .flatMap((y, i) => (y.kind === 'list' ? [listStack(y, all, shapeOfPiece(y, size, s.like.at(i)))] : []));
  const ys = stacked.map((y) => {
    const flat = reshape(y, concat([toShape([mul(all, size)], 'scan'), slice(shapeOf(y), [2], [-1])], 0));
    return firstRows(flat, rows);
  });
  return { carry: asTensors(node.outputs.slice(0, n)), ys, trips };
}

/** The shape that elements have as `like` does, where it is not known before a run: what stands for elements when there is none. */
export const elementShapeOf = ({ elementShape }: List, like: Tensor | undefined): Tensor | undefined =>
  isKnown(elementShape) || like === undefined ? undefined : shapeOf(like);

/** The shape of a piece of `size` rows, where theirs is known or that of `like`: what stands for pieces when there is none. */
function shapeOfPiece({ elementShape }: List, size: Tensor, like: Tensor | undefined): Tensor | undefined {
  const row = elementShape?.slice(1);
  if (isKnown(row)) return toShape([size, ...row], 'scan');
  return like && concat([toShape([size], 'scan'), shapeOf(like)], 0);
}

/** The first `rows` rows of x. */
export function firstRows(x: Tensor, rows: Tensor): Tensor {
  if (x.shape !== undefined && x.shape[0] !== null && x.shape[0] === rows.value?.[0]) return x;
  const rest = slice(shapeOf(x), [1], [-1]);
  const rank = x.shape?.length ?? 0;
  return slice(x, new Array<number>(rank).fill(0), concat([toShape([rows], 'scan'), rest], 0));
}

/** x as pieces [pieces, size, ...], the last filled up with zeros. */
function inPieces(x: Tensor, missing: Tensor, pieces: Tensor, size: Tensor): Tensor {
  const rest = slice(shapeOf(x), [1], [-1]);
  const filler = zeros(concat([toShape([missing], 'scan'), rest], 0), { dtype: x.dtype });
  const full = missing.value?.[0] === 0 ? x : concat([x, filler], 0);
  return reshape(full, concat([toShape([pieces, size], 'scan'), rest], 0));
}

/** The smallest positive integer whose square is at least n: counted up to, so that it stays an integer in host memory. */
function rootOf(n: Tensor): Tensor {
  const known = n.value?.[0] ?? null;
  if (known !== null) return int(Math.max(1, Math.ceil(Math.sqrt(known))));
  const graph = defaultGraph();
  const params = [{ spec: integer, name: 'root' }];
  const b = trace(graph, params, ([k]) => [add(asTensors([k])[0], 1)]);
  const c = trace(graph, params, ([k]) => {
    const [root] = asTensors([k]);
    return [less(mul(root, root), n)];
  });
  const captures = [...c.captures.keys()];
  const node = loop(
    {
      body: close(b, captures),
      cond: close(c, captures),
      consts: captures.length,
      carry: 1,
      counted: false,
      reverse: false,
      saved: [],
      widens: null,
      names: ['root'],
    },
    [...captures, int(1)],
    'root',
  );
  return node.output(0);
}
