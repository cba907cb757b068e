import { TimeSeries } from '@tensorloom/datasets';
import { batchSize, buildTimeSeries, nSteps } from '@tensorloom/examples/time-series';
import { tInstance } from '@tensorloom/examples/time-series-program';
import * as tl from 'tensorloom';
import type { Task } from './task.js';
import { weightsOfGraph } from './weights.js';

const iterations = 1500;
const stepsPerEvaluation = 20;

/** The chapter's predictor of a time series on a backend: 20 steps, 100 neurons, batches of 50 windows. */
export async function prepareTimeSeries(backend: tl.Backend): Promise<Task> {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
  const { X, y, outputs, loss, trainingOp, init } = buildTimeSeries();
  const weights = weightsOfGraph();
  const session = new tl.Session({ backend });
  await session.run(init);

  const series = new TimeSeries({ seed: 42 });
  const [sample] = new TimeSeries({ seed: 43 }).nextBatch(batchSize, nSteps);
  const instance = [tInstance.slice(0, nSteps).map((t) => [series.at(t)])];
  const noDigits = (): Error => new Error('The network predicts a time series. Train the one for digits.');

  return {
    totalSteps: iterations,
    stepsPerEvaluation,
    async step() {
      const [inputs, targets] = series.nextBatch(batchSize, nSteps);
      const results = await session.run({ trainingOp, loss }, [
        [X, inputs],
        [y, targets],
      ]);
      return { loss: results.loss.item(), accuracy: undefined };
    },
    async evaluate() {
      return { task: 'time-series', prediction: elements(await session.run(outputs, [[X, instance]])) };
    },
    async outputs() {
      return elements(await session.run(outputs, [[X, sample]]));
    },
    async classify() {
      throw noDigits();
    },
    example() {
      throw noDigits();
    },
    readWeights: () => weights.read(session),
    writeWeights: (values) => weights.write(session, values),
    close: async () => session.close(),
  };
}

const elements = ({ data }: tl.NDArray): Float32Array => Float32Array.from(data);
