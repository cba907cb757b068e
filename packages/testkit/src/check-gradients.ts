import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type DType,
  Graph,
  type HostValue,
  NDArray,
  type Shape,
  type Tensor,
  Variable,
  add,
  constant,
  globalVariables,
  isFloating,
  materialize,
  mul,
  placeholder,
  readLiteral,
  reduceSum,
  sameShape,
  setRandomSeed,
  showShape,
  sizeOf,
  trainableVariables,
  withGraph,
} from '@tensorloom/graph';
import { type Backend, Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { expectNoLeaks } from './leaks.js';

/** What to differentiate, where, and how closely it is looked at. */
export interface GradientCheck {
  /** Builds what is checked: one tensor or several, from a float64 placeholder per input. Integer and bool inputs stay what they are. */
  readonly build: (inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** The point at which to check, at least 1e-3 away from kinks and ties. */
  readonly inputs: readonly HostValue[];
  /** Static shapes of the placeholders; default: those of `inputs`. */
  readonly shapes?: readonly Shape[];
  /** 2 checks the gradients of the gradients too; default 1. */
  readonly order?: 1 | 2;
  /** What cotangents, directions and initial values are drawn from; default 1. */
  readonly seed?: number;
  /** Where to compute, in float64; default: a reference backend. */
  readonly backend?: Backend;
  /** Step of the central difference; default 1e-6. */
  readonly eps?: number;
  /** Tolerances; default 1e-5 and 1e-3. */
  readonly atol?: number;
  readonly rtol?: number;
  /** What is checked: gradients by rules of your own; default: autodiff's. */
  readonly gradients?: typeof gradients;
}

/**
 * Compares symbolic gradients with central differences in float64, along one random direction for each input and each trainable
 * variable that `build` makes. What is differentiated is the sum of the outputs, weighted at random; order 2 differentiates the
 * derivative of that along a random direction. Throws an `Error` naming input and order when they differ by more than
 * `atol + rtol * |expected|`, and when tensors are left on the backend.
 */
export function checkGradients(options: GradientCheck): void {
  const { backend = reference(), seed = 1 } = options;
  const graph = new Graph();
  withGraph(graph, () => {
    setRandomSeed(seed);
    expectNoLeaks(backend, () => {
      const session = new Session({ graph, backend });
      try {
        new Check(session, options).run();
      } finally {
        session.close();
      }
    });
  });
}

type Source = Tensor | Variable;
type Point = ReadonlyMap<Source, NDArray>;

class Check {
  readonly #fixed = new Map<Source, NDArray>();
  readonly #draws: Draws;
  readonly #limit: Required<Pick<GradientCheck, 'eps' | 'atol' | 'rtol'>>;

  constructor(
    readonly session: Session,
    readonly options: GradientCheck,
  ) {
    const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, seed = 1 } = options;
    this.#limit = { eps, atol, rtol };
    this.#draws = new Draws(seed);
  }

  run(): void {
    const {
      session,
      options,
      options: { inputs, shapes, order = 1 },
    } = this;
    const point = new Map<Source, NDArray>();
    const placeholders = inputs.map((x, i) => {
      const literal = readLiteral(x, 'checkGradients');
      const value = materialize(literal, isFloating(literal.dtype) ? 'float64' : literal.dtype);
      const p = placeholder(value.dtype, shapes === undefined ? value.shape : shapes[i], { name: `input${i}` });
      (isFloating(value.dtype) ? point : this.#fixed).set(p, value);
      return p;
    });
    const ys = [options.build(placeholders)].flat();
    ys.forEach((y) => expectDouble(y.name, y.dtype));
    session.runSync(globalVariables().map((v) => v.initializer));
    for (const v of trainableVariables()) {
      expectDouble(v.name, v.dtype);
      point.set(v, session.runSync(v));
    }
    if (point.size === 0 || ys.length === 0) {
      throw new TypeError(
        'checkGradients: nothing to check. Give a float input or make a variable, and return an output.',
      );
    }
    const first = this.#check(this.#weightedSum(ys, point), point, 1);
    const terms = [...point.values()].flatMap(({ shape }, i) => {
      const gradient = first[i];
      return gradient === null ? [] : [reduceSum(mul(gradient, constant(this.#draws.array(shape))))];
    });
    if (order === 2 && terms.length > 0) this.#check(sum(terms), point, 2);
  }

  /** Scalar that depends on every element of `ys`, each with a weight of its own. */
  #weightedSum(ys: readonly Tensor[], point: Point): Tensor {
    const values = this.session.runSync(ys, this.#feeds(point));
    const terms = ys.map((y, i) => {
      const weights = placeholder('float64', y.shape, { name: `cotangent${i}` });
      this.#fixed.set(weights, this.#draws.array(values[i].shape));
      return reduceSum(mul(y, weights));
    });
    return sum(terms);
  }

  /** Compares the gradients of the scalar `f` with differences, and returns them. */
  #check(f: Tensor, point: Point, order: number): (Tensor | null)[] {
    const { eps, atol, rtol } = this.#limit;
    const at = (p: Point): number => this.session.runSync(f, this.#feeds(p)).item();
    const differentiate = this.options.gradients ?? gradients;
    const found = differentiate(f, [...point.keys()]);
    [...point].forEach(([x, value], i) => {
      const direction = this.#draws.array(value.shape);
      const step = (by: number): Point => new Map(point).set(x, move(value, direction, by));
      const expected = (at(step(eps)) - at(step(-eps))) / (2 * eps);
      const got = this.#along(found[i], x, direction, point);
      if (Math.abs(got - expected) <= atol + rtol * Math.abs(expected)) return;
      throw new Error(
        `checkGradients: order ${order}, input ${i} (${x.name}): expected ${expected} along a random direction (central difference, eps ${eps}), got ${got}. ` +
          `Check the rules of the ops between, and that inputs are away from kinks and ties. Seed ${this.options.seed ?? 1}.`,
      );
    });
    return found;
  }

  #along(gradient: Tensor | null, x: Source, direction: NDArray, point: Point): number {
    if (gradient === null) return 0;
    const g = this.session.runSync(gradient, this.#feeds(point));
    if (g.dtype !== 'float64' || !sameShape(g.shape, direction.shape)) {
      throw new Error(
        `checkGradients: expected the gradient of ${x.name} as float64${showShape(direction.shape)}, got ${g.dtype}${showShape(g.shape)}.`,
      );
    }
    return Array.from(direction.data, (d, k) => d * g.data[k]).reduce((a, b) => a + b, 0);
  }

  #feeds(point: Point): [Source, NDArray][] {
    return [...this.#fixed, ...point];
  }
}

/** Arrays of random numbers between 0.5 and 1.5 in size, of either sign, so that none is lost beside the others. */
class Draws {
  #seed: number;
  constructor(seed: number) {
    this.#seed = seed;
  }
  array(shape: readonly number[]): NDArray {
    const numbers = fc.noBias(fc.integer({ min: -1024, max: 1023 }));
    const drawn = fc.sample(numbers, { numRuns: sizeOf(shape), seed: this.#seed++ });
    return new NDArray(
      'float64',
      shape,
      Float64Array.from(drawn, (k) => (k < 0 ? k - 512 : k + 513) / 1024),
    );
  }
}

const move = (x: NDArray, direction: NDArray, by: number): NDArray =>
  new NDArray(
    'float64',
    x.shape,
    Float64Array.from(x.data, (v, k) => v + by * direction.data[k]),
  );

const sum = (terms: readonly Tensor[]): Tensor => terms.reduce((a, b) => add(a, b));

function expectDouble(name: string, dtype: DType): void {
  if (dtype !== 'float64')
    throw new TypeError(`checkGradients: expected ${name} as float64, got ${dtype}. Let it follow the inputs' dtype.`);
}
