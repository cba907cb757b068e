import { type DType, type ElementwiseOp, elementwise, tensorSpec } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { definitions } from '../../src/emit/definitions.js';
import { input } from '../../src/emit/expression.js';

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];
const family: Readonly<Record<string, ElementwiseOp>> = elementwise;

/** The dtype that inference gives; none when the op does not take the operands. */
function inferred(op: ElementwiseOp, dtype: DType): DType | undefined {
  const operands = Array.from({ length: op.scalar.length }, () => ({ spec: tensorSpec(dtype, []), value: undefined }));
  try {
    return op.infer(operands, {})[0].dtype;
  } catch {
    return undefined;
  }
}

describe.each(Object.entries(definitions))('%s', (key, define) => {
  it.each(dtypes.filter((dtype) => inferred(family[key], dtype) !== undefined))(
    'gives what inference says of %s',
    (dtype) => {
      const operands = Array.from({ length: family[key].scalar.length }, (_, i) => input(i, dtype));
      expect(define(...operands).dtype).toBe(inferred(family[key], dtype));
    },
  );
});
