import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opcodes } from '../../src/emit/instructions.js';
import { encodeModule, signed, unsigned } from '../../src/emit/module.js';

const decodeUnsigned = (bytes: readonly number[]): number => bytes.reduce((sum, b, i) => sum + (b & 127) * 128 ** i, 0);
const decodeSigned = (bytes: readonly number[]): number => {
  const value = bytes.reduce((sum, b, i) => sum + BigInt(b & 127) * 128n ** BigInt(i), 0n);
  return Number(BigInt.asIntN(7 * bytes.length, value));
};
const isOneNumber = (bytes: readonly number[]): boolean => bytes.every((b, i) => b >= 128 === i < bytes.length - 1);

describe('LEB128', () => {
  it('encodes unsigned integers of 32 bits', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (x) => {
        expect(isOneNumber(unsigned(x))).toBe(true);
        expect(decodeUnsigned(unsigned(x))).toBe(x);
      }),
    );
  });

  it('encodes signed integers of 32 bits', () => {
    fc.assert(
      fc.property(fc.integer(), (x) => {
        expect(isOneNumber(signed(x))).toBe(true);
        expect(decodeSigned(signed(x))).toBe(x);
      }),
    );
    expect([signed(63), signed(64), signed(-64), signed(-65)]).toEqual([[63], [192, 0], [64], [191, 127]]);
  });
});

describe('encodeModule', () => {
  it('makes a module that calls what it imports', () => {
    const half = { name: 'half', type: { parameters: ['f64'], results: ['f64'] } } as const;
    const code = [opcodes.localGet, 0, opcodes.call, 0, opcodes.localSet, 1, opcodes.localGet, 1, opcodes.call, 0];
    const bytes = encodeModule([half], half.type, ['f64'], code, false);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory, half: (x: number) => x / 2 },
    });
    expect(exports).toHaveProperty('run');
    expect((exports['run'] as (x: number) => number)(12)).toBe(3);
  });
});
