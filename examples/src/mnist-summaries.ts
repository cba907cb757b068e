import * as tl from 'tensorloom';

const side = 28;

/** What the training of a classifier tells TensorBoard, of a step and of an epoch. */
export function mnistSummaries({ X, loss }: { readonly X: tl.Tensor; readonly loss: tl.Tensor }) {
  const ofStep = tl.summary.merge([
    tl.summary.scalar('training/loss', loss),
    ...tl.nameScope('weights', () => tl.trainableVariables().map((v) => tl.summary.histogram(v.op, v))),
  ]);
  // What has been counted over many runs comes back into the graph by placeholders.
  const train = tl.placeholder('float32', [], { name: 'train_accuracy' });
  const test = tl.placeholder('float32', [], { name: 'test_accuracy' });
  const ofEpoch = tl.summary.merge([
    tl.summary.scalar('accuracy/train', train),
    tl.summary.scalar('accuracy/test', test),
    tl.summary.image('digits', tl.reshape(X, [-1, side, side, 1])),
    tl.summary.text(
      'about',
      (accuracy) => `**${(100 * accuracy.item()).toFixed(2)} %** of the test images are told right`,
      { of: [test] },
    ),
  ]);
  return { ofStep, ofEpoch, train, test };
}
