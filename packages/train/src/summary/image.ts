import { NDArray, type Tensor, type TensorLike, compatible, refuse, showShape } from '@tensorloom/graph';
import { encode } from 'fast-png';
import { toPixels } from './image-pixels.js';
import { type Summary, type SummaryOptions, makeSummary, summarized } from './summary.js';
import type { EncodedImage } from './summary-message.js';

/** Options of a summary of images. */
export interface ImageOptions extends SummaryOptions {
  /** How many images of a batch are kept, the first ones; default 3. */
  readonly maxOutputs?: number;
}

const EXPECTED = 'expected [batch, height, width, channels] with 1, 3 or 4 channels';

/**
 * A summary of images [batch, height, width, channels]: grey ones of one channel, RGB of three, RGBA of four. Floating images are scaled, each
 * by itself: with no negative number, the largest becomes 255; else zero becomes 128, and what is farthest from it 1 or 255; pixels with NaN or
 * infinities are red. int32 ones are taken as they are, from 0 to 255, as there is no uint8. Tags are `name/image/0` and so on, `name/image` when
 * `maxOutputs` is 1. Throws a `GraphError` at another shape. TensorFlow: `tf.summary.image`.
 */
export function image(name: string, x: TensorLike, { maxOutputs = 3, ...options }: ImageOptions = {}): Summary {
  const tensor = summarized('image', x);
  checkShape(tensor);
  if (!Number.isInteger(maxOutputs) || maxOutputs < 1)
    refuse('summary.image', `maxOutputs is ${maxOutputs}, expected an integer from 1.`, [tensor]);
  return makeSummary(name, {
    ...options,
    call: 'image',
    graph: tensor.graph,
    tensors: [tensor],
    values: (tag, [batch]) =>
      imagesOf(batch, maxOutputs).map((encoded, i) => ({
        tag: maxOutputs > 1 ? `${tag}/image/${i}` : `${tag}/image`,
        image: encoded,
      })),
  });
}

function checkShape(tensor: Tensor): void {
  const { shape } = tensor;
  const fits = [1, 3, 4].some((channels) => compatible(shape, [null, null, null, channels]));
  if (!fits) refuse('summary.image', `'${tensor.name}' has shape ${showShape(shape)}, ${EXPECTED}.`, [tensor]);
}

/** The first images of a batch, as files. */
function imagesOf({ shape, data }: NDArray, maxOutputs: number): EncodedImage[] {
  const [batch, height, width, channels] = shape;
  if (shape.length !== 4 || ![1, 3, 4].includes(channels))
    throw new RangeError(`the value has shape ${showShape(shape)}, ${EXPECTED}.`);
  if (height * width === 0)
    throw new RangeError(`the value has shape ${showShape(shape)}, expected images of a pixel at least.`);
  const size = height * width * channels;
  return Array.from({ length: Math.min(batch, maxOutputs) }, (_, i) => {
    const pixels = bytesOf(data.subarray(i * size, (i + 1) * size), channels);
    return { height, width, channels, png: encode({ width, height, channels, data: pixels }) };
  });
}

function bytesOf(values: NDArray['data'], channels: number): Uint8Array {
  if (values instanceof Float32Array || values instanceof Float64Array) return toPixels(values, channels);
  const beyond = values.find((value) => value < 0 || value > 255);
  if (beyond !== undefined)
    throw new RangeError(`there is a pixel of ${beyond}, expected int32 from 0 to 255. Use cast() to have it scaled.`);
  return Uint8Array.from(values);
}
