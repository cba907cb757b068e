import { type InputSpec, type KnownValue, MOST_KNOWN_ELEMENTS, tensorInput } from '../op.js';
import { type Dim, type Shape, broadcastShapes, compatible, isKnown, showShape, sizeOf } from '../shape.js';
import { type Spec, showSpec, tensorSpec } from '../spec.js';

/** The elements of an int32 vector, `null` for each that only a run knows; `undefined` when not even their number is known. */
export function intVector(op: string, what: string, input: InputSpec): KnownValue | undefined {
  const { dtype, shape } = tensorInput(op, input);
  if (dtype !== 'int32' || !compatible(shape, [null])) {
    throw new TypeError(
      `${op}: expected the ${what} as a vector of integers, got ${showSpec(input.spec)}. Pass an array or an int32 tensor.`,
    );
  }
  const isSmall = isKnown(shape) && shape[0] <= MOST_KNOWN_ELEMENTS;
  return input.value ?? (isSmall ? new Array<null>(shape[0]).fill(null) : undefined);
}

/** The static shape that a shape operand asks for. Throws `TypeError` when it is not a vector of integers from `least`. */
export function shapeOperand(op: string, input: InputSpec, least = 0): Shape {
  const dims = intVector(op, 'shape', input);
  if (dims?.some((d) => d !== null && d < least) === true) {
    throw new TypeError(
      `${op}: expected a shape of integers from ${least}, got ${showShape(dims)}. Correct the shape.`,
    );
  }
  return dims;
}

/** The type of (x, shape) reshaped; one entry of the shape may be -1. */
export function inferReshape([x, target]: readonly InputSpec[]): readonly Spec[] {
  const { dtype, shape: from } = tensorInput('Reshape', x);
  const to = shapeOperand('Reshape', target, -1);
  if (!isKnown(to))
    return [
      tensorSpec(
        dtype,
        to?.map((d) => (d === -1 ? null : d)),
      ),
    ];
  const free = to.indexOf(-1);
  const rest = sizeOf(to.filter((_, i) => i !== free));
  const bad = to.some((d, i) => d === -1 && i !== free);
  const size = isKnown(from) ? sizeOf(from) : undefined;
  if (bad || (size !== undefined && (free < 0 ? rest !== size : rest === 0 || size % rest !== 0))) {
    throw new TypeError(
      `Reshape: cannot view ${showShape(from)}${size === undefined ? '' : ` (${size} elements)`} as [${to.join(',')}]. The sizes must agree; one entry may be -1.`,
    );
  }
  return [
    tensorSpec(
      dtype,
      to.map((d, i) => (i !== free ? d : size === undefined ? null : size / rest)),
    ),
  ];
}

/** The type of tensors joined along an axis. */
export function inferConcat(inputs: readonly InputSpec[], { axis }: { readonly axis: number }): readonly Spec[] {
  const specs = inputs.map((i) => tensorInput('ConcatV2', i));
  const [{ dtype }] = specs;
  let total: Dim = 0;
  let others: Shape;
  for (const s of specs) {
    if (s.dtype !== dtype)
      throw new TypeError(`ConcatV2: operands differ in dtype: ${specs.map((t) => t.dtype).join(', ')}. Use cast().`);
    const d: Dim = s.shape?.[axis] ?? null;
    total = total === null || d === null ? null : total + d;
    const rest = s.shape && replaced(s.shape, axis, null);
    if (!compatible(others, rest))
      throw new TypeError(
        `ConcatV2: shapes ${specs.map((t) => showShape(t.shape)).join(', ')} differ outside axis ${axis}, expected equal ones there. Pad or reshape, or join along another axis.`,
      );
    others = others === undefined ? rest : others.map((e, i) => e ?? rest?.[i] ?? null);
  }
  return [tensorSpec(dtype, others && replaced(others, axis, total))];
}

/** The type of tensors joined along a new axis. */
export function inferPack(inputs: readonly InputSpec[], { axis }: { readonly axis: number }): readonly Spec[] {
  const specs = inputs.map((i) => tensorInput('Pack', i));
  const [{ dtype }] = specs;
  let element: Shape;
  for (const s of specs) {
    if (s.dtype !== dtype)
      throw new TypeError(`Pack: operands differ in dtype: ${specs.map((t) => t.dtype).join(', ')}. Use cast().`);
    if (!compatible(element, s.shape))
      throw new TypeError(
        `Pack: shapes ${specs.map((t) => showShape(t.shape)).join(', ')} differ. Pad or reshape the odd ones.`,
      );
    element = element === undefined ? s.shape : element.map((e, i) => e ?? s.shape?.[i] ?? null);
  }
  return [tensorSpec(dtype, element && [...element.slice(0, axis), inputs.length, ...element.slice(axis)])];
}

