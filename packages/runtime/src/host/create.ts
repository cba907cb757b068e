import { create } from '@tensorloom/graph';
import { offsetsOf, stridesOf } from './broadcast.js';
import { hostLoopsOf } from './host-kernel.js';

/** Host loops of the ops that make tensors. */
export const createLoops = hostLoopsOf(create, {
  fill: ([, value], [y]) => void y.data.fill(value.data[0]),
  range([start, , delta], [y]) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = start.data[0] + i * delta.data[0];
  },
  oneHot([indices, depth, on, off], [y], { axis }) {
    const strides = stridesOf(y.shape);
    const rows = offsetsOf(
      indices.shape,
      strides.filter((_, i) => i !== axis),
    );
    y.data.fill(off.data[0]);
    indices.data.forEach((index, i) => {
      if (index >= 0 && index < depth.data[0]) y.data[rows[i] + index * strides[axis]] = on.data[0];
    });
  },
});
