import type { Tensor } from '@tensorloom/graph';

/** What decoders and attention apply to tensors [batch, depth]: a layer such as `layers.Dense`, or a function. */
export type Layer = { apply(inputs: Tensor): Tensor } | ((inputs: Tensor) => Tensor);

/** What a layer makes of `inputs`; without a layer they stay as they are. */
export const applyLayer = (layer: Layer | null | undefined, inputs: Tensor): Tensor =>
  layer === null || layer === undefined ? inputs : typeof layer === 'function' ? layer(inputs) : layer.apply(inputs);

/** Tells layers from options. */
export const isLayer = (x: object): x is Layer => typeof x === 'function' || 'apply' in x;
