import { elementwise, matrix, mixed } from '@tensorloom/graph';
import { broadcastAccess } from '../access.js';
import { type Plan, plansOf } from '../kernel.js';

/** A plan of an op on one element at a time: its operands broadcast to the result, and the expression that they enter by name. */
function elementByElement(names: readonly string[], expression: string): Plan {
  return (inputs, y) => {
    const reads = names.map((name, i) => ({ name, ...broadcastAccess(`${name}s`, inputs[i], y) }));
    return {
      body: `${reads.map((r) => `const ${r.name} = ${r.expression};`).join(' ')} return ${expression};`,
      arrays: Object.fromEntries(reads.map((r) => [`${r.name}s`, r.array])),
      integers: Object.fromEntries(reads.flatMap((r) => Object.entries(r.integers))),
    };
  };
}

const unary = (expression: string): Plan => elementByElement(['x'], expression);
const binary = (expression: string): Plan => elementByElement(['x', 'y'], expression);

/** Plans of the elementwise family; those with a bool result stay on the host. */
export const elementwisePlans = plansOf(elementwise, {
  add: binary('x + y'),
  sub: binary('x - y'),
  mul: binary('x * y'),
  div: binary('x / y'),
  // Math.max and Math.min of GPUs drop NaN.
  maximum: binary('x > y || x !== x ? x : y'),
  minimum: binary('x < y || x !== x ? x : y'),
  pow: binary('x === 1 ? 1 : Math.pow(x, y)'),
  neg: unary('-x'),
  abs: unary('Math.abs(x)'),
  sign: unary('Math.sign(x)'),
  square: unary('x * x'),
  sqrt: unary('Math.sqrt(x)'),
  rsqrt: unary('1 / Math.sqrt(x)'),
  reciprocal: unary('1 / x'),
  squaredDifference: binary('(x - y) * (x - y)'),
  floor: unary('Math.floor(x)'),
  ceil: unary('Math.ceil(x)'),
  exp: unary('Math.exp(x)'),
  log: unary('Math.log(x)'),
  sin: unary('Math.sin(x)'),
  cos: unary('Math.cos(x)'),
  // GPUs may compute it from exponentials, which overflow: NaN from about 89. It is 1 in float32 from about 9.
  tanh: unary('x > 20 ? 1 : (x < -20 ? -1 : Math.tanh(x))'),
  sigmoid: unary('1 / (1 + Math.exp(-x))'),
  relu: unary('x > 0 || x !== x ? x : 0'),
});

/** Plans of the ops whose operands are not of one dtype. */
export const mixedPlans = plansOf(mixed, {
  select: elementByElement(['condition', 'x', 'y'], 'condition > 0.5 ? x : y'),
});

/** The bias runs along the last axis, which is how it broadcasts. */
export const biasAddPlan = plansOf(matrix, { biasAdd: binary('x + y') });
