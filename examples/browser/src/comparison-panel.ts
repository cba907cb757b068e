import { type BackendMenu, placeNames } from './backend-menu.js';
import { backends } from './backends.js';
import { type Comparison, compareBackends, standard } from './comparison.js';
import { duration } from './duration.js';
import { element, made } from './element.js';
import type { TaskName } from './messages.js';
import type { TrainingRun } from './training-run.js';

/** Compares the backends that run here, on the task chosen, and shows a row for each as it comes. */
export class ComparisonPanel {
  readonly #run: TrainingRun;
  readonly #menu: BackendMenu;
  readonly #task: () => TaskName;
  readonly #data: string;
  readonly #start = element('compare-start', HTMLButtonElement);
  readonly #stop = element('compare-stop', HTMLButtonElement);
  readonly #state = element('compare-state', HTMLElement);
  readonly #table = element('comparison', HTMLTableElement);
  #abort: AbortController | undefined;

  constructor(run: TrainingRun, menu: BackendMenu, task: () => TaskName, data: string) {
    this.#run = run;
    this.#menu = menu;
    this.#task = task;
    this.#data = data;
    this.#start.addEventListener('click', () => void this.#compare());
    this.#stop.addEventListener('click', () => this.#abort?.abort());
  }

  /** Whether a comparison is under way: a training beside it would share its time. */
  get busy(): boolean {
    return this.#abort !== undefined;
  }

  /** Hears of the training, and of backends. */
  hear(): void {
    const training = this.#run.busy && this.#run.state !== 'paused';
    this.#start.disabled = this.busy || training || this.#menu.checking;
    this.#stop.disabled = !this.busy;
    this.#start.title = training ? 'Pause the training first: both would share the time.' : '';
  }

  async #compare(): Promise<void> {
    const abort = (this.#abort = new AbortController());
    const rows: Comparison[] = [];
    this.#run.onChange();
    this.#table.hidden = true;
    this.#state.className = 'state';
    try {
      const task = this.#task();
      const weights = await this.#run.weights(task);
      const about = `${weights === undefined ? 'untrained' : 'trained'} network for ${task === 'mnist' ? 'digits' : 'the time series'}`;
      const comparisons = compareBackends({
        backends: this.#menu.ready,
        task,
        data: this.#data,
        weights,
        signal: abort.signal,
        onTurn: (backend) => (this.#state.textContent = `${backends[backend].label} is at work on the ${about}…`),
      });
      for await (const comparison of comparisons) {
        rows.push(comparison);
        this.#show(rows);
      }
      this.#state.textContent = abort.signal.aborted ? 'Cancelled.' : `Compared on the ${about}.`;
    } catch (error) {
      this.#state.className = 'state failed';
      this.#state.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.#abort = undefined;
      this.#run.onChange();
    }
  }

  #show(rows: readonly Comparison[]): void {
    this.#table.hidden = false;
    const times = rows.map((row) => (row.kind === 'compared' ? row.stepTime : 0));
    const slowest = Math.max(...times);
    this.#table.tBodies[0].replaceChildren(...rows.map((row) => rowOf(row, slowest)));
  }
}

function rowOf(comparison: Comparison, slowest: number): HTMLTableRowElement {
  const row = made('tr');
  row.dataset.backend = comparison.backend;
  const name = made('th', backends[comparison.backend].label);
  name.scope = 'row';
  row.append(name);
  if (comparison.kind === 'failed') {
    const reason = made('td', comparison.reason, 'reason');
    reason.colSpan = 4;
    row.append(reason);
    return row;
  }
  const { backend, place, outputs, losses, stepTime } = comparison;
  const difference = (value: number): string =>
    backend === standard ? '–' : value === 0 ? '0' : value.toExponential(1);
  const time = cell('Step time', duration(stepTime), 'number');
  const bar = made('span', '', 'bar');
  bar.style.width = `${Math.max((100 * stepTime) / slowest, 1)}%`;
  time.append(bar);
  row.append(
    cell('Runs', placeNames[place]),
    cell('Outputs differ by', difference(outputs), 'number'),
    cell('Losses differ by', difference(losses), 'number'),
    time,
  );
  return row;
}

/** A cell that says what it is, for where there is no room for a head above it. */
function cell(label: string, text: string, className = ''): HTMLTableCellElement {
  const data = made('td', text, className);
  data.dataset.label = label;
  return data;
}
