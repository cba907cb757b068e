import { centreDigit } from './centre-digit.js';
import { contextOf, DrawingPad, inInk } from './drawing-pad.js';
import { element, made } from './element.js';
import type { Reply } from './messages.js';
import type { TrainingRun } from './training-run.js';

const side = 28;
const digits = Array.from({ length: 10 }, (_, digit) => digit);

/** Where digits are drawn, and what the network takes them for: asked anew at each stroke, and while it learns. */
export class DigitPanel {
  readonly #run: TrainingRun;
  readonly #pad = new DrawingPad(element('pad', HTMLCanvasElement));
  readonly #seen = contextOf(element('seen', HTMLCanvasElement));
  readonly #answer = element('answer', HTMLElement);
  readonly #example = element('example', HTMLButtonElement);
  readonly #bars: readonly HTMLLIElement[];
  /** What the network is asked about. */
  #pixels: Float32Array | undefined;
  /** Of an image from the test images. */
  #label: number | undefined;
  /** Whether an answer is on its way, and whether the drawing has changed since it was asked for. */
  #asking: 'no' | 'yes' | 'again' = 'no';

  constructor(run: TrainingRun) {
    this.#run = run;
    this.#bars = digits.map((digit) => {
      const row = made('li');
      row.append(made('span', String(digit)), made('span', '', 'bar'), made('span'));
      return row;
    });
    element('bars', HTMLOListElement).append(...this.#bars);
    this.#pad.onDraw = () => this.#drawn();
    element('clear', HTMLButtonElement).addEventListener('click', () => {
      this.#pad.clear();
      this.#drawn();
    });
    this.#example.addEventListener('click', () => run.example());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#pad.redraw();
      this.#showSeen();
    });
    this.#ask();
  }

  /** Hears of the training. */
  hear(reply: Reply | undefined): void {
    this.#example.disabled = !this.#run.knowsDigits;
    if (reply === undefined || !this.#run.knowsDigits) {
      this.#asking = 'no';
      this.#ask();
    } else if (reply.kind === 'evaluated' || (reply.kind === 'step' && reply.step === 1)) {
      this.#ask();
    } else if (reply.kind === 'classified') {
      const { probabilities } = reply;
      if (this.#pixels !== undefined) this.#show(probabilities);
      const again = this.#asking === 'again';
      this.#asking = 'no';
      if (again) this.#ask();
    } else if (reply.kind === 'example') {
      this.#pixels = reply.pixels;
      this.#label = reply.label;
      this.#showSeen();
      this.#pad.show(this.#seen.canvas);
      this.#ask();
    }
  }

  #drawn(): void {
    this.#label = undefined;
    this.#pixels = centreDigit(this.#pad.ink());
    this.#showSeen();
    this.#ask();
  }

  #ask(): void {
    if (this.#pixels === undefined || !this.#run.knowsDigits) {
      this.#show(undefined);
      const todo = this.#run.knowsDigits ? 'Draw something.' : 'The network knows nothing yet: train it on digits.';
      this.#answer.textContent = todo;
    } else if (this.#asking === 'no') {
      this.#asking = 'yes';
      this.#run.classify(this.#pixels);
    } else {
      this.#asking = 'again';
    }
  }

  #show(probabilities: Float32Array | undefined): void {
    // While it trains the answer changes all the time, and nobody wants to hear that.
    this.#answer.ariaLive = this.#run.state === 'training' ? 'off' : 'polite';
    const best = probabilities?.indexOf(Math.max(...probabilities)) ?? -1;
    for (const [digit, row] of this.#bars.entries()) {
      const probability = probabilities?.[digit] ?? 0;
      row.style.setProperty('--part', String(probability));
      row.classList.toggle('best', digit === best);
      const [, , percentage] = row.children;
      percentage.textContent = probabilities === undefined ? '' : `${(100 * probability).toFixed(1)} %`;
    }
    if (best < 0) return;
    const truth = this.#label === undefined ? '' : `, and it is a ${this.#label}`;
    const after = this.#run.history.steps.length;
    this.#answer.textContent = `Takes it for a ${best}${truth} (after ${after} steps).`;
  }

  #showSeen(): void {
    const image = this.#seen.createImageData(side, side);
    for (let i = 0; i < side * side; i++) image.data[4 * i + 3] = 255 * (this.#pixels?.[i] ?? 0);
    this.#seen.putImageData(image, 0, 0);
    inInk(this.#seen);
  }
}
