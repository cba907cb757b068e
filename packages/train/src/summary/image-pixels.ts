/** What takes the place of pixels that are no numbers: red, and opaque. */
const BAD_COLOR = [255, 0, 0, 255];
/** Images of which nothing is farther from zero are all the same color. */
const NOTHING = Math.fround(1e-6);

/**
 * The bytes of an image of any numbers, `channels` a pixel. When none is negative, the largest becomes 255 and zero stays 0; else zero becomes
 * 128, and what is farthest from it 1 or 255. Pixels with NaN or an infinity are red. TensorFlow: `tf.summary.image`.
 */
export function toPixels(values: Float32Array | Float64Array, channels: number): Uint8Array {
  // TensorFlow computes in the type that the image has, and the scale always in float32.
  const round = values instanceof Float32Array ? Math.fround : (x: number) => x;
  const bad = new Set<number>();
  let [min, max] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at += channels) {
    const pixel = values.subarray(at, at + channels);
    if (!pixel.every(Number.isFinite)) {
      bad.add(at);
      continue;
    }
    for (const value of pixel) {
      min = Math.min(min, Math.fround(value));
      max = Math.max(max, Math.fround(value));
    }
  }

  const signed = min < 0;
  const largest = signed ? Math.max(Math.abs(min), Math.abs(max)) : max;
  const scale = largest < NOTHING ? 0 : Math.fround((signed ? 127 : 255) / largest);
  const offset = signed ? 128 : 0;
  const pixels = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      pixels[at + c] = bad.has(at) ? BAD_COLOR[c] : round(round(values[at + c] * scale) + offset);
    }
  }
  return pixels;
}
