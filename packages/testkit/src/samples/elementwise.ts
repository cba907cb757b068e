import { type ElementwiseOp, type DType, elementwise, mixed, tensorSpec } from '@tensorloom/graph';
import fc from 'fast-check';
import { type ElementOptions, broadcastableShapes, ndarrays } from '../arbitraries.js';
import { type Sampler, allDTypes, sampleShapes, samplersOf } from './sampler.js';

const takes = (op: ElementwiseOp, dtype: DType): boolean => {
  try {
    op.infer(
      Array.from({ length: op.scalar.length }, () => ({ spec: tensorSpec(dtype, []), value: undefined })),
      {},
    );
    return true;
  } catch {
    return false;
  }
};

/** int32 operands of which an op has no result are left out: elements of its last operand. */
const lastOperand: ReadonlyMap<ElementwiseOp, ElementOptions> = new Map<ElementwiseOp, ElementOptions>([
  [elementwise.floorDiv, { awayFrom: [0], min: -9, max: 9 }],
  [elementwise.floorMod, { awayFrom: [0], min: -9, max: 9 }],
  [elementwise.pow, { min: 0, max: 9 }],
]);

/** Operands that broadcast, as many as the scalar meaning takes, of every dtype that inference takes. */
const sampler = (op: ElementwiseOp): Sampler => ({
  dtypes: allDTypes.filter((dtype) => takes(op, dtype)),
  draw: (dtype, specials) =>
    broadcastableShapes(op.scalar.length, sampleShapes())
      .chain((operands) =>
        fc.tuple(
          ...operands.map((shape, i) => {
            const own = dtype === 'int32' && i === operands.length - 1 ? lastOperand.get(op) : undefined;
            return ndarrays(dtype, shape, own ?? { specials });
          }),
        ),
      )
      .map((inputs) => ({ inputs, attrs: {} })),
});

const mixedSamplers = samplersOf(mixed, {
  select: {
    dtypes: allDTypes,
    draw: (dtype, specials) =>
      broadcastableShapes(3, sampleShapes())
        .chain(([c, x, y]) =>
          fc.tuple(ndarrays('bool', c), ndarrays(dtype, x, { specials }), ndarrays(dtype, y, { specials })),
        )
        .map((inputs) => ({ inputs, attrs: {} })),
  },
  cast: {
    dtypes: allDTypes,
    // What an int32 cannot hold becomes whatever the device makes of it.
    draw: (dtype, specials) =>
      fc.constantFrom(...allDTypes).chain((to) =>
        sampleShapes()
          .chain((shape) => ndarrays(dtype, shape, { specials: specials && (to !== 'int32' || dtype === 'int32') }))
          .map((x) => ({ inputs: [x], attrs: { to } })),
      ),
  },
});

/** Samplers of the elementwise and mixed families. */
export const elementwiseSamplers = [
  ...Object.values(elementwise).map((op): [ElementwiseOp, Sampler] => [op, sampler(op)]),
  ...mixedSamplers,
];
