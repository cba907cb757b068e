import { type DType, type Family, type Op, elementwise, matrix, mixed } from '@tensorloom/graph';

/** The text of an op on one element: an expression of its operands, which are names. Bools are 0 and 1. */
export type Expression = (x: string, y: string, z: string) => string;

const of = <F extends Family>(family: F, texts: { readonly [K in keyof F]?: Expression }): [Op, Expression][] => {
  const untyped: Readonly<Record<string, Expression | undefined>> = texts;
  return Object.entries(untyped).flatMap(([key, text]) => (text === undefined ? [] : [[family[key], text]]));
};

const holds = (condition: string): string => `(${condition}) ? 1 : 0`;
const fails = (condition: string): string => `(${condition}) ? 0 : 1`;
const isNumber = (x: string): string => `(${x} < 0 || ${x} >= 0)`;
const LARGEST = '3.4028234663852886e38';

/** The expressions of all ops that work element by element but `Cast`, which depends on dtypes. */
const expressions: ReadonlyMap<Op, Expression> = new Map([
  ...of(elementwise, {
    add: (x, y) => `${x} + ${y}`,
    sub: (x, y) => `${x} - ${y}`,
    mul: (x, y) => `${x} * ${y}`,
    div: (x, y) => `${x} / ${y}`,
    // Math.max and Math.min of GPUs drop NaN.
    maximum: (x, y) => `${x} > ${y} ? ${x} : (${isNumber(x)} ? ${y} : ${x})`,
    minimum: (x, y) => `${x} < ${y} ? ${x} : (${isNumber(x)} ? ${y} : ${x})`,
    floorDiv: (x, y) => `Math.floor(${x} / ${y})`,
    floorMod: (x, y) => `remainder(${x}, ${y})`,
    squaredDifference: (x, y) => `(${x} - ${y}) * (${x} - ${y})`,
    pow: (x, y) => `power(${x}, ${y})`,
    neg: (x) => `-${x}`,
    abs: (x) => `Math.abs(${x})`,
    sign: (x) => `${x} > 0 ? 1 : (${x} < 0 ? -1 : ${x})`,
    square: (x) => `${x} * ${x}`,
    sqrt: (x) => `Math.sqrt(${x})`,
    rsqrt: (x) => `1 / Math.sqrt(${x})`,
    reciprocal: (x) => `1 / ${x}`,
    exp: (x) => `exponential(${x})`,
    expm1: (x) => `exponentialLess1(${x})`,
    log: (x) => `logarithm(${x})`,
    log1p: (x) => `logarithmOf1And(${x})`,
    sin: (x) => `sine(${x})`,
    cos: (x) => `cosine(${x})`,
    tan: (x) => `sine(${x}) / cosine(${x})`,
    asin: (x) => `Math.asin(${x})`,
    acos: (x) => `Math.acos(${x})`,
    atan: (x) => `Math.atan(${x})`,
    sinh: (x) => `(exponential(${x}) - exponential(-${x})) / 2`,
    cosh: (x) => `(exponential(${x}) + exponential(-${x})) / 2`,
    tanh: (x) => `hyperbolicTangent(${x})`,
    erf: (x) => `errorFunction(${x})`,
    floor: (x) => `Math.floor(${x})`,
    ceil: (x) => `Math.ceil(${x})`,
    round: (x) => `roundHalfToEven(${x})`,
    sigmoid: (x) => `1 / (1 + exponential(-${x}))`,
    relu: (x) => `${x} <= 0 ? 0 : ${x}`,
    softplus: (x) => `(${x} <= 0 ? 0 : ${x}) + logarithmOf1And(exponential(-Math.abs(${x})))`,
    isNan: (x) => fails(isNumber(x)),
    isInf: (x) => holds(`Math.abs(${x}) > ${LARGEST}`),
    isFinite: (x) => holds(`Math.abs(${x}) <= ${LARGEST}`),
    less: (x, y) => holds(`${x} < ${y}`),
    lessEqual: (x, y) => holds(`${x} <= ${y}`),
    greater: (x, y) => holds(`${x} > ${y}`),
    greaterEqual: (x, y) => holds(`${x} >= ${y}`),
    equal: (x, y) => holds(`${x} === ${y}`),
    notEqual: (x, y) => fails(`${x} === ${y}`),
    logicalAnd: (x, y) => `${x} * ${y}`,
    logicalOr: (x, y) => `${x} + ${y} - ${x} * ${y}`,
    logicalXor: (x, y) => `Math.abs(${x} - ${y})`,
    logicalNot: (x) => `1 - ${x}`,
  }),
  ...of(mixed, { select: (condition, x, y) => `${condition} > 0.5 ? ${x} : ${y}` }),
  // The bias runs along the last axis, which is how it broadcasts.
  ...of(matrix, { biasAdd: (x, y) => `${x} + ${y}` }),
]);

/** What a cast does to an element of dtype `from`. */
function cast(from: DType, to: DType): Expression {
  if (to === 'bool' && from !== 'bool') return (x) => fails(`${x} === 0`);
  if (to === 'int32' && from === 'float32') return (x) => `${x} < 0 ? Math.ceil(${x}) : Math.floor(${x})`;
  return (x) => `${x} + 0`;
}

/** The expression of an op that works element by element, from the dtype of its first operand to that of its result; none of others. */
export const expressionOf = (op: Op, from: DType, to: DType): Expression | undefined =>
  op === mixed.cast ? cast(from, to) : expressions.get(op);

/** The ops that work element by element, other than `Cast`. */
export const elementByElement: readonly Op[] = [...expressions.keys()];
