import type { Batch, Mnist } from '@tensorloom/datasets';
import { batchSize, buildMnistClassifier, mnistFeeds, stepsPerEpoch } from '@tensorloom/examples/mnist-classifier';
import * as tl from 'tensorloom';
import type { Task } from './task.js';
import { weightsOfGraph } from './weights.js';

const epochs = 10;
const evaluationsPerEpoch = 4;
const testBatchSize = 500;
const side = 28;

/** The chapter's classifier of handwritten digits on a backend: 28 steps of 28 pixels, 150 neurons, batches of 150 images. */
export async function prepareMnist(backend: tl.Backend, { train, test }: Mnist): Promise<Task> {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
  const graph = buildMnistClassifier();
  const { X, logits, probabilities, loss, trainingOp, accuracy, init } = graph;
  const weights = weightsOfGraph();
  const session = new tl.Session({ backend });
  await session.run(init);

  const nBatch = Math.min(batchSize, train.numExamples);
  const [sample] = train.batches(nBatch);
  let nextExample = 0;

  return {
    totalSteps: epochs * stepsPerEpoch(train),
    stepsPerEvaluation: Math.ceil(stepsPerEpoch(train) / evaluationsPerEpoch),
    async step() {
      const batch = mnistFeeds(graph, train.nextBatch(nBatch));
      const results = await session.run({ trainingOp, loss, accuracy }, batch);
      return { loss: results.loss.item(), accuracy: results.accuracy.item() };
    },
    async evaluate() {
      let correct = 0;
      for (const batch of test.batches(testBatchSize)) {
        correct += (await session.run(accuracy, mnistFeeds(graph, batch))).item() * batch[1].size;
      }
      return { task: 'mnist', testAccuracy: correct / test.numExamples };
    },
    async outputs() {
      return elements(await session.run(logits, mnistFeeds(graph, sample)));
    },
    async classify(pixels) {
      return elements(await session.run(probabilities, [[X, { shape: [1, side, side], data: pixels }]]));
    },
    example() {
      const index = nextExample;
      nextExample = (nextExample + 1) % test.numExamples;
      return exampleOf([test.images, test.labels], index);
    },
    readWeights: () => weights.read(session),
    writeWeights: (values) => weights.write(session, values),
    close: async () => session.close(),
  };
}

const elements = ({ data }: tl.NDArray): Float32Array => Float32Array.from(data);

const exampleOf = ([images, labels]: Batch, index: number) => ({
  pixels: images.data.slice(index * side * side, (index + 1) * side * side),
  label: labels.data[index],
});
