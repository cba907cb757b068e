import * as tf from '@tensorflow/tfjs-core';
import { createCpu, loops } from '@tensorloom/backend-cpu';
import { onTensors, tfjs } from '@tensorloom/backend-tfjs';
import { checkGradients, conformance, ndarrays, shapes } from '@tensorloom/testkit';
import { expect, test } from 'vitest';
import * as tl from 'tensorloom';

type Attrs = { readonly beta: number };

const fill: tl.HostLoops<Attrs> = ([x], [y], { beta }) => {
  for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i] / (1 + Math.exp(-beta * x.data[i]));
};

/** x sigmoid(beta x), of any shape. Ramachandran et al., "Searching for Activation Functions" (2017). */
export const swish = tl.defineOp({
  name: 'Swish',
  attrs: { beta: 1 },
  infer: ([x]) => [x.spec],
  gradient: ({ inputs: [x], outputs: [y], attrs: { beta } }, dy) => {
    const s = tl.sigmoid(tl.mul(x, beta));
    return [tl.mul(dy, s.add(tl.mul(y, beta).mul(tl.sub(1, s))))];
  },
  kernels: {
    host: fill,
    cpu: loops(fill),
    tfjs: onTensors<Attrs>(([x], { attrs: { beta } }) => tf.mul(x, tf.sigmoid(tf.mul(x, beta)))),
  },
});

const samplers = new Map([
  [
    swish.op,
    {
      dtypes: ['float32', 'float64'] as const,
      draw: (dtype: tl.DType, specials: boolean) =>
        shapes()
          .chain((shape) => ndarrays(dtype, shape, { specials }))
          .map((x) => ({ inputs: [x], attrs: { beta: 1.5 } })),
    },
  ],
]);

test.each([createCpu, () => tfjs('cpu'), () => tfjs('wasm')])('swish agrees with its plain loops', async (start) => {
  const report = await conformance(await start(), { samplers, complete: true });
  expect(report.some((r) => r.op === 'Swish' && r.samples >= 20)).toBe(true);
});

test('swish has the gradient that differences have, and that has one too', () => {
  checkGradients({ build: ([x]) => swish(x, { beta: 2 }), inputs: [[-3, -0.5, 0.1, 2]], order: 2 });
});
