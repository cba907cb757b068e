import { type Op, bytesPerElement, matrix, showShape } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { add } from '../emit/expression.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';
import { expressionKernel } from './elementwise.js';

/** Kernels of the matrix family. */
export function matrixKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const addBias = expressionKernel(cpu, 'BiasAdd', add);
  return kernelsOf(matrix, {
    matmul: ([a, b], { attrs: { transposeA, transposeB } }) => matmul(cpu, a, b, transposeA, transposeB),
    biasAdd: (inputs, call) => {
      const [x, bias] = inputs;
      const last = x.shape[x.shape.length - 1];
      if (last === undefined || bias.shape.length !== 1 || bias.shape[0] !== last) {
        throw new RangeError(
          `BiasAdd: expected a bias of shape [${last ?? '?'}] for ${showShape(x.shape)}, got ${showShape(bias.shape)}.`,
        );
      }
      return addBias(inputs, call);
    },
  });
}

function matmul(
  { wasm, memory, handles }: Cpu,
  a: CpuTensor,
  b: CpuTensor,
  transposeA: boolean,
  transposeB: boolean,
): CpuTensor {
  const { dtype } = a;
  if (a.shape.length !== 2 || b.shape.length !== 2) {
    throw new RangeError(
      `MatMul: expected two matrices, got ${showShape(a.shape)} and ${showShape(b.shape)}. Reshape to rank 2.`,
    );
  }
  const aWidth = a.shape[1];
  const bWidth = b.shape[1];
  const m = a.shape[transposeA ? 1 : 0];
  const k = a.shape[transposeA ? 0 : 1];
  const n = b.shape[transposeB ? 0 : 1];
  if (k !== b.shape[transposeB ? 1 : 0]) {
    throw new RangeError(
      `MatMul: inner dimensions differ: ${showShape(a.shape)}${transposeA ? ' transposed' : ''} and ${showShape(b.shape)}${transposeB ? ' transposed' : ''}. Make them equal, or transpose an operand.`,
    );
  }
  const out = handles.allocate(dtype, [m, n], m * n * bytesPerElement(dtype));
  if (m === 0 || n === 0) return out;
  const left = a.buffer.address;
  const leftRow = transposeA ? 1 : aWidth;
  const leftColumn = transposeA ? aWidth : 1;
  const right = b.buffer.address;
  const rightRow = transposeB ? 1 : bWidth;
  const rightColumn = transposeB ? bWidth : 1;
  const to = out.buffer.address;
  switch (dtype) {
    case 'float32': {
      const scratch = memory.scratch(wasm.matmulScratch(m, n, k));
      wasm.matmulFloat32(left, leftRow, leftColumn, right, rightRow, rightColumn, to, m, n, k, scratch);
      break;
    }
    case 'float64':
      wasm.matmulFloat64(left, leftRow, leftColumn, right, rightRow, rightColumn, to, m, n, k);
      break;
    case 'int32':
      wasm.matmulInt32(left, leftRow, leftColumn, right, rightRow, rightColumn, to, m, n, k);
      break;
    case 'bool':
      handles.free(out);
      throw new TypeError('MatMul: expected numeric operands, got bool. Use cast().');
  }
  return out;
}
