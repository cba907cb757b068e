import { gradients } from '@tensorloom/autodiff';
import {
  type Tensor,
  type TensorArray,
  add,
  cast,
  concat,
  cond,
  constant,
  cos,
  customGradient,
  dimOf,
  expandDims,
  floor,
  foldl,
  foldr,
  greater,
  isKnown,
  less,
  logicalAnd,
  mapFn,
  matmul,
  mod,
  mul,
  reduceSum,
  reverse,
  scan,
  sigmoid,
  sin,
  slice,
  square,
  stack,
  stopGradient,
  sub,
  switchCase,
  tanh,
  whileLoop,
} from '@tensorloom/graph';
import { arrayOf, readOf } from './arrays.js';
import type { Expression } from './description.js';

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

type OverRows = Extract<Expression, { readonly rows: unknown }>;

/** What a random program is built from: x[batch, 2], weights[4, 2], rows[length, batch, 2]. */
export interface ProgramInputs {
  readonly x: Tensor;
  readonly weights: Tensor;
  readonly rows: Tensor;
}

/** What an expression can read: batches of rows of two numbers, numbers of trips, and arrays of batches. */
interface Scope {
  readonly values: readonly Tensor[];
  readonly counters: readonly Tensor[];
  readonly arrays: readonly TensorArray[];
}

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });
/** Keeps derivatives of what loops repeat from growing. */
const settled = (x: Tensor): Tensor => mul(sin(x), 0.6);
/** The newest for 0. */
const picked = <T>(from: readonly T[], pick: number): T => from[from.length - 1 - (pick % from.length)];
/** A sine that says its gradient itself. */
const customSin = customGradient((x: Tensor) => [sin(x), (dy) => mul(dy, cos(x))]);

const unaries = {
  tanh,
  sin,
  sigmoid,
  square,
  reverse: (x: Tensor) => reverse(x, [1]),
  custom: (x: Tensor) => customSin(x),
};

/** Adds the program that computes `result` to the current graph: of the shape of x. */
export const buildProgram = (result: Expression, inputs: ProgramInputs): Tensor =>
  new Builder(inputs).build(result, { values: [inputs.x], counters: [int(1)], arrays: [] });

class Builder {
  constructor(readonly inputs: ProgramInputs) {}

  build(e: Expression, scope: Scope): Tensor {
    switch (e.kind) {
      case 'value':
        return picked(scope.values, e.pick);
      case 'unary':
        return unaries[e.op](this.build(e.of, scope));
      case 'binary':
        return this.#binary(e, scope);
      case 'matmul':
        return matmul(this.build(e.of, scope), slice(this.inputs.weights, [0, 0], [2, 2]));
      case 'cond':
        return this.#cond(e, scope);
      case 'switch':
        return switchCase(
          mod(picked(scope.counters, e.pick), e.cases.length),
          e.cases.map((c) => () => this.#body(c, scope)),
        );
      case 'gradient': {
        const [d] = gradients(reduceSum(this.build(e.of, scope)), picked(scope.values, e.pick), {
          unconnectedGradients: 'zero',
        });
        return settled(d ?? picked(scope.values, 0));
      }
      case 'while':
        return this.#while(e, scope);
      case 'array':
        return this.build(e.rest, this.#withArray(e, scope));
      case 'read':
        return this.#read(e, scope);
      default:
        return this.#overRows(e, scope);
    }
  }

  /** What a body computes, which sees its own values, counters and arrays besides those in scope. */
  #body(e: Expression, { values, counters, arrays }: Scope, own: Partial<Scope> = {}): Tensor {
    return settled(
      this.build(e, {
        values: [...values, ...(own.values ?? [])],
        counters: [...counters, ...(own.counters ?? [])],
        arrays: [...arrays, ...(own.arrays ?? [])],
      }),
    );
  }

  #binary(e: Of<'binary'>, scope: Scope): Tensor {
    const [a, b] = [this.build(e.a, scope), this.build(e.b, scope)];
    if (e.op !== 'cell') return mul({ add, sub, mul }[e.op](a, b), 0.6);
    return tanh(matmul(concat([a, b], 1), this.inputs.weights));
  }

