import { reference } from '@tensorloom/backend-reference';
import {
  type DType,
  type TensorLike,
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  toTensor,
  variable,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { complement, hyperparameter } from '../src/hyperparameter.js';

beforeEach(() => resetDefaultGraph());

const valueOf = (x: TensorLike, dtype: DType): number => {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const value = session.runSync(toTensor(x, dtype)).item();
  session.close();
  return value;
};

test('a number stays one, a tensor or a variable is cast', () => {
  expect(hyperparameter(0.1, 'float64', 'rate')).toBe(0.1);
  expect(valueOf(hyperparameter(constant(3, { dtype: 'int32' }), 'float32', 'rate'), 'float32')).toBe(3);
  const cast = hyperparameter(variable(0.1), 'float64', 'rate');
  expect(toTensor(cast).dtype).toBe('float64');
  expect(valueOf(cast, 'float64')).toBe(Math.fround(0.1));
});

test('the complement is that of the dtype', () => {
  expect(complement(0.999, 'float64')).toBe(1 - 0.999);
  expect(complement(0.999, 'float32')).toBe(1 - Math.fround(0.999));
  expect(complement(0.999, 'float32')).not.toBe(Math.fround(0.001));
  expect(valueOf(complement(constant(0.999), 'float32'), 'float32')).toBe(1 - Math.fround(0.999));
});

test('what is not a scalar is an error; an unknown rank is left to the run', () => {
  expect(() => hyperparameter([0.1, 0.2], 'float32', 'learningRate')).toThrow(
    'learningRate: expected a scalar, got float32[2]. Pass a number or a tensor of shape [].',
  );
  expect(toTensor(hyperparameter(placeholder('float32'), 'float32', 'learningRate')).shape).toBeUndefined();
});
