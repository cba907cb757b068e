import { type DType, type Family, type Op, elementwise, mixed } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { definitions } from '../emit/definitions.js';
import { type Expression, cast, input, select } from '../emit/expression.js';
import type { CpuBuffer } from '../handles.js';
import { PlanCache } from '../plan-cache.js';
import { plainLoops } from './plain-loops.js';
import { type Region, bindRegion, runRegion } from '../region.js';

/** The kernel that computes an expression of its operands. */
export function expressionKernel(
  cpu: Cpu,
  op: string,
  define: (...operands: Expression[]) => Expression,
): Kernel<CpuBuffer> {
  const regions = new PlanCache<Region>();
  const expressions = new Map<string, Expression>();
  const expressionOf = (dtypes: readonly DType[]): Expression => {
    const key = dtypes.join();
    let expression = expressions.get(key);
    if (expression === undefined) expressions.set(key, (expression = define(...dtypes.map((d, i) => input(i, d)))));
    return expression;
  };
  return (operands, { donated }) => {
    let region = regions.find(operands);
    if (region === undefined) {
      const expression = expressionOf(operands.map((x) => x.dtype));
      region = regions.add(operands, bindRegion(cpu, op, expression, operands));
    }
    return runRegion(cpu, region, operands, donated);
  };
}

/** Ops that may have no result for some int32 operands, which their loops refuse. */
const checked: ReadonlySet<Op> = new Set([elementwise.floorDiv, elementwise.floorMod, elementwise.pow]);

/** Kernels of the elementwise and mixed families, nearly all compiled at run time. */
export function elementwiseKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const family: Family = elementwise;
  const casts: Readonly<Record<DType, Kernel<CpuBuffer>>> = {
    float32: expressionKernel(cpu, 'Cast', (x) => cast(x, 'float32')),
    float64: expressionKernel(cpu, 'Cast', (x) => cast(x, 'float64')),
    int32: expressionKernel(cpu, 'Cast', (x) => cast(x, 'int32')),
    bool: expressionKernel(cpu, 'Cast', (x) => cast(x, 'bool')),
  };
  return [
    ...Object.entries(definitions).map(([key, define]): [Op, Kernel<CpuBuffer>] => {
      const op = family[key];
      const kernel = expressionKernel(cpu, op.name, define);
      if (!checked.has(op)) return [op, kernel];
      const loops = plainLoops(cpu, op);
      return [op, (inputs, call) => (inputs[0].dtype === 'int32' ? loops : kernel)(inputs, call)];
    }),
    ...kernelsOf<CpuBuffer, typeof mixed>(mixed, {
      select: expressionKernel(cpu, 'Select', select),
      cast: (inputs, call) => {
        const [x] = inputs;
        const { to } = call.attrs;
        return x.dtype === to ? cpu.handles.view(x, to, x.shape) : casts[to](inputs, call);
      },
    }),
  ];
}
