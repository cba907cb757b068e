import { apply1, strided, stridedSliceGrad } from '@tensorloom/graph';
import { rulesOf } from '../rule.js';

/** Gradients of the slices with steps: each is the transpose of the other. */
export const stridedRules = rulesOf(strided, {
  stridedSlice: ({ inputs: [x, ...bounds], attrs }, dy) => [
    stridedSliceGrad(x, bounds, dy, attrs),
    ...bounds.map(() => null),
  ],
  stridedSliceGrad: ({ inputs: [, ...rest], attrs }, dy) => [
    null,
    ...rest.slice(0, -1).map(() => null),
    apply1(strided.stridedSlice, [dy, ...rest.slice(0, -1)], attrs),
  ],
});
