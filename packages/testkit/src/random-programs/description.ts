import { type CheckpointEvery, type MemoryOptions, NDArray } from '@tensorloom/graph';
import fc from 'fast-check';
import { ndarrays } from '../arbitraries.js';

/** Which of the values, counters or arrays in scope: the newest for 0, the one before it for 1, and so on, from the newest again after the oldest. */
type Choice = number;

/** What the rows of a sequence are: the input of them, an array in scope, or values computed where it stands. */
export type Rows = 'input' | 'array' | 'computed';

/** What a loop keeps for its gradient; by default all. */
export type Memory = Pick<MemoryOptions, 'checkpointEvery' | 'swapMemory'>;

const unaries = ['tanh', 'sin', 'sigmoid', 'square', 'reverse', 'custom'] as const;
const binaries = ['add', 'sub', 'mul', 'cell'] as const;
const reads = ['read', 'twice', 'stack', 'gather', 'concat', 'size'] as const;
const sequential = ['scan', 'scanPairs', 'scanFirst', 'foldl', 'foldr', 'map'] as const;
const writes = ['write', 'partly', 'branch', 'nested', 'dynamic', 'unstack', 'scatter', 'split'] as const;

/** Something that computes a batch of rows of two numbers from the values in scope. Bodies see, besides, what their loop carries and reads. */
export type Expression =
  | { readonly kind: 'value'; readonly pick: Choice }
  | { readonly kind: 'unary'; readonly op: (typeof unaries)[number]; readonly of: Expression }
  | { readonly kind: 'binary'; readonly op: (typeof binaries)[number]; readonly a: Expression; readonly b: Expression }
  | { readonly kind: 'matmul'; readonly of: Expression }
  | {
      readonly kind: 'cond';
      /** What decides: a value, or a constant that only the run knows. */
      readonly on: 'value' | 'true' | 'false';
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  /** One of the cases, by the number of the trip of a loop around. */
  | { readonly kind: 'switch'; readonly pick: Choice; readonly cases: readonly Expression[] }
  /** The gradient of `of` with respect to a value in scope. */
  | { readonly kind: 'gradient'; readonly pick: Choice; readonly of: Expression }
  | {
      readonly kind: 'while';
      /** What ends it: a count, a number of trips that follows from data, the maximum of iterations, or a value that it carries. */
      readonly until: 'count' | 'data' | 'maximum' | 'value';
      /** What it carries: a value, that and the one before it, or one and the rows of all trips so far. */
      readonly carry: 'one' | 'two' | 'grown';
      readonly trips: number;
      readonly memory?: Memory;
      readonly init: Expression;
      readonly body: Expression;
    }
  | {
      /** `scanPairs` carries two values and reads two sequences; `scanFirst` has its first row as the initial value. */
      readonly kind: (typeof sequential)[number];
      readonly rows: Rows;
      /** For a scan, as `memory`. */
      readonly reverse: boolean;
      readonly memory?: Memory;
      readonly init: Expression;
      readonly body: Expression;
    }
  | {
      readonly kind: 'array';
      /**
       * How its elements get there. One by one in a loop that carries it: all, all but the last (`partly`), only some (`branch`), from a loop in a
       * loop (`nested`), or as many as follow from data (`dynamic`). Or all at once.
       */
      readonly how: (typeof writes)[number];
      readonly size: number;
      readonly memory?: Memory;
      /** Sees the array so far, where that grows in a loop. */
      readonly item: Expression;
      /** What is computed with the array in scope. */
      readonly rest: Expression;
    }
  | {
      readonly kind: 'read';
      readonly how: (typeof reads)[number];
      readonly pick: Choice;
      /** A number, or which counter in scope says it. */
      readonly index: number | { readonly counter: Choice };
    };

/** A random program as plain data, which shrinks: smooth, in float64, its control flow and arrays nested. */
export interface ProgramDescription {
  readonly x: NDArray;
  readonly weights: NDArray;
  readonly rows: NDArray;
  /** Whether only a run knows how long the sequence is. */
  readonly openLength: boolean;
  /** Whether only a run knows how large the batch is. */
  readonly openBatch: boolean;
  readonly result: Expression;
}

const pick = fc.nat(5);
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: pick.map((p): Expression => ({ kind: 'value', pick: p })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      how: fc.constantFrom(...reads),
      pick,
      index: fc.oneof(fc.nat(3), fc.record({ counter: pick })),
    }),
  },
);

