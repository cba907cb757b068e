import { shape as ops, strided, stridedAxis } from '@tensorloom/graph';
import type { Launch } from '../launch.js';
import { rulesOf } from '../kernel.js';
import { coordinatesOf, rowMajor } from '../view.js';

/** Where the elements of one axis go: `length` of them, from `start` on, `stride` apart. */
interface Placement {
  readonly start: number;
  readonly stride: number;
  readonly length: number;
}

/** Puts the elements of `x0` into zeros of shape `y`. */
function spread(y: readonly number[], placements: readonly Placement[]): Launch {
  if (y.length === 0) return { body: 'return x0[0];', arrays: { x0: 0 }, integers: {} };
  const { body, integers } = coordinatesOf(y);
  const strides = rowMajor(placements.map((p) => p.length));
  const steps = y
    .map(
      (_, i) => `
        const d${i} = (i${i} - start${i}) * sign${i};
        const p${i} = quotient(d${i}, step${i});
        if (d${i} < 0 || p${i} * step${i} !== d${i} || p${i} >= length${i}) { inside = 0; }
        at = at + p${i} * stride${i};`,
    )
    .join('');
  return {
    body: `${body} let inside = 1; let at = 0; ${steps}
        let value = 0;
        if (inside === 1) { value = x0[at]; }
        return value;`,
    arrays: { x0: 0 },
    integers: {
      ...integers,
      ...Object.fromEntries(
        placements.flatMap(({ start, stride, length }, i) => [
          [`start${i}`, start],
          [`sign${i}`, Math.sign(stride)],
          [`step${i}`, Math.abs(stride)],
          [`length${i}`, length],
          [`stride${i}`, strides[i]],
        ]),
      ),
    },
  };
}

/** Rules of the ops that put the elements of one input among zeros. */
export const spreadRules = [
  ...rulesOf(ops, {
    pad: {
      plan: ([x, paddings], [{ shape }]) => [
        spread(
          shape,
          x.shape.map((length, i) => ({ start: paddings.data[2 * i], stride: 1, length })),
        ),
      ],
    },
  }),
  ...rulesOf(strided, {
    stridedSliceGrad: {
      plan([dims, begin, end, step], [{ shape }], attrs) {
        const placements = Array.from(dims.data, (d, axis) =>
          stridedAxis(d, axis, [begin.data[axis], end.data[axis], step.data[axis]], attrs),
        );
        return [{ ...spread(shape, placements), arrays: { x0: 4 } }];
      },
    },
  }),
];