  #cond({ on, then, otherwise }: Of<'cond'>, scope: Scope): Tensor {
    // Far from a tie: values are rarely this close to the number.
    const value = on === 'value' ? reduceSum(picked(scope.values, 0)) : sub(reduceSum(this.inputs.x), 50);
    const pred = on === 'false' ? greater(value, 0.1234567) : less(value, 0.1234567);
    return cond(
      pred,
      () => this.#body(then, scope),
      () => this.#body(otherwise, scope),
    );
  }

  #while(e: Of<'while'>, scope: Scope): Tensor {
    const { until, trips, carry } = e;
    const start = this.build(e.init, scope);
    const limit = until === 'data' ? lengthFrom(start) : int(trips);
    const goes = (i: Tensor, x: Tensor): Tensor => {
      if (until === 'value') return logicalAnd(less(i, 4), less(reduceSum(x), 0.1234567));
      return less(i, until === 'maximum' ? 100 : limit);
    };
    const options = { ...(until === 'maximum' && { maximumIterations: trips }), ...e.memory };
    const next = (i: Tensor, ...values: Tensor[]): Tensor => this.#body(e.body, scope, { values, counters: [i] });
    switch (carry) {
      case 'one': {
        const body = (i: Tensor, x: Tensor): Tensor[] => [i.add(1), next(i, x)];
        return whileLoop(goes, body, [int(0), start], options)[1];
      }
      case 'two': {
        const body = (i: Tensor, x: Tensor, y: Tensor): Tensor[] => [i.add(1), next(i, y, x), x];
        const [, a, b] = whileLoop(goes, body, [int(0), start, tanh(start)], options);
        return mul(add(a, mul(b, 0.5)), 0.7);
      }
      case 'grown': {
        const body = (i: Tensor, x: Tensor, all: Tensor): Tensor[] => {
          const row = next(i, mul(reduceSum(all, 0), 0.3), x);
          return [i.add(1), row, concat([all, expandDims(row, 0)], 0)];
        };
        const [, last, all] = whileLoop(goes, body, [int(0), start, expandDims(start, 0)], {
          ...options,
          shapeInvariants: [[], start.shape, [null, ...(start.shape ?? [])]],
        });
        return mul(add(last, reduceSum(square(all), 0)), 0.4);
      }
    }
  }

  #overRows(e: OverRows, scope: Scope): Tensor {
    const rows = this.#rows(e, scope);
    const initializer = this.build(e.init, scope);
    const step = (x: Tensor, row: Tensor): Tensor => this.#body(e.body, scope, { values: [x, row] });
    switch (e.kind) {
      case 'scan': {
        const all = scan(step, rows, { initializer, reverse: e.reverse, ...e.memory });
        return add(mul(initializer, 0.5), mul(reduceSum(all, 0), 0.4));
      }
      case 'scanPairs': {
        const { a, b } = scan(
          (now, row) => ({ a: this.#body(e.body, scope, { values: [now.b, row.later, now.a, row.now] }), b: now.a }),
          { now: rows, later: reverse(rows, [0]) },
          { initializer: { a: initializer, b: tanh(initializer) }, reverse: e.reverse, ...e.memory },
        );
        return mul(add(reduceSum(a, 0), mul(reduceSum(b, 0), 0.5)), 0.4);
      }
      case 'scanFirst': {
        const all = scan(step, concat([expandDims(initializer, 0), rows], 0), { reverse: e.reverse, ...e.memory });
        return mul(reduceSum(all, 0), 0.4);
      }
      case 'foldl':
        return foldl(step, rows, { initializer });
      case 'foldr':
        return foldr(step, rows, { initializer });
      case 'map': {
        // Of no row at all, where shapes are known only to a run, nothing tells the shape of what comes of it.
        const over = isKnown(initializer.shape) ? rows : concat([rows, expandDims(initializer, 0)], 0);
        const all = mapFn((row: Tensor) => step(initializer, row), over);
        return mul(reduceSum(all, 0), 0.4);
      }
    }
  }

  #rows({ rows, init }: OverRows, scope: Scope): Tensor {
    if (rows === 'array' && scope.arrays.length > 0) return picked(scope.arrays, 0).stack();
    if (rows !== 'computed') return this.inputs.rows;
    const x = this.build(init, scope);
    return stack([x, tanh(x)]);
  }

  #withArray({ how, size, memory, item }: Of<'array'>, scope: Scope): Scope {
    const first = picked(scope.values, 0);
    const array = arrayOf({
      how,
      size,
      memory,
      first,
      trips: add(lengthFrom(first), 1),
      item: (own) =>
        this.#body(
          item,
          scope,
          own && { values: [own.before], counters: [own.trip], arrays: own.soFar === undefined ? [] : [own.soFar] },
        ),
    });
    return { ...scope, arrays: [...scope.arrays, array] };
  }

  #read({ how, pick, index }: Of<'read'>, { arrays, counters, values }: Scope): Tensor {
    if (arrays.length === 0) return picked(values, 0);
    const at = typeof index === 'number' ? int(index) : picked(counters, index.counter);
    return readOf(how, picked(arrays, pick), at, dimOf(this.inputs.x, 0));
  }
}

/** 0, 1, 2 or 3, which follows from data, far from where it jumps. */
const lengthFrom = (x: Tensor): Tensor =>
  cast(floor(add(mul(sigmoid(reduceSum(stopGradient(x))), 2.5), 0.7654321)), 'int32');