/** The type of consecutive pieces along an axis. */
export function inferSplit(
  [x, sizes]: readonly InputSpec[],
  { axis, num }: { readonly axis: number; readonly num: number },
): readonly Spec[] {
  const { dtype, shape: s } = tensorInput('SplitV', x);
  const known = intVector('SplitV', 'sizes', sizes);
  const whole = s?.[axis] ?? null;
  if (known?.some((n) => n !== null && n < 0) === true) {
    throw new TypeError(`SplitV: expected sizes from 0, got ${known.join(', ')}. Give the length of every piece.`);
  }
  if (whole !== null && isKnown(known) && whole !== known.reduce((a, b) => a + b, 0)) {
    throw new TypeError(
      `SplitV: sizes ${known.join(' + ')} do not add up to the ${whole} of axis ${axis} of ${showShape(s)}. Give sizes that do.`,
    );
  }
  return Array.from({ length: num }, (_, k) => tensorSpec(dtype, s && replaced(s, axis, known?.[k] ?? null)));
}

const replaced = (dims: readonly Dim[], axis: number, dim: Dim): readonly Dim[] =>
  dims.map((d, i) => (i === axis ? dim : d));

/** The type of the block of x from `begin` with lengths `size`; -1 means to the end. */
export function inferSlice([x, begin, size]: readonly InputSpec[]): readonly Spec[] {
  const { dtype, shape: s } = tensorInput('Slice', x);
  const from = intVector('Slice', 'begin', begin);
  const lengths = intVector('Slice', 'size', size);
  const rank = s?.length ?? from?.length ?? lengths?.length;
  if (rank === undefined) return [tensorSpec(dtype, undefined)];
  for (const [what, entries] of [
    ['begin', from],
    ['size', lengths],
  ] as const) {
    if (entries !== undefined && entries.length !== rank) {
      throw new TypeError(`Slice: expected a ${what} for each axis of ${showShape(s)}, got ${showShape(entries)}.`);
    }
  }
  const dims = Array.from({ length: rank }, (_, i): Dim => {
    const [d, start, n] = [s?.[i] ?? null, from?.[i] ?? null, lengths?.[i] ?? null];
    if ((n ?? 0) < -1 || (start ?? 0) < 0 || (d !== null && (start ?? 0) + Math.max(n ?? 0, 0) > d)) {
      throw new RangeError(
        `Slice: the block from ${start ?? '?'} of length ${n ?? '?'} does not lie in axis ${i} of ${showShape(s)}. Take less, or -1 for all the rest.`,
      );
    }
    if (n !== -1) return n;
    return d === null || start === null ? null : d - start;
  });
  return [tensorSpec(dtype, dims)];
}

/** The type of x with zeros around, as many as `paddings` [rank, 2] says. */
export function inferPad([x, paddings]: readonly InputSpec[]): readonly Spec[] {
  const { dtype, shape: s } = tensorInput('Pad', x);
  const p = tensorInput('Pad', paddings);
  if (p.dtype !== 'int32' || !compatible(p.shape, [s?.length ?? null, 2])) {
    throw new TypeError(
      `Pad: expected paddings int32[${s?.length ?? '?'},2], a row [before, after] for each axis of ${showShape(s)}, got ${showSpec(p)}. Give all rows.`,
    );
  }
  const entries = paddings.value;
  if (entries?.some((n) => n !== null && n < 0) === true) {
    throw new RangeError(
      `Pad: expected paddings from 0, got ${entries.join(', ')}. To take elements away use slice().`,
    );
  }
  const rank = s?.length ?? p.shape?.[0] ?? undefined;
  const dims =
    rank === undefined
      ? undefined
      : Array.from({ length: rank }, (_, i): Dim => {
          const [d, before, after] = [s?.[i] ?? null, entries?.[2 * i] ?? null, entries?.[2 * i + 1] ?? null];
          return d === null || before === null || after === null ? null : d + before + after;
        });
  return [tensorSpec(dtype, dims)];
}

/** The type of x repeated to a shape. */
export function inferBroadcastTo([x, target]: readonly InputSpec[]): readonly Spec[] {
  const { dtype, shape: from } = tensorInput('BroadcastTo', x);
  const to = shapeOperand('BroadcastTo', target);
  const all = broadcastShapes(from, to);
  if (all === null || (all !== undefined && !compatible(all, to))) {
    throw new TypeError(
      `BroadcastTo: ${showShape(from)} does not broadcast to ${showShape(to)}. From the last axis backwards, lengths must be equal, or 1 in what is repeated.`,
    );
  }
  return [tensorSpec(dtype, to)];
}

/** What is known of the elements of scalars and vectors, one after the other. */
export function joinValues(inputs: readonly InputSpec[]): KnownValue | undefined {
  let known = 0;
  const values = inputs.map(({ spec, value }) => {
    if (spec.kind === 'list' || spec.shape === undefined || spec.shape.length > 1) return undefined;
    known += value?.length ?? spec.shape[0] ?? 1;
    if (known > MOST_KNOWN_ELEMENTS) return undefined;
    return (
      value ??
      (spec.dtype === 'int32' && isKnown(spec.shape) ? new Array<null>(sizeOf(spec.shape)).fill(null) : undefined)
    );
  });
  return values.every((v) => v !== undefined) ? values.flat() : undefined;
}

/** The values of vectors as the columns of a matrix. */
export function interleaveValues(inputs: readonly InputSpec[]): KnownValue | undefined {
  const columns = inputs.map((i) => joinValues([i]));
  if (!columns.every((c) => c !== undefined)) return undefined;
  return columns[0].flatMap((_, row) => columns.map((c) => c[row]));
}