/** Arithmetic on `operand`s. */
const arithmetic = (operand: fc.Arbitrary<Expression>): fc.WeightedArbitrary<Expression>[] => [
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('unary' as const),
      op: fc.constantFrom(...unaries),
      of: operand,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('binary' as const),
      op: fc.constantFrom(...binaries),
      a: operand,
      b: operand,
    }),
  },
  { weight: 1, arbitrary: operand.map((of): Expression => ({ kind: 'matmul', of })) },
];

const small = fc.oneof({ weight: 2, arbitrary: leaf }, ...arithmetic(leaf));

const memory: fc.Arbitrary<Memory> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Memory>({}) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<CheckpointEvery[]>(1, 2, 'sqrt').map((checkpointEvery): Memory => ({ checkpointEvery })),
  },
  { weight: 1, arbitrary: fc.constant<Memory>({ swapMemory: true }) },
);

/** Control flow nested at most `depth` deep. */
function nested(depth: number): fc.Arbitrary<Expression> {
  if (depth === 0) return small;
  const inner = fc.oneof({ weight: 1, arbitrary: small }, { weight: 3, arbitrary: nested(depth - 1) });
  const controls: fc.WeightedArbitrary<Expression>[] = [
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('cond' as const),
        on: fc.constantFrom('value' as const, 'true' as const, 'false' as const),
        then: inner,
        otherwise: inner,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('switch' as const),
        pick,
        cases: fc.array(inner, { minLength: 1, maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('gradient' as const), pick, of: inner }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('while' as const),
        until: fc.constantFrom('count' as const, 'data' as const, 'maximum' as const, 'value' as const),
        carry: fc.constantFrom('one' as const, 'two' as const, 'grown' as const),
        trips: fc.nat(3),
        memory,
        init: small,
        body: inner,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('scan' as const, ...sequential),
        rows: fc.constantFrom<Rows[]>('input', 'array', 'computed'),
        reverse: fc.boolean(),
        memory,
        init: small,
        body: inner,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('array' as const),
        how: fc.constantFrom(...writes),
        size: fc.integer({ min: 1, max: 3 }),
        memory,
        item: inner,
        rest: inner,
      }),
    },
  ];
  return fc.oneof(
    { weight: 1, arbitrary: small },
    { weight: 1, arbitrary: fc.oneof(...arithmetic(inner)) },
    { weight: 8, arbitrary: fc.oneof(...controls) },
  );
}

/** Descriptions of random programs whose control flow is nested at most `depth` deep. */
export const randomPrograms = ({ depth = 3 }: { readonly depth?: number } = {}): fc.Arbitrary<ProgramDescription> => {
  const bounds = { min: -1, max: 1 };
  return fc
    .tuple(fc.nat(3), fc.integer({ min: 1, max: 2 }))
    .chain(([length, batch]) =>
      fc.record({
        x: ndarrays('float64', [batch, 2], bounds),
        weights: ndarrays('float64', [4, 2], bounds),
        rows: ndarrays('float64', [length, batch, 2], bounds),
        openLength: fc.boolean(),
        openBatch: fc.boolean(),
        result: nested(depth),
      }),
    )
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
    case 'gradient':
      return 1 + nesting(e.of);
    case 'binary':
      return Math.max(nesting(e.a), nesting(e.b));
    case 'cond':
      return 1 + Math.max(nesting(e.then), nesting(e.otherwise));
    case 'switch':
      return 1 + Math.max(...e.cases.map(nesting));
    case 'array':
      return Math.max(1 + nesting(e.item), nesting(e.rest));
    default:
      return Math.max(nesting(e.init), 1 + nesting(e.body));
  }
}
