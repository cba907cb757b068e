import * as tl from 'tensorloom';
import type { BackendName } from './backends.js';
import { loadDigits } from './load-digits.js';
import type { Measurement, Reply, Request, TaskName, Weights } from './messages.js';
import { prepareMnist } from './mnist-task.js';
import type { Task } from './task.js';
import { openBackend } from './open-backend.js';
import { prepareTimeSeries } from './time-series-task.js';

/**
 * Trains what the other end of `port` asks for, on the backend it asks for. It runs in a worker, or in slices on the page's own
 * thread: between two steps it lets others have their turn. Requests that fail are answered by 'failed'.
 */
export function serveTrainer(port: MessagePort): void {
  const trainer = new Trainer((reply) => port.postMessage(reply));
  port.onmessage = ({ data }: MessageEvent<Request>) => {
    void trainer.answer(data).then(() => {
      if (data.kind === 'close') port.close();
    });
  };
}

class Trainer {
  readonly #reply: (reply: Reply) => void;
  #backend: tl.Backend | undefined;
  #task: Task | undefined;
  #stepsDone = 0;
  #training = false;
  /** Settles when the training under way has ended. */
  #ended: Promise<unknown> = Promise.resolve();

  constructor(reply: (reply: Reply) => void) {
    this.#reply = reply;
  }

  async answer(request: Request): Promise<void> {
    try {
      const reply = await this.#answer(request);
      if (reply !== undefined) this.#reply(reply);
    } catch (error) {
      this.#training = false;
      this.#reply({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  async #answer(request: Request): Promise<Reply | undefined> {
    switch (request.kind) {
      case 'open':
        return { kind: 'opened', description: await this.#open(request.backend) };
      case 'prepare':
        return { kind: 'prepared', totalSteps: await this.#prepare(request.task, request.data) };
      case 'train':
        if (this.#training) return undefined;
        return await (this.#ended = this.#train());
      case 'pause':
        // A training under way says so itself, after the step at hand.
        if (!this.#training) return { kind: 'paused' };
        this.#training = false;
        return undefined;
      case 'classify':
        return { kind: 'classified', probabilities: await this.#prepared().classify(request.pixels) };
      case 'example':
        return { kind: 'example', ...this.#prepared().example() };
      case 'read-weights':
        return { kind: 'weights', weights: await this.#prepared().readWeights() };
      case 'measure':
        return { kind: 'measured', measurement: await this.#measure(request.weights, request.steps) };
      case 'close':
        await this.#close();
        return undefined;
    }
  }

  /** Opens a backend, and runs something small on it: some find out only then that they cannot. Gives its description. */
  async #open(name: BackendName): Promise<string> {
    const backend = await openBackend(name);
    const graph = new tl.Graph();
    const product = tl.withGraph(graph, () => tl.matmul(tl.constant([[1, 2]]), tl.constant([[3], [4]])));
    const session = new tl.Session({ graph, backend });
    const result = (await session.run(product)).item();
    session.close();
    if (result !== 11) throw new Error(`${backend.name}: expected 1 * 3 + 2 * 4 = 11, got ${result}.`);
    this.#backend = backend;
    return backend.description;
  }

  /** Makes a new network; gives the steps of its training. */
  async #prepare(task: TaskName, data: string): Promise<number> {
    if (this.#backend === undefined) throw new Error('trainer: no backend is open. Open one first.');
    await this.#endTask();
    this.#stepsDone = 0;
    this.#task =
      task === 'mnist'
        ? await prepareMnist(this.#backend, await loadDigits(data))
        : await prepareTimeSeries(this.#backend);
    return this.#task.totalSteps;
  }

  /** Trains until it is told to pause; the reply is the last one. */
  async #train(): Promise<Reply> {
    const task = this.#prepared();
    this.#training = true;
    while (this.#training && this.#stepsDone < task.totalSteps) {
      const started = performance.now();
      const result = await task.step();
      const step = ++this.#stepsDone;
      this.#reply({ kind: 'step', step, ...result, milliseconds: performance.now() - started });
      if (step === 1 || step % task.stepsPerEvaluation === 0) {
        await turn();
        this.#reply({ kind: 'evaluated', step, evaluation: await task.evaluate() });
      }
      await turn();
    }
    const finished = this.#training;
    this.#training = false;
    return { kind: finished ? 'finished' : 'paused' };
  }

  async #measure(weights: Weights, steps: number): Promise<Measurement> {
    const task = this.#prepared();
    await task.writeWeights(weights);
    const outputs = await task.outputs();
    const losses: number[] = [];
    const stepTimes: number[] = [];
    for (let step = 0; step < steps; step++) {
      const started = performance.now();
      losses.push((await task.step()).loss);
      stepTimes.push(performance.now() - started);
      await turn();
    }
    return { outputs, losses, stepTimes };
  }

  async #close(): Promise<void> {
    await this.#endTask();
    this.#backend?.dispose();
    this.#backend = undefined;
  }

  async #endTask(): Promise<void> {
    this.#training = false;
    await Promise.allSettled([this.#ended]);
    await this.#task?.close();
    this.#task = undefined;
  }

  #prepared(): Task {
    if (this.#task === undefined) throw new Error('trainer: there is no network. Prepare one first.');
    return this.#task;
  }
}

/** Waits until messages that have come are handled, and on a page what has happened there. A timer would wait for 4 ms. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
