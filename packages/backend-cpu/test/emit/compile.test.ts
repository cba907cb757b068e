import { describe, expect, it } from 'vitest';
import { Compiler } from '../../src/emit/compile.js';
import { add, input, mul } from '../../src/emit/expression.js';
import { Memory } from '../../src/memory.js';

describe('Compiler', () => {
  it('compiles equal expressions once for each way to access their inputs', () => {
    const compiler = new Compiler(new Memory(1), false);
    const sum = (): ReturnType<typeof add> => add(input(0, 'float32'), input(1, 'float32'));
    const loop = compiler.compile([sum()], ['vector', 'vector']);
    expect(compiler.compile([sum()], ['vector', 'vector'])).toBe(loop);
    expect(compiler.compile([sum()], ['vector', 'splat'])).not.toBe(loop);
    expect(compiler.compile([mul(input(0, 'float32'), input(1, 'float32'))], ['vector', 'vector'])).not.toBe(loop);
    expect(compiler.compile([add(input(0, 'float64'), input(1, 'float64'))], ['vector', 'vector'])).not.toBe(loop);
  });
});
