import { shape as ops, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';

import type { Launch } from '../launch.js';
import { rulesOf } from '../kernel.js';
import { around } from '../view.js';

/** Rows of several inputs side by side; `inner` elements of each input lie next to each other in a row. */
function join(inputs: readonly HostTensor[], inner: (x: HostTensor) => number): Launch {
  const whole = inputs.map((x, i) => ({ i, width: inner(x) })).filter(({ i }) => sizeOf(inputs[i].shape) > 0);
  const total = whole.reduce((sum, { width }) => sum + width, 0);
  const choose = whole
    .map(
      ({ i }, k) =>
        `if (column >= from${k} && column < from${k} + width${k}) { value = x${i}[row * width${k} + column - from${k}]; }`,
    )
    .join(' ');
  let from = 0;
  const widths = whole.flatMap(({ width }, k): [string, number][] => {
    const begin = from;
    from += width;
    return [
      [`from${k}`, begin],
      [`width${k}`, width],
    ];
  });
  return {
    body: `
      const row = quotient(this.thread.x, total);
      const column = this.thread.x - row * total;
      let value = 0;
      ${choose}
      return value;`,
    arrays: Object.fromEntries(whole.map(({ i }) => [`x${i}`, i])),
    integers: { total, ...Object.fromEntries(widths) },
  };
}

/** Rules of the ops that put tensors together, as many as a kernel can read. */
export const joinRules = rulesOf(ops, {
  concat: {
    plan: (inputs, _, { axis }) => [
      join(inputs, ({ shape }) => {
        const [, along, after] = around(shape, axis);
        return along * after;
      }),
    ],
  },
  pack: { plan: (inputs, _, { axis }) => [join(inputs, ({ shape }) => sizeOf(shape.slice(axis)))] },
});
