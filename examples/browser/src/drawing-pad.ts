import type { Ink } from './centre-digit.js';
import { styleOf } from './element.js';

const penWidth = 22;
const keyStep = 8;
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A canvas to draw on with a mouse, a pen, a finger, or the arrow keys (which draw while Shift is held). */
export class DrawingPad {
  /** Hears of every stroke. */
  onDraw: () => void = () => undefined;
  readonly #canvas: HTMLCanvasElement;
  readonly #paint: CanvasRenderingContext2D;
  /** What is drawn: the visible canvas has the keyboard's pen besides. */
  readonly #ink: CanvasRenderingContext2D;
  /** Where the pen is, in the canvas's pixels. */
  #pen: readonly [number, number];
  #penShown = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#paint = contextOf(canvas);
    const { width, height } = canvas;
    this.#ink = contextOf(Object.assign(document.createElement('canvas'), { width, height }));
    this.#ink.lineCap = this.#ink.lineJoin = 'round';
    this.#ink.lineWidth = penWidth;
    this.#pen = [width / 2, height / 2];

    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#penShown = false;
      this.#pen = this.#placeOf(event);
      this.#lineTo(this.#pen);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      for (const moved of event.getCoalescedEvents()) this.#lineTo(this.#placeOf(moved));
      this.#lineTo(this.#placeOf(event));
    });
    canvas.addEventListener('keydown', (event) => {
      const direction = arrows[event.key];
      if (direction === undefined) return;
      event.preventDefault();
      this.#penShown = true;
      const to = this.#pen.map((at, axis) => Math.min(Math.max(at + keyStep * direction[axis], 0), width));
      if (event.shiftKey) this.#lineTo([to[0], to[1]]);
      else this.#pen = [to[0], to[1]];
      this.redraw();
    });
    canvas.addEventListener('blur', () => {
      this.#penShown = false;
      this.redraw();
    });
  }

  /** Takes all ink away. */
  clear(): void {
    this.#ink.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.redraw();
  }

  /** The ink on it. */
  ink(): Ink {
    const { width, height } = this.#canvas;
    const { data } = this.#ink.getImageData(0, 0, width, height);
    return { width, height, data: Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3] / 255) };
  }

  /** Shows an image of 28 by 28 pixels, as if it had been drawn. */
  show(image: HTMLCanvasElement): void {
    this.clear();
    this.#ink.imageSmoothingEnabled = true;
    this.#ink.drawImage(image, 0, 0, this.#canvas.width, this.#canvas.height);
    this.redraw();
  }

  /** Paints everything in the colours of the present scheme. */
  redraw(): void {
    const { width, height } = this.#canvas;
    const paint = this.#paint;
    paint.clearRect(0, 0, width, height);
    paint.drawImage(this.#ink.canvas, 0, 0);
    inInk(paint);
    if (!this.#penShown) return;
    paint.beginPath();
    paint.arc(...this.#pen, penWidth / 2, 0, 2 * Math.PI);
    paint.strokeStyle = styleOf('--second');
    paint.lineWidth = 2;
    paint.stroke();
  }

  #lineTo(place: readonly [number, number]): void {
    this.#ink.beginPath();
    this.#ink.moveTo(...this.#pen);
    this.#ink.lineTo(...place);
    this.#ink.stroke();
    this.#pen = place;
    this.redraw();
    this.onDraw();
  }

  #placeOf({ clientX, clientY }: PointerEvent): readonly [number, number] {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return [((clientX - left) / width) * this.#canvas.width, ((clientY - top) / height) * this.#canvas.height];
  }
}

/** A canvas's context. Throws when there is none. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('page: this browser has no canvas to draw on.');
  return context;
}

/** Gives what is on a canvas the colour of ink in the present scheme. */
export function inInk(paint: CanvasRenderingContext2D): void {
  paint.globalCompositeOperation = 'source-in';
  paint.fillStyle = styleOf('--ink');
  paint.fillRect(0, 0, paint.canvas.width, paint.canvas.height);
  paint.globalCompositeOperation = 'source-over';
}
