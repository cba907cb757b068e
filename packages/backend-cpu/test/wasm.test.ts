import { matrix } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { Compiler } from '../src/emit/compile.js';
import { constant, input, multiplyAdd } from '../src/emit/expression.js';
import { tanh } from '../src/emit/float32.js';
import { createCpu } from '../src/index.js';
import { Memory } from '../src/memory.js';
import { chooseSimd } from '../src/wasm.js';
import { runOn, tensor } from './support.js';

describe('chooseSimd', () => {
  it('takes what is asked, or the best there is, which is relaxed SIMD on every Node', () => {
    expect(chooseSimd('plain')).toBe('plain');
    expect(chooseSimd('auto')).toBe('relaxed');
  });

  it('says so when the engine lacks what is asked', () => {
    const validate = WebAssembly.validate;
    try {
      WebAssembly.validate = () => false;
      expect(() => chooseSimd('relaxed')).toThrow(
        new Error("cpu: this JavaScript engine has no relaxed SIMD. Use simd: 'auto', or Node 20 or later."),
      );
      expect(() => chooseSimd('auto')).toThrow(
        new Error('cpu: this JavaScript engine has no WebAssembly SIMD. Use Node 20 or a browser of 2023 or later.'),
      );
    } finally {
      WebAssembly.validate = validate;
    }
  });
});

describe('relaxed SIMD', () => {
  it('multiplies matrices as plain SIMD does', () => {
    const [m, n, k] = [37, 41, 600];
    const a = tensor(
      'float32',
      [m, k],
      Float32Array.from({ length: m * k }, (_, i) => Math.sin(i)),
    );
    const b = tensor(
      'float32',
      [k, n],
      Float32Array.from({ length: k * n }, (_, i) => Math.cos(i)),
    );
    const call = { attrs: { transposeA: false, transposeB: false }, host: [], donated: [false, false] };
    const [fast] = runOn(createCpu({ simd: 'relaxed' }), matrix.matmul, [a, b], call);
    const [plain] = runOn(createCpu({ simd: 'plain' }), matrix.matmul, [a, b], call);
    fast.data.forEach((x, i) => expect(Math.abs(x - plain.data[i])).toBeLessThan(1e-4));
  });

  it('computes expressions, a product and sum at once', () => {
    const memory = new Memory(1);
    const compiler = new Compiler(memory, true);
    const [source, target] = [memory.allocate(16).address, memory.allocate(16).address];
    memory.views.float32.set([0.5, 1 + 2 ** -13, -3, 20], source / 4);
    const run = (e: ReturnType<typeof tanh>): number[] => {
      compiler.compile([e], ['vector']).run(1, 4, target, 0, source, 0);
      return [...memory.views.float32.subarray(target / 4, target / 4 + 4)];
    };
    const x = input(0, 'float32');
    run(tanh(x)).forEach((y, i) => expect(y).toBeCloseTo(Math.tanh(memory.views.float32[source / 4 + i]), 6));
    const [, square] = run(multiplyAdd(x, x, constant('float32', -1)));
    const exact = (1 + 2 ** -13) ** 2 - 1;
    expect([Math.fround(exact), Math.fround((1 + 2 ** -13) ** 2) - 1]).toContain(square);
  });
});
