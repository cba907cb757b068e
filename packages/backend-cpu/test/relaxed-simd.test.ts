import { getBuiltinModule } from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { relaxed } from '../src/generated/kernels.js';
import { enableRelaxedSimd } from '../src/relaxed-simd.js';

const module = Uint8Array.from(atob(relaxed), (c) => c.charCodeAt(0));
const v8 = getBuiltinModule('node:v8');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('enableRelaxedSimd', () => {
  it('has it on every Node that we support', () => {
    expect(enableRelaxedSimd(module)).toBe(true);
    expect(WebAssembly.validate(module)).toBe(true);
  });

  it('changes nothing where it is on', () => {
    const set = vi.spyOn(v8, 'setFlagsFromString');
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(true);
    expect(enableRelaxedSimd(module)).toBe(true);
    expect(set).not.toHaveBeenCalled();
  });

  it('switches on nothing else', () => {
    const set = vi.spyOn(v8, 'setFlagsFromString').mockReturnValue();
    vi.spyOn(WebAssembly, 'validate').mockReturnValueOnce(false).mockReturnValueOnce(true);
    expect(enableRelaxedSimd(module)).toBe(true);
    expect(set.mock.calls).toEqual([['--experimental-wasm-relaxed-simd']]);
  });

  it('does without where the engine has none, or has no such flags', () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const set = vi.spyOn(v8, 'setFlagsFromString').mockReturnValue();
    expect(enableRelaxedSimd(module)).toBe(false);
    set.mockImplementation(() => {
      throw new Error('no such thing');
    });
    expect(enableRelaxedSimd(module)).toBe(false);
  });
});
