import * as tl from 'tensorloom';

/** What the noise-contrastive loss looks at. Classes are numbered by how frequent they are, the most frequent first. */
export interface NoiseContrastiveOptions {
  /** [numClasses, depth]. */
  readonly weights: tl.Variable;
  /** [numClasses]. */
  readonly biases: tl.Variable;
  /** int32 [batch, 1]. */
  readonly labels: tl.Tensor;
  /** [batch, depth]. */
  readonly inputs: tl.Tensor;
  /** How many classes are drawn as noise, for all rows of a batch together. */
  readonly numSampled: number;
  readonly numClasses: number;
  readonly seed?: number;
}

/**
 * The noise-contrastive loss of each row, [batch]: how well its label is told from classes drawn at random, with
 * P(k) = ln((k + 2) / (k + 1)) / ln(numClasses + 1), each draw by itself. M. Gutmann and A. Hyvärinen, "Noise-contrastive estimation", 2010.
 */
export function noiseContrastiveLoss(options: NoiseContrastiveOptions): tl.Tensor {
  const { weights, biases, labels, inputs, numSampled, numClasses, seed } = options;
  // u is uniform in [0, 1), so the integer part of (numClasses + 1)^u is k + 1 with probability P(k).
  const u = tl.randomUniform([numSampled], seed === undefined ? {} : { seed });
  const draws = tl.cast(tl.exp(tl.mul(u, Math.log(numClasses + 1))), 'int32').sub(1);
  const noise = tl.stopGradient(tl.minimum(draws, numClasses - 1));

  const logExpectedCount = (classes: tl.Tensor): tl.Tensor => {
    const k = tl.cast(classes, 'float32');
    const probability = tl.div(tl.log(tl.div(k.add(2), k.add(1))), Math.log(numClasses + 1));
    return tl.log(tl.mul(probability, numSampled));
  };
  const known = tl.squeeze(labels, 1);
  const trueLogits = tl
    .reduceSum(tl.mul(inputs, tl.nn.embeddingLookup(weights, known)), 1)
    .add(tl.nn.embeddingLookup(biases, known))
    .sub(logExpectedCount(known));
  const noiseLogits = tl
    .matmul(inputs, tl.nn.embeddingLookup(weights, noise), { transposeB: true })
    .add(tl.nn.embeddingLookup(biases, noise))
    .sub(logExpectedCount(noise));
  const { sigmoidCrossEntropyWithLogits } = tl.nn;
  return tl.add(
    sigmoidCrossEntropyWithLogits({ labels: tl.onesLike(trueLogits), logits: trueLogits }),
    tl.reduceSum(sigmoidCrossEntropyWithLogits({ labels: tl.zerosLike(noiseLogits), logits: noiseLogits }), 1),
  );
}
