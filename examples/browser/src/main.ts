import { BackendMenu, placeNames } from './backend-menu.js';
import { backends } from './backends.js';
import { ComparisonPanel } from './comparison-panel.js';
import { DigitPanel } from './digit-panel.js';
import { element } from './element.js';
import type { TaskName } from './messages.js';
import { ProgressPanel } from './progress-panel.js';
import { TrainingRun } from './training-run.js';

const aboutTasks: Readonly<Record<TaskName, string>> = {
  mnist: 'Reads 12,000 handwritten digits row by row: 28 steps of 28 pixels, 150 neurons, batches of 150.',
  'time-series': 'Predicts a series one step ahead: windows of 20 steps, 100 neurons, batches of 50.',
};

const data = new URL('mnist/', document.baseURI).href;
const setup = element('setup', HTMLFormElement);
const train = element('train', HTMLButtonElement);
const pause = element('pause', HTMLButtonElement);
const stop = element('stop', HTMLButtonElement);
const stateText = element('state', HTMLElement);

const chosenTask = (): TaskName => (new FormData(setup).get('task') === 'time-series' ? 'time-series' : 'mnist');
let task = chosenTask();

const run = new TrainingRun();
const menu = new BackendMenu(element('backend-menu', HTMLElement));
const progress = new ProgressPanel(run);
const digits = new DigitPanel(run);
const comparison = new ComparisonPanel(run, menu, () => task, data);

/** What the state of the training is, in words. */
function describe(): string {
  const on = run.place === undefined ? '' : `: ${run.description}, ${placeNames[run.place]}`;
  const network = run.history.steps.length === 0 ? '' : ' The network stays until the next training.';
  const texts: Record<typeof run.state, string> = {
    idle: 'Choose a backend and train.',
    starting: `Starting ${backends[menu.chosen].label}…`,
    training: `Training${on}.`,
    pausing: 'Pausing after this step…',
    paused: `Paused${on}.`,
    stopping: 'Stopping after this step…',
    stopped: `Stopped.${network}`,
    finished: `Finished.${network}`,
    failed: run.description,
  };
  return texts[run.state];
}

function show(): void {
  const { state, busy } = run;
  for (const id of ['tasks', 'backends']) element(id, HTMLFieldSetElement).disabled = busy;
  train.disabled = busy || comparison.busy || menu.availability(menu.chosen).kind === 'unavailable';
  pause.disabled = (state !== 'training' && state !== 'paused') || comparison.busy;
  pause.textContent = state === 'paused' ? 'Resume' : 'Pause';
  stop.disabled = !busy || state === 'stopping';
  stateText.classList.toggle('failed', state === 'failed');
  // Screen readers speak when the text changes, so it changes only when it must.
  const text = describe();
  if (stateText.textContent !== text) stateText.textContent = text;
  element('about-task', HTMLElement).textContent = aboutTasks[task];
  for (const part of document.querySelectorAll<HTMLElement>('[data-task]')) part.hidden = part.dataset.task !== task;
}

run.onChange = (reply) => {
  if (reply?.kind !== 'step') show();
  progress.hear();
  digits.hear(reply);
  comparison.hear();
};
menu.onChange = () => {
  show();
  comparison.hear();
};
setup.addEventListener('change', () => {
  task = chosenTask();
  show();
  progress.hear();
});
setup.addEventListener('submit', (event) => {
  event.preventDefault();
  void run.start(menu.chosen, task, data);
});
pause.addEventListener('click', () => (run.state === 'paused' ? run.resume() : run.pause()));
stop.addEventListener('click', () => run.stop());

element('isolation', HTMLElement).textContent = crossOriginIsolated
  ? 'This page is cross-origin isolated: backends that know how to share memory between threads may.'
  : 'This page is not cross-origin isolated, so memory cannot be shared between threads: backends run on one each.';

run.onChange();
void menu.check();
