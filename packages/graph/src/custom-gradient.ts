import { apply, defaultGraph } from './context.js';
import { refuse } from './node.js';
import { control } from './ops/control.js';
import { type TensorLike, toTensor } from './ops/convert.js';
import { type Tensor, asTensors, isTensor } from './tensor.js';
import { trace } from './trace.js';

/**
 * A function with its own gradient: `fn(...xs)` returns the results and a function from the gradients of the results to those
 * of the arguments. Gradients of that gradient are those of the ops it is made of. TensorFlow: `tf.custom_gradient`.
 */
export function customGradient<R extends Tensor | readonly Tensor[]>(
  fn: (...xs: Tensor[]) => readonly [R, (...dys: Tensor[]) => Tensor | readonly Tensor[]],
): (...xs: TensorLike[]) => R {
  return (...args) => {
    const xs = args.map((x) => toTensor(x, undefined, 'customGradient'));
    const [result, gradient] = fn(...xs);
    const ys: readonly Tensor[] = isTensor(result) ? [result] : result;
    const params = ys.map((y) => ({ spec: y.spec, name: 'dy' }));
    const traced = trace(defaultGraph(), params, (dys) => {
      const dxs = [gradient(...asTensors(dys))].flat();
      if (dxs.length !== xs.length) {
        refuse(
          'customGradient',
          `the gradient returned ${dxs.length} tensors, expected ${xs.length}. Return one for each argument.`,
          xs,
        );
      }
      return dxs;
    });
    const node = apply(control.customGradient, [...ys, ...xs, ...traced.captures.keys()], {
      ys: ys.length,
      xs: xs.length,
      backward: {
        graph: traced.graph,
        params: [...traced.params, ...traced.captures.values()],
        outputs: traced.outputs,
      },
    });
    return (isTensor(result) ? node.output() : asTensors(node.outputs)) as R;
  };
}
