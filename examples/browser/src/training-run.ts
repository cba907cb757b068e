import type { BackendName } from './backends.js';
import type { Reply, TaskName, Weights } from './messages.js';
import { type Place, RemoteTrainer } from './remote-trainer.js';

/** How a training is getting on; those on the way to another state end by themselves. */
export type RunState =
  'idle' | 'starting' | 'training' | 'pausing' | 'paused' | 'stopping' | 'stopped' | 'finished' | 'failed';

/** What a training has told so far; all arrays have an entry per step, `null` where nothing was measured. */
export interface History {
  readonly steps: number[];
  readonly losses: number[];
  readonly batchAccuracies: (number | null)[];
  readonly testAccuracies: (number | null)[];
  /** In milliseconds. */
  readonly stepTimes: number[];
  /** The latest prediction of the series' window. */
  prediction: Float32Array | undefined;
}

const emptyHistory = (): History => ({
  steps: [],
  losses: [],
  batchAccuracies: [],
  testAccuracies: [],
  stepTimes: [],
  prediction: undefined,
});

/** The training that the page shows: one at a time, and after it its network, until the next one starts. */
export class TrainingRun {
  /** Hears of everything that changes, after it has. */
  onChange: (reply?: Reply) => void = () => undefined;
  state: RunState = 'idle';
  history = emptyHistory();
  totalSteps = 0;
  task: TaskName = 'mnist';
  place: Place | undefined;
  /** What really runs, in the backend's words; what went wrong, when the state is 'failed'. */
  description = '';
  #trainer: RemoteTrainer | undefined;
  #starts = 0;

  /** Whether there is a network, trained or in training, that knows digits. */
  get knowsDigits(): boolean {
    return this.#trainer !== undefined && this.task === 'mnist' && this.history.steps.length > 0;
  }

  /** Whether a training is under way, so that none can be started. */
  get busy(): boolean {
    return !['idle', 'stopped', 'finished', 'failed'].includes(this.state);
  }

  /** Trains a new network on a backend. `data` is the address of the folder with the images. */
  async start(backend: BackendName, task: TaskName, data: string): Promise<void> {
    this.#end();
    const start = ++this.#starts;
    const outdated = (): boolean => start !== this.#starts || this.state !== 'starting';
    Object.assign(this, { task, history: emptyHistory(), totalSteps: 0, description: '', place: undefined });
    this.#become('starting');
    try {
      const { trainer, description } = await RemoteTrainer.open(backend);
      if (outdated()) {
        trainer.end();
        return;
      }
      this.#trainer = trainer;
      this.description = description;
      this.place = trainer.place;
      trainer.onReply = (reply) => this.#hear(reply);
      await trainer.ask({ kind: 'prepare', task, data }, 'prepared');
      this.resume();
    } catch (error) {
      if (!outdated()) this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  pause(): void {
    if (this.state !== 'training') return;
    this.#trainer?.send({ kind: 'pause' });
    this.#become('pausing');
  }

  resume(): void {
    this.#trainer?.send({ kind: 'train' });
    this.#become('training');
  }

  /** Ends the training after the step at hand; the network stays. */
  stop(): void {
    if (this.state === 'training' || this.state === 'pausing') {
      this.#trainer?.send({ kind: 'pause' });
      this.#become('stopping');
    } else if (this.busy) {
      if (this.state === 'starting') this.#end();
      this.#become('stopped');
    }
  }

  /** Asks for the probabilities of an image's digit, which `onChange` will hear. */
  classify(pixels: Float32Array): void {
    if (this.knowsDigits) this.#trainer?.send({ kind: 'classify', pixels });
  }

  /** Asks for an image that the network was not trained on, which `onChange` will hear. */
  example(): void {
    if (this.knowsDigits) this.#trainer?.send({ kind: 'example' });
  }

  /** The network's weights, if it is one for `task`. */
  async weights(task: TaskName): Promise<Weights | undefined> {
    if (this.#trainer === undefined || this.task !== task || this.history.steps.length === 0) return undefined;
    return (await this.#trainer.ask({ kind: 'read-weights' }, 'weights')).weights;
  }

  #hear(reply: Reply): void {
    const { history } = this;
    switch (reply.kind) {
      case 'prepared':
        this.totalSteps = reply.totalSteps;
        break;
      case 'step':
        history.steps.push(reply.step);
        history.losses.push(reply.loss);
        history.batchAccuracies.push(reply.accuracy ?? null);
        history.testAccuracies.push(null);
        history.stepTimes.push(reply.milliseconds);
        break;
      case 'evaluated':
        if (reply.evaluation.task === 'mnist') history.testAccuracies[reply.step - 1] = reply.evaluation.testAccuracy;
        else history.prediction = reply.evaluation.prediction;
        break;
      case 'paused':
        this.state = this.state === 'stopping' ? 'stopped' : 'paused';
        break;
      case 'finished':
        this.state = 'finished';
        break;
      case 'failed':
        this.#fail(reply.reason);
        return;
      case 'opened':
      case 'classified':
      case 'example':
      case 'weights':
      case 'measured':
        break;
    }
    this.onChange(reply);
  }

  #fail(reason: string): void {
    this.description = reason;
    this.#end();
    this.#become('failed');
  }

  #end(): void {
    this.#trainer?.end();
    this.#trainer = undefined;
  }

  #become(state: RunState): void {
    this.state = state;
    this.onChange();
  }
}
