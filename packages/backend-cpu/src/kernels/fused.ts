import { type Family, type Op, elementwise, mixed } from '@tensorloom/graph';
import type { ElementwiseRegion, Kernel } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { definitions } from '../emit/definitions.js';
import { type Expression, cast, select } from '../emit/expression.js';
import type { CpuBuffer } from '../handles.js';
import { expressionKernel } from './elementwise.js';

const family: Family = elementwise;
const expressions = new Map<Op, (...operands: Expression[]) => Expression>([
  ...Object.entries(definitions).map(([key, define]) => [family[key], define] as const),
  [mixed.select, select],
]);

/** A region of elementwise ops as one expression, which is compiled like that of a single op. */
export function fused(cpu: Cpu, { steps }: ElementwiseRegion): Kernel<CpuBuffer> {
  return expressionKernel(cpu, 'Fused', (...operands) => {
    const values = [...operands];
    for (const { op, operands: from, dtype } of steps) {
      const given = from.map((k) => values[k]);
      const define = expressions.get(op);
      values.push(define === undefined ? cast(given[0], dtype) : define(...given));
    }
    return values[values.length - 1];
  });
}
