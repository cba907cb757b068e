import { median } from './comparison.js';
import { movingMean, predictionCurves } from './curves.js';
import { duration } from './duration.js';
import { element } from './element.js';
import { FramePauses } from './frame-pauses.js';
import { LineChart } from './line-chart.js';
import type { TrainingRun } from './training-run.js';

/** Steps that a smooth curve takes the mean of. */
const smoothed = 10;

/** What a training has come to: figures, and curves drawn once a frame. */
export class ProgressPanel {
  readonly #run: TrainingRun;
  readonly #pauses = new FramePauses();
  readonly #figures = {
    step: element('step', HTMLElement),
    loss: element('loss', HTMLElement),
    accuracy: element('accuracy', HTMLElement),
    stepTime: element('step-time', HTMLElement),
    pause: element('page-pause', HTMLElement),
  };
  readonly #done = element('done', HTMLProgressElement);
  readonly #loss: LineChart;
  readonly #accuracy: LineChart;
  readonly #prediction: LineChart;
  #scheduled = false;

  constructor(run: TrainingRun) {
    this.#run = run;
    const lines = [
      { colour: '--first-faint', width: 1 },
      { colour: '--first', width: 2.5 },
    ];
    this.#loss = new LineChart(element('loss-chart', HTMLElement), {
      title: 'Loss',
      x: 'step',
      logarithmic: true,
      curves: [
        { name: 'batch', ...lines[0] },
        { name: `mean of ${smoothed}`, ...lines[1] },
      ],
    });
    this.#accuracy = new LineChart(element('accuracy-chart', HTMLElement), {
      title: 'Accuracy',
      x: 'step',
      range: [0, 1],
      show: (value) => `${Math.round(100 * value)} %`,
      curves: [
        { name: 'batch', ...lines[0] },
        { name: `mean of ${smoothed}`, ...lines[1] },
        { name: 'test', colour: '--second', width: 2.5, points: true },
      ],
    });
    this.#prediction = new LineChart(element('prediction-chart', HTMLElement), {
      title: 'Prediction',
      x: 'time',
      curves: [
        { name: 'series', colour: '--first', width: 1.5 },
        { name: 'one step ahead', colour: '--second', width: 2, points: true },
      ],
    });
  }

  /** Hears that something has changed. */
  hear(): void {
    const { state, history } = this.#run;
    if (state === 'starting') this.#pauses.start();
    else if (state === 'training' && history.steps.length === 0) this.#pauses.start();
    else if (state === 'training') this.#pauses.resume();
    else if (!this.#run.busy || state === 'paused') this.#pauses.stop();
    // While steps come one after the other, they are drawn frame by frame; what is said when they end must agree with them at once.
    if (state !== 'training') {
      this.#draw();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { history, totalSteps } = this.#run;
    const { steps, losses, batchAccuracies, testAccuracies, stepTimes } = history;
    const figures = this.#figures;
    const tested = testAccuracies.filter((accuracy) => accuracy !== null).at(-1);
    figures.step.innerHTML = totalSteps === 0 ? '–' : figure(`${steps.length} of ${totalSteps}`);
    figures.loss.textContent = losses.at(-1)?.toPrecision(3) ?? '–';
    figures.accuracy.textContent = tested == null ? '–' : `${(100 * tested).toFixed(1)} %`;
    figures.stepTime.innerHTML = steps.length === 0 ? '–' : figure(duration(median(stepTimes.slice(-smoothed))));
    figures.pause.innerHTML = steps.length === 0 ? '–' : figure(`${Math.round(this.#pauses.longest)} ms`);
    this.#done.value = totalSteps === 0 ? 0 : steps.length / totalSteps;

    this.#loss.show(steps, losses, movingMean(losses, smoothed));
    this.#accuracy.show(steps, batchAccuracies, movingMean(batchAccuracies, smoothed), testAccuracies);
    this.#prediction.show(...predictionCurves(history.prediction));
  }
}

/** A quantity with its unit in small letters. */
const figure = (quantity: string): string => quantity.replace(/ (.*)/, ' <small>$1</small>');
