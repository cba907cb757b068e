/** The side of an image of MNIST, and that of the box its digit is scaled to, in pixels. */
const side = 28;
const box = 20;

/** Ink from 0 to 1, row by row. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/**
 * A drawing as MNIST has its digits: scaled into a box of 20 by 20 pixels with its proportions kept, each pixel the mean of the ink it
 * covers, and the centre of mass in the middle of 28 by 28 pixels, or as near to it as the box stays inside. `undefined` when there
 * is no ink. Y. LeCun, "The MNIST database of handwritten digits".
 */
export function centreDigit(ink: Ink): Float32Array | undefined {
  const extent = extentOf(ink);
  if (extent === undefined) return undefined;
  const { left, top, right, bottom } = extent;
  const pixel = Math.max(right - left, bottom - top) / box;
  const startX = start(extent.centreX, left, right, pixel);
  const startY = start(extent.centreY, top, bottom, pixel);
  return Float32Array.from({ length: side * side }, (_, i) =>
    meanInk(ink, startX + (i % side) * pixel, startY + Math.floor(i / side) * pixel, pixel),
  );
}

/** Where the image begins on the drawing, along an axis: half of it before the centre of mass, and all from `least` to `most` inside. */
function start(centre: number, least: number, most: number, pixel: number): number {
  const wanted = centre - (side / 2) * pixel;
  return Math.min(Math.max(wanted, most - side * pixel), least);
}

/** The box around the ink, and its centre of mass. */
function extentOf({ width, height, data }: Ink) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const amount = data[y * width + x];
      if (amount <= 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      mass += amount;
      sumX += amount * (x + 0.5);
      sumY += amount * (y + 0.5);
    }
  }
  return mass === 0 ? undefined : { left, top, right, bottom, centreX: sumX / mass, centreY: sumY / mass };
}

/** The mean of the ink in a square, which may reach beyond the drawing. */
function meanInk({ width, height, data }: Ink, left: number, top: number, size: number): number {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + size); y++) {
    const rows = Math.min(y + 1, top + size) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + size); x++) {
      const columns = Math.min(x + 1, left + size) - Math.max(x, left);
      sum += data[y * width + x] * rows * columns;
    }
  }
  return sum / (size * size);
}
