import { expect, test } from 'vitest';
import * as tl from '../src/index.js';

/** The public face as its contract lists it, what belongs to later versions left out. */
const contract = `
Graph defaultGraph resetDefaultGraph withGraph setRandomSeed placeholder placeholderWithDefault constant variable getVariable variableScope
nameScope device controlDependencies globalVariables trainableVariables globalVariablesInitializer variablesInitializer assign assignAdd
assignSub group identity noOp zerosInitializer onesInitializer constantInitializer randomUniformInitializer randomNormalInitializer
truncatedNormalInitializer glorotUniformInitializer glorotNormalInitializer heNormalInitializer heUniformInitializer
varianceScalingInitializer orthogonalInitializer
add sub mul div floordiv mod pow maximum minimum neg abs sign square sqrt rsqrt exp expm1 log log1p sin cos tan asin acos atan sinh cosh
tanh sigmoid erf floor ceil round reciprocal squaredDifference equal notEqual less lessEqual greater greaterEqual logicalAnd logicalOr
logicalNot logicalXor where clipByValue cast isNan isInf isFinite reduceSum reduceMean reduceMax reduceMin reduceProd reduceAll reduceAny
reduceLogsumexp argMax argMin cumsum matmul tensordot einsum transpose reshape concat stack unstack split slice stridedSlice gather
gatherNd scatterNd tile pad expandDims squeeze oneHot range linspace fill zeros ones zerosLike onesLike eye diag shape size rank reverse
reverseSequence sequenceMask broadcastTo topK unsortedSegmentSum randomUniform randomNormal truncatedNormal randomShuffle multinomial
stopGradient customGradient checkNumerics print assert whileLoop cond caseOf switchCase scan foldl foldr mapFn TensorArray gradients defineOp Session InteractiveSession
nn.relu nn.relu6 nn.elu nn.selu nn.leakyRelu nn.softplus nn.softsign nn.sigmoid nn.tanh nn.softmax nn.logSoftmax nn.dropout nn.biasAdd
nn.l2Loss nn.l2Normalize nn.moments nn.batchNormalization nn.layerNorm nn.softmaxCrossEntropyWithLogits
nn.sparseSoftmaxCrossEntropyWithLogits nn.sigmoidCrossEntropyWithLogits nn.weightedCrossEntropyWithLogits nn.inTopK nn.topK
nn.embeddingLookup nn.conv1d nn.conv2d nn.maxPool nn.avgPool layers.dense layers.fullyConnected layers.dropout layers.flatten
train.GradientDescentOptimizer train.MomentumOptimizer train.AdagradOptimizer train.RMSPropOptimizer train.AdadeltaOptimizer
train.AdamOptimizer train.AdamWOptimizer train.FtrlOptimizer train.LazyAdamOptimizer train.clipByNorm train.clipByGlobalNorm
train.exponentialDecay clipByNorm clipByGlobalNorm
rnn.BasicRNNCell rnn.GRUCell rnn.BasicLSTMCell rnn.LSTMCell rnn.DropoutWrapper rnn.OutputProjectionWrapper rnn.MultiRNNCell
rnn.staticRnn rnn.dynamicRnn
summary.scalar summary.histogram summary.image summary.text summary.merge summary.mergeAll summary.FileWriter
`;

const lookUp = (name: string): unknown =>
  name
    .split('.')
    .reduce<unknown>((x, key) => (typeof x === 'object' && x !== null ? Reflect.get(x, key) : undefined), tl);

test.each(contract.trim().split(/\s+/))('tl.%s', (name) => {
  expect(typeof lookUp(name)).toBe('function');
});

test('shape, size and rank are tensors', () => {
  const x = tl.placeholder('float32', [2, null]);
  expect([tl.shape(x), tl.size(x), tl.rank(x)].map((t) => [t.dtype, t.shape])).toEqual([
    ['int32', [2]],
    ['int32', []],
    ['int32', []],
  ]);
});

test('ops that take a tensor first are methods', () => {
  const x = tl.placeholder('float32', [2, 3]);
  for (const name of [
    'add',
    'floordiv',
    'erf',
    'softplus',
    'gather',
    'argMax',
    'cumsum',
    'tile',
    'tensordot',
    'where',
    'clipByValue',
    'reduceLogsumexp',
    'print',
    'checkNumerics',
    'sequenceMask',
  ]) {
    expect(typeof Reflect.get(x, name)).toBe('function');
  }
});
