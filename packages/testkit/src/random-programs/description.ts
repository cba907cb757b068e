import { type CheckpointEvery, NDArray } from '@tensorloom/graph';
import fc from 'fast-check';
import { ndarrays } from '../arbitraries.js';

/** Which of the values or arrays in scope: the newest for 0, the one before it for 1, and so on, from the newest again after the oldest. */
type Pick = number;

/** What the rows of a sequence are: the input of rows, an array in scope, or values computed where it stands. */
export type Rows = 'input' | 'array' | 'computed';

/** Something that computes a vector of two numbers from the values in scope. Bodies see, besides, what their loop carries and reads. */
export type Expression =
  | { readonly kind: 'value'; readonly pick: Pick }
  | { readonly kind: 'unary'; readonly op: 'tanh' | 'sin' | 'sigmoid' | 'square'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly op: 'add' | 'sub' | 'mul'; readonly a: Expression; readonly b: Expression }
  | { readonly kind: 'matmul'; readonly of: Expression }
  | {
      readonly kind: 'cond';
      /** What decides: a value, or a constant that only the run knows. */
      readonly on: 'value' | 'true' | 'false';
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | {
      readonly kind: 'while';
      /** What ends it: a count, a number of trips that follows from data, or the maximum of iterations. */
      readonly until: 'count' | 'data' | 'maximum';
      readonly trips: number;
      readonly checkpointEvery: CheckpointEvery | undefined;
      readonly init: Expression;
      readonly body: Expression;
    }
  | {
      readonly kind: 'scan' | 'foldl' | 'foldr' | 'map';
      readonly rows: Rows;
      readonly reverse: boolean;
      readonly init: Expression;
      readonly body: Expression;
    }
  | {
      readonly kind: 'array';
      /** How its elements get there: one by one in a loop that carries it (`partly`: all but the last), or all at once. */
      readonly how: 'write' | 'partly' | 'unstack' | 'scatter' | 'split';
      readonly size: number;
      readonly item: Expression;
      /** What is computed with the array in scope. */
      readonly rest: Expression;
    }
  | {
      readonly kind: 'read';
      readonly how: 'read' | 'twice' | 'stack' | 'gather' | 'concat';
      readonly pick: Pick;
      readonly index: number;
    };

/** A random program as plain data, which shrinks: smooth, in float64, its control flow and arrays nested. */
export interface ProgramDescription {
  readonly x: NDArray;
  readonly weights: NDArray;
  readonly rows: NDArray;
  /** Whether only a run knows how many rows there are. */
  readonly open: boolean;
  readonly result: Expression;
}

const pick = fc.nat(5);
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: pick.map((p): Expression => ({ kind: 'value', pick: p })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      how: fc.constantFrom('read' as const, 'twice' as const, 'stack' as const, 'gather' as const, 'concat' as const),
      pick,
      index: fc.nat(3),
    }),
  },
);

/** Arithmetic on `operand`s. */
const arithmetic = (operand: fc.Arbitrary<Expression>): fc.WeightedArbitrary<Expression>[] => [
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('unary' as const),
      op: fc.constantFrom('tanh' as const, 'sin' as const, 'sigmoid' as const, 'square' as const),
      of: operand,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('binary' as const),
      op: fc.constantFrom('add' as const, 'sub' as const, 'mul' as const),
      a: operand,
      b: operand,
    }),
  },
  { weight: 1, arbitrary: operand.map((of): Expression => ({ kind: 'matmul', of })) },
];

const small = fc.oneof({ weight: 2, arbitrary: leaf }, ...arithmetic(leaf));

/** Control flow nested at most `depth` deep. */
function nested(depth: number): fc.Arbitrary<Expression> {
  if (depth === 0) return small;
  const inner = fc.oneof({ weight: 1, arbitrary: small }, { weight: 3, arbitrary: nested(depth - 1) });
  const controls = [
    fc.record({
      kind: fc.constant('cond' as const),
      on: fc.constantFrom('value' as const, 'true' as const, 'false' as const),
      then: inner,
      otherwise: inner,
    }),
    fc.record({
      kind: fc.constant('while' as const),
      until: fc.constantFrom('count' as const, 'data' as const, 'maximum' as const),
      trips: fc.nat(3),
      checkpointEvery: fc.constantFrom<(CheckpointEvery | undefined)[]>(undefined, undefined, undefined, 1, 2, 'sqrt'),
      init: small,
      body: inner,
    }),
    fc.record({
      kind: fc.constantFrom('scan' as const, 'scan' as const, 'foldl' as const, 'foldr' as const, 'map' as const),
      rows: fc.constantFrom<Rows[]>('input', 'array', 'computed'),
      reverse: fc.boolean(),
      init: small,
      body: inner,
    }),
    fc.record({
      kind: fc.constant('array' as const),
      how: fc.constantFrom(
        'write' as const,
        'write' as const,
        'partly' as const,
        'unstack' as const,
        'scatter' as const,
        'split' as const,
      ),
      size: fc.integer({ min: 1, max: 3 }),
      item: inner,
      rest: inner,
    }),
  ];
  return fc.oneof(
    { weight: 1, arbitrary: small },
    { weight: 1, arbitrary: fc.oneof(...arithmetic(inner)) },
    { weight: 8, arbitrary: fc.oneof(...controls.map((arbitrary) => ({ weight: 1, arbitrary }))) },
  );
}

/** Descriptions of random programs whose control flow is nested at most `depth` deep. */
export const randomPrograms = ({ depth = 3 }: { readonly depth?: number } = {}): fc.Arbitrary<ProgramDescription> => {
  const bounds = { min: -1, max: 1 };
  return fc
    .record({
      x: ndarrays('float64', [2], bounds),
      weights: ndarrays('float64', [2, 2], bounds),
      rows: fc.nat(3).chain((n) => ndarrays('float64', [n, 2], bounds)),
      open: fc.boolean(),
      result: nested(depth),
    })
    .map((d): ProgramDescription => Object.assign(d, { [fc.toStringMethod]: () => show(d) }));
};

/** A description as text, of which it can be built again. */
const show = (d: ProgramDescription): string =>
  JSON.stringify(d, (_, v: unknown) => (v instanceof NDArray ? v.toArray() : v), 1).replace(/\n\s*/g, ' ');

/** How deep control flow is nested in an expression. */
export function nesting(e: Expression): number {
  switch (e.kind) {
    case 'value':
    case 'read':
      return 0;
    case 'unary':
    case 'matmul':
      return nesting(e.of);
    case 'binary':
      return Math.max(nesting(e.a), nesting(e.b));
    case 'cond':
      return 1 + Math.max(nesting(e.then), nesting(e.otherwise));
    case 'array':
      return Math.max(1 + nesting(e.item), nesting(e.rest));
    default:
      return Math.max(nesting(e.init), 1 + nesting(e.body));
  }
}
