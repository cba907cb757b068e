import {
  type Tensor,
  TensorArray,
  add,
  cast,
  concat,
  cond,
  constant,
  dimOf,
  floor,
  foldl,
  foldr,
  greater,
  less,
  mapFn,
  matmul,
  mul,
  reduceSum,
  reshape,
  scan,
  sigmoid,
  sin,
  square,
  stack,
  stopGradient,
  sub,
  tanh,
  whileLoop,
} from '@tensorloom/graph';
import type { Expression } from './description.js';

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

/** What a random program is built from. */
export interface ProgramInputs {
  readonly x: Tensor;
  readonly weights: Tensor;
  readonly rows: Tensor;
}

/** What an expression can read: vectors of two numbers, and arrays of them. */
interface Scope {
  readonly values: readonly Tensor[];
  readonly arrays: readonly { readonly array: TensorArray; readonly size: number }[];
}

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });
/** Keeps derivatives of what loops repeat from growing. */
const settled = (x: Tensor): Tensor => mul(sin(x), 0.6);

/** Adds the program that computes `result` to the current graph: a vector of two numbers. */
export const buildProgram = (result: Expression, inputs: ProgramInputs): Tensor =>
  new Builder(inputs).build(result, { values: [inputs.x], arrays: [] });

class Builder {
  constructor(readonly inputs: ProgramInputs) {}

  build(e: Expression, scope: Scope): Tensor {
    switch (e.kind) {
      case 'value':
        return scope.values[scope.values.length - 1 - (e.pick % scope.values.length)];
      case 'unary':
        return { tanh, sin, sigmoid, square }[e.op](this.build(e.of, scope));
      case 'binary': {
        const [a, b] = [this.build(e.a, scope), this.build(e.b, scope)];
        return mul({ add, sub, mul }[e.op](a, b), 0.6);
      }
      case 'matmul':
        return reshape(matmul(reshape(this.build(e.of, scope), [1, 2]), this.inputs.weights), [2]);
      case 'cond':
        return this.#cond(e, scope);
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

  #body(e: Expression, { values, arrays }: Scope, ...own: readonly Tensor[]): Tensor {
    return settled(this.build(e, { values: [...values, ...own], arrays }));
  }

  #cond({ on, then, otherwise }: Of<'cond'>, scope: Scope): Tensor {
    // Far from a tie: values are rarely this close to the number.
    const value = on === 'value' ? reduceSum(scope.values[scope.values.length - 1]) : sub(reduceSum(this.inputs.x), 50);
    const pred = on === 'false' ? greater(value, 0.1234567) : less(value, 0.1234567);
    return cond(
      pred,
      () => this.#body(then, scope),
      () => this.#body(otherwise, scope),
    );
  }

  #while({ until, trips, checkpointEvery, init, body }: Of<'while'>, scope: Scope): Tensor {
    const start = this.build(init, scope);
    const size = sigmoid(reduceSum(stopGradient(start)));
    const limit = until === 'data' ? cast(floor(add(mul(size, 2.5), 0.7654321)), 'int32') : int(trips);
    const [, result] = whileLoop(
      (i: Tensor, _x: Tensor) => less(i, until === 'maximum' ? 100 : limit),
      (i: Tensor, x: Tensor): [Tensor, Tensor] => [i.add(1), this.#body(body, scope, x)],
      [int(0), start],
      {
        ...(until === 'maximum' && { maximumIterations: trips }),
        ...(checkpointEvery !== undefined && { checkpointEvery }),
      },
    );
    return result;
  }

  #overRows(e: Of<'scan' | 'foldl' | 'foldr' | 'map'>, scope: Scope): Tensor {
    const rows = this.#rows(e, scope);
    const initializer = this.build(e.init, scope);
    const step = (x: Tensor, row: Tensor): Tensor => this.#body(e.body, scope, x, row);
    switch (e.kind) {
      case 'scan':
        return add(
          mul(initializer, 0.5),
          mul(reduceSum(scan(step, rows, { initializer, reverse: e.reverse }), 0), 0.4),
        );
      case 'foldl':
        return foldl(step, rows, { initializer });
      case 'foldr':
        return foldr(step, rows, { initializer });
      case 'map':
        return mul(
          reduceSum(
            mapFn((row: Tensor) => step(initializer, row), rows),
            0,
          ),
          0.4,
        );
    }
  }

  #rows({ rows, init }: Of<'scan' | 'foldl' | 'foldr' | 'map'>, scope: Scope): Tensor {
    if (rows === 'array' && scope.arrays.length > 0) return scope.arrays[scope.arrays.length - 1].array.stack();
    if (rows !== 'computed') return this.inputs.rows;
    const x = this.build(init, scope);
    return stack([x, tanh(x)]);
  }

  #withArray({ how, size, item }: Of<'array'>, scope: Scope): Scope {
    const array = this.#array(how, size, (...own) => this.#body(item, scope, ...own));
    return { values: scope.values, arrays: [...scope.arrays, { array, size }] };
  }

  #array(how: Of<'array'>['how'], size: number, item: (...own: readonly Tensor[]) => Tensor): TensorArray {
    const empty = new TensorArray('float64', size, { elementShape: [2], clearAfterRead: false });
    const all = (): Tensor => stack(Array.from({ length: size }, (_, i) => mul(item(), 1 - 0.3 * i)));
    switch (how) {
      case 'unstack':
        return empty.unstack(all());
      case 'scatter':
        return empty.scatter(
          Array.from({ length: size }, (_, i) => size - 1 - i),
          all(),
        );
      case 'split':
        return empty.split(reshape(all(), [2 * size]), Array<number>(size).fill(2));
      default: {
        const [, array] = whileLoop(
          (i: Tensor, _array: TensorArray, _x: Tensor) => i.less(how === 'partly' ? size - 1 : size),
          (i: Tensor, written: TensorArray, x: Tensor): [Tensor, TensorArray, Tensor] => {
            const next = item(x);
            return [i.add(1), written.write(i, next), next];
          },
          [int(0), empty, this.inputs.x],
        );
        return array;
      }
    }
  }

  #read({ how, pick, index }: Of<'read'>, { arrays, values }: Scope): Tensor {
    if (arrays.length === 0) return values[values.length - 1];
    const { array, size } = arrays[arrays.length - 1 - (pick % arrays.length)];
    const at = index % size;
    switch (how) {
      case 'read':
        return array.read(at);
      case 'twice':
        return mul(array.read(at), add(array.read(at), 0.5));
      case 'stack':
        return mul(reduceSum(array.stack(), 0), 0.4);
      case 'gather':
        return mul(reduceSum(array.gather([at, 0, at]), 0), 0.3);
      case 'concat': {
        const joined = array.concat();
        return mul(
          add(
            joined.slice([0], [2]),
            concat([joined.slice([2 * at], [1]), reshape(dimOf(joined, 0).cast('float64'), [1])], 0).sin(),
          ),
          0.4,
        );
      }
    }
  }
}
