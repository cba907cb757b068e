import { reference } from '@tensorloom/backend-reference';
import { Graph, type NDArray, type Tensor, placeholder, randomUniform, variable, withGraph } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { lower } from '../src/lower/lower.js';
import { ProgramRunner } from '../src/program-runner.js';

const program = (fetch: Tensor, feeds: readonly Tensor[] = []) => lower([fetch], [], feeds);

test('runs programs with their arguments, and keeps variables and streams between them', () => {
  withGraph(new Graph(), () => {
    const x = placeholder('float32', [2]);
    const v = variable([1, 2]);
    const added = program(v.assignAdd(x), [x]);
    const drawn = program(randomUniform([2], { seed: 1 }));
    const backend = reference();
    const runner = new ProgramRunner(backend);
    runner.run(lower([], [v.initializer], []));
    const add = (): number[] =>
      Array.from(runner.run(added, [{ dtype: 'float32', shape: [2], data: Float32Array.of(3, 4) }])[0].data);
    expect([add(), add()]).toEqual([
      [4, 6],
      [7, 10],
    ]);
    const draw = (r: ProgramRunner): NDArray => r.run(drawn)[0];
    const [first, second] = [draw(runner), draw(runner)];
    expect(second).not.toEqual(first);
    const another = new ProgramRunner(backend);
    expect(draw(another)).toEqual(first);
    runner.close();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });
});

test('refuses a backend that makes it wait', () => {
  withGraph(new Graph(), () => {
    const x = placeholder('float32', []);
    const base = reference();
    const slow = {
      ...base,
      name: 'slow',
      download: async (t: Parameters<typeof base.download>[0]) => base.download(t),
    };
    const runner = new ProgramRunner(slow);
    expect(() =>
      runner.run(program(x.exp(), [x]), [{ dtype: 'float32', shape: [], data: Float32Array.of(1) }]),
    ).toThrow("ProgramRunner: backend 'slow' works asynchronously. Use a session.");
  });
});

test('a failing program leaves nothing behind', () => {
  withGraph(new Graph(), () => {
    const v = variable([1, 2]);
    const backend = reference();
    const runner = new ProgramRunner(backend);
    expect(() => runner.run(program(v.value().add([1, 1])))).toThrow(/has no value yet/);
    runner.close();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });
});
