import { type DType, type Op, allocate, broadcastShapes, isKnown, mixed, sizeOf } from '@tensorloom/graph';
import type { ElementwiseRegion, Kernel } from '@tensorloom/runtime';
import type { Handle, Handles } from '../handles.js';
import { type Plan, type Rule, described } from '../kernel.js';
import { MAX_ARRAYS } from '../kernel-cache.js';
import { chain } from '../maybe-promise.js';
import { access, broadcastView } from '../view.js';
import { elementByElement, expressionOf } from './expressions.js';

/** The statements that compute a region from its inputs `v0`, `v1` and so on; its result is the last name. */
function textOf({ inputs, steps }: ElementwiseRegion): { body: string; result: string } | undefined {
  const dtypes = [...inputs];
  let body = '';
  for (const { op, operands, dtype } of steps) {
    const expression = expressionOf(op, dtypes[operands[0]], dtype);
    if (expression === undefined) return undefined;
    const [x, y, z] = operands.map((i) => `v${i}`);
    body += `const v${dtypes.length} = ${expression(x, y, z)}; `;
    dtypes.push(dtype);
  }
  return { body, result: `v${dtypes.length - 1}` };
}

/** A plan that computes a region element by element, its inputs broadcast; none when some step is no such op, or inputs are too many. */
export function regionPlan(region: ElementwiseRegion): Plan | undefined {
  const text = textOf(region);
  if (text === undefined || region.inputs.length > MAX_ARRAYS) return undefined;
  return (inputs, [{ shape }]) => {
    const { body, at, integers } = access(
      shape,
      inputs.map((x) => broadcastView(x.shape, shape)),
    );
    const reads = at.map((index, i) => `const v${i} = x${i}[${index}]; `).join('');
    return [
      {
        body: `${body}${reads}${text.body}return ${text.result};`,
        arrays: Object.fromEntries(inputs.map((_, i) => [`x${i}`, i])),
        integers,
      },
    ];
  };
}

const holdsIn32 = (dtype: DType): boolean => dtype === 'float32' || dtype === 'bool';

/** A kernel of a whole region; none where a dtype is not one that float32 holds, a step is no elementwise op, or inputs are too many. */
export function regionKernel(region: ElementwiseRegion, handles: Handles): Kernel<Handle> | undefined {
  const plan = regionPlan(region);
  const dtypes = [...region.inputs, ...region.steps.map((s) => s.dtype)];
  if (plan === undefined || !dtypes.every(holdsIn32)) return undefined;
  const dtype = dtypes[dtypes.length - 1];
  return (inputs) => {
    const shape = inputs.reduce<readonly number[]>((all, x) => together(all, x.shape), []);
    if (sizeOf(shape) === 0) return handles.hold({ dtype, shape, data: allocate(dtype, 0) });
    const [launch] = plan(inputs.map(described), [{ dtype, shape }], {});
    if (launch === undefined) throw new Error('gpujs: a region without a launch. Please report it.');
    return chain(handles.launch(launch, inputs, sizeOf(shape)), (y) => handles.place(dtype, shape, y));
  };
}

function together(x: readonly number[], y: readonly number[]): readonly number[] {
  const shape = broadcastShapes(x, y);
  if (shape !== null && isKnown(shape)) return shape;
  throw new TypeError(`gpujs: shapes [${x.join(',')}] and [${y.join(',')}] in a region do not broadcast.`);
}

/** One op, as a region of one step. */
const alone =
  (op: Op): Plan =>
  (inputs, outputs, attrs) => {
    const step = { op, attrs, operands: inputs.map((_, i) => i), dtype: outputs[0].dtype };
    return regionPlan({ inputs: inputs.map((x) => x.dtype), steps: [step] })?.(inputs, outputs, attrs) ?? [];
  };

/** Rules of the ops that work element by element. */
export const regionRules: readonly [Op, Rule][] = [
  ...elementByElement.map((op): [Op, Rule] => [op, { plan: alone(op) }]),
  // A float32 cut to an integer is one that float32 holds; an int32 is rounded to float32 as a cast would.
  [mixed.cast, { plan: alone(mixed.cast), rounded: [0], exactIntegers: true }],
];
