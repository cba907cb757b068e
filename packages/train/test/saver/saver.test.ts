import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DType,
  type Tensor,
  type Variable,
  constant,
  globalVariablesInitializer,
  matmul,
  randomNormal,
  randomUniform,
  reduceSum,
  square,
  variable,
} from '@tensorloom/graph';
import {
  AdamOptimizer,
  CheckpointError,
  SafetensorsFile,
  Saver,
  createGlobalStep,
  latestCheckpoint,
  writeSafetensors,
} from '@tensorloom/train';
import { describe, expect, test } from 'vitest';
import { folder, program, valuesOf } from './sessions.js';

/** A model of two variables, trained by Adam on what is drawn at random, and a step counter. */
function model() {
  const W = variable(() => randomNormal([3, 2], { seed: 1 }), { name: 'W' });
  const b = variable([0, 0], { name: 'b' });
  const loss = reduceSum(square(matmul(randomUniform([4, 3]), W).add(b)));
  const globalStep = createGlobalStep();
  const train = new AdamOptimizer().minimize(loss, { globalStep });
  return { W, b, loss, globalStep, train, init: globalVariablesInitializer(), saver: new Saver() };
}

const kinds: Readonly<Record<string, () => Variable>> = {
  float32: () => variable([[1.5, -2]], { name: 'x' }),
  float64: () => variable([Math.PI, Infinity, -0], { dtype: 'float64', name: 'x' }),
  int32: () => variable([2 ** 31 - 1, -(2 ** 31)], { dtype: 'int32', name: 'x' }),
  bool: () => variable([true, false, true], { name: 'x' }),
  scalar: () => variable(7, { name: 'x' }),
  empty: () => variable(() => constant([], { shape: [0, 3] }), { name: 'x' }),
};

test.each(Object.keys(kinds))('%s: saved, changed, restored', async (kind) => {
  const { session, x, changed, init, saver } = program(() => {
    const x = kinds[kind]();
    const changed = x.assign(x.dtype === 'bool' ? x.logicalNot() : x.add(constant(1, { dtype: x.dtype })));
    return { x, changed, init: globalVariablesInitializer(), saver: new Saver() };
  });
  await session.run(init);
  const before = await session.run(x);
  const path = await saver.save(session, join(folder(), 'model'));
  await session.run(changed);
  expect(await saver.restore(session, path)).toEqual({
    restored: ['x'],
    missing: [],
    unexpected: [],
    randomStreams: [],
  });
  expect(await session.run(x)).toEqual(before);
});

test('a fresh session goes on where the saved one stood: variables, slots, the step, random numbers', async () => {
  const dir = folder();
  const first = program(model);
  await first.session.run(first.init);
  for (let i = 0; i < 3; i++) await first.session.run(first.train);
  const path = await first.saver.save(first.session, join(dir, 'model'), { globalStep: first.globalStep });
  expect(path).toBe(join(dir, 'model-3'));
  const losses = async ({ session, loss, train }: Pick<typeof first, 'session' | 'loss' | 'train'>) => {
    const found = [];
    for (let i = 0; i < 3; i++) found.push((await session.run([loss, train]))[0].item());
    return found;
  };
  const unbroken = await losses(first);

  const second = program(model);
  const report = await second.saver.restore(second.session, (await latestCheckpoint(dir)) ?? '');
  expect(report).toEqual({
    restored: ['W', 'b', 'global_step', 'beta1_power', 'beta2_power', 'W/Adam', 'W/Adam_1', 'b/Adam', 'b/Adam_1'],
    missing: [],
    unexpected: [],
    randomStreams: ['W/Initializer/random_normal/RandomStandardNormal', 'random_uniform/RandomUniform'],
  });
  expect(await losses(second)).toEqual(unbroken);
  expect((await second.session.run(second.globalStep)).item()).toBe(6);
});

test('restoring adds nothing to the graph', async () => {
  const { session, graph, init, saver } = program(model);
  const size = graph.size;
  await session.run(init);
  await saver.fromBytes(session, await saver.toBytes(session));
  expect(graph.size).toBe(size);
});

test('a checkpoint is a safetensors file with the names of the variables', async () => {
  const { session, init, saver } = program(() => {
    variable([1, 2], { name: 'layer/kernel' });
    return { init: globalVariablesInitializer(), saver: new Saver() };
  });
  await session.run(init);
  const file = new SafetensorsFile(readFileSync(await saver.save(session, join(folder(), 'model'))));
  expect([...file.tensors.keys()]).toEqual(['layer/kernel']);
  expect(file.get('layer/kernel').toArray()).toEqual([1, 2]);
  expect(file.metadata.get('format')).toBe('tensorloom');
});

test('what is saved is what the session holds when save is called', async () => {
  const { session, v, init, next, saver } = program(() => {
    const v = variable(0);
    return { v, next: v.assignAdd(1), init: globalVariablesInitializer(), saver: new Saver() };
  });
  await session.run(init);
  const running = session.run(next);
  const saved = saver.toBytes(session);
  const after = session.run(next);
  expect(new SafetensorsFile(await saved).get(v.op).item()).toBe(1);
  await Promise.all([running, after]);
});

test('variables that start as the same tensor are restored to values of their own', async () => {
  const { session, all, init, saver } = program(() => {
    const start = constant([1, 2]);
    const all = [variable(start), variable(start), variable(() => start)];
    const init = [globalVariablesInitializer(), ...all.map((v, i) => v.assign([i, i]))];
    return { all, init, saver: new Saver() };
  });
  for (const op of init) await session.run(op);
  const bytes = await saver.toBytes(session);
  await session.run(init[0]);
  await saver.fromBytes(session, bytes);
  expect(Object.values(await valuesOf(session, all))).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]); // three of their own
});

describe('the variables of a saver', () => {
  test('are those that there are when it is made', async () => {
    const { session, init, saver } = program(() => {
      variable(1, { name: 'before' });
      const saver = new Saver();
      variable(2, { name: 'after' });
      return { init: globalVariablesInitializer(), saver };
    });
    await session.run(init);
    expect([...new SafetensorsFile(await saver.toBytes(session)).tensors.keys()]).toEqual(['before']);
  });

  test('may be some, or have other names in the file', async () => {
    const { session, init, some, renamed } = program(() => {
      const [a, b] = ['a', 'b'].map((name) => variable(1, { name }));
      return {
        init: globalVariablesInitializer(),
        some: new Saver({ varList: [b] }),
        renamed: new Saver({ varList: { x: a, y: b } }),
      };
    });
    await session.run(init);
    const namesIn = (bytes: Uint8Array) => [...new SafetensorsFile(bytes).tensors.keys()];
    expect(namesIn(await some.toBytes(session))).toEqual(['b']);
    expect(namesIn(await renamed.toBytes(session))).toEqual(['x', 'y']);
    const report = await renamed.fromBytes(session, await renamed.toBytes(session));
    expect(report.restored).toEqual(['x', 'y']);
  });

  test('must be some, and one of each name', () => {
    expect(() => program(() => ({ saver: new Saver() }))).toThrow('Saver: there are no variables to save.');
    const twice = () => {
      const v = variable(1, { name: 'v' });
      return { saver: new Saver({ varList: [v, v] }) };
    };
    expect(() => program(twice)).toThrow("Saver: variable 'v' occurs twice in varList, expected once.");
  });

  test('must have values', async () => {
    const { session, saver } = program(() => {
      variable(1, { name: 'v' });
      return { saver: new Saver() };
    });
    const dir = folder();
    await expect(saver.save(session, join(dir, 'model'))).rejects.toThrow("'v:0'");
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('restoring', () => {
  /** A session with these variables, all zero, and a saver of them. */
  const zeros = (variables: Readonly<Record<string, readonly number[]>>, dtype: DType = 'float32') =>
    program(() => {
      const all = Object.entries(variables).map(([name, shape]) =>
        variable(() => constant(0, { shape, dtype }), { name }),
      );
      return { all, init: globalVariablesInitializer(), saver: new Saver() };
    });
  /** The bytes of a checkpoint of these variables, all one. */
  const onesIn = async (variables: Readonly<Record<string, readonly number[]>>, dtype: DType = 'float32') => {
    const { session, saver, ones } = program(() => {
      const ones = Object.entries(variables).map(([name, shape]) =>
        variable(() => constant(1, { shape, dtype }), { name }),
      );
      return { ones: ones.map((v) => v.initializer), saver: new Saver() };
    });
    await session.run(ones);
    return saver.toBytes(session);
  };

  test('some: what is missing stays, and is reported', async () => {
    const { session, all, init, saver } = zeros({ a: [], b: [] });
    await session.run(init);
    const bytes = await onesIn({ b: [], c: [] });
    await expect(saver.fromBytes(session, bytes)).rejects.toThrow(
      "restore: the checkpoint does not hold 'a'; it holds 'b', 'c'. Pass { rename } for variables of other names, { partial: true } to leave some as they are.",
    );
    expect(await valuesOf(session, all)).toEqual({ a: 0, b: 0 });
    expect(await saver.fromBytes(session, bytes, { partial: true })).toEqual({
      restored: ['b'],
      missing: ['a'],
      unexpected: ['c'],
      randomStreams: [],
    });
    expect(await valuesOf(session, all)).toEqual({ a: 0, b: 1 });
  });

  test.each([
    ['a function', (name: string) => name.replace('new/', 'old/')],
    ['the names that differ', { 'new/a': 'old/a' }],
  ])('under other names, by %s', async (_, rename) => {
    const { session, all, saver } = zeros({ 'new/a': [2], b: [] });
    const report = await saver.fromBytes(session, await onesIn({ 'old/a': [2], b: [] }), { rename });
    expect(report).toMatchObject({ restored: ['new/a', 'b'], missing: [], unexpected: [] });
    expect(await valuesOf(session, all)).toEqual({ 'new/a': [1, 1], b: 1 });
    await expect(saver.fromBytes(session, await onesIn({ b: [] }), { rename })).rejects.toThrow("'new/a' (as 'old/a')");
  });

  test('another shape or dtype is refused, and nothing changes', async () => {
    const { session, all, init, saver } = zeros({ b: [], 'layer/kernel': [2, 3] });
    await session.run(init);
    const advice = 'Restore into the graph it was saved from, or leave the variable out of varList.';
    await expect(saver.fromBytes(session, await onesIn({ b: [], 'layer/kernel': [3, 2] }))).rejects.toThrow(
      `restore: variable 'layer/kernel:0' is float32[2,3], the checkpoint holds float32[3,2]. ${advice}`,
    );
    await expect(
      saver.fromBytes(session, await onesIn({ b: [], 'layer/kernel': [2, 3] }, 'float64'), { partial: true }),
    ).rejects.toThrow(`restore: variable 'b:0' is float32[], the checkpoint holds float64[]. ${advice}`);
    expect(await valuesOf(session, all)).toEqual({
      b: 0,
      'layer/kernel': [
        [0, 0, 0],
        [0, 0, 0],
      ],
    });
  });

  test('a file that is not there, or no checkpoint', async () => {
    const { session, saver } = zeros({ a: [] });
    const path = join(folder(), 'model');
    await expect(saver.restore(session, path)).rejects.toThrow(`restore: there is no file ${path}.`);
    writeFileSync(path, 'no checkpoint');
    await expect(saver.restore(session, path)).rejects.toThrow(CheckpointError);
  });

  test('random streams of a file that others have changed are refused', async () => {
    const { session, saver, all, init } = zeros({ a: [] });
    await session.run(init);
    const bytes = await onesIn({ a: [] });
    const tensors = [['a', new SafetensorsFile(bytes).get('a')] as const];
    const cases = [
      '',
      '{}',
      '[1]',
      '[["x"]]',
      '[["x",{"seeds":[1,2,3],"block":0}]]',
      '[["x",{"seeds":[1,2,3,4],"block":-1}]]',
    ];
    cases.push(
      '[["x",{"seeds":[1,2,3,4],"block":0,"counts":[0]}]]',
      '[["x",{"seeds":[1,2,3,4],"block":0,"counts":[2147483647,1]}]]',
    );
    const whole = '["x",{"seeds":[1,2,3,4],"block":0}]';
    for (const text of [...cases, `[${whole},${whole}]`]) {
      const changed = writeSafetensors(tensors, [['random_streams', text]]);
      await expect(saver.fromBytes(session, changed)).rejects.toThrow(
        /^restore: expected the positions of random streams/,
      );
    }
    expect(await valuesOf(session, all)).toEqual({ a: 0 });
    await saver.fromBytes(session, writeSafetensors(tensors, [['random_streams', `[${whole}]`]]));
    expect(await valuesOf(session, all)).toEqual({ a: 1 });
  });
});

describe('the checkpoints of a folder', () => {
  const counter = (options = {}) =>
    program(() => {
      const v = variable(1, { name: 'v' });
      return { v, saver: new Saver(options) };
    });
  const saveAll = async ({ session, v, saver }: ReturnType<typeof counter>, path: string, steps: readonly number[]) => {
    await session.run(v.initializer);
    for (const globalStep of steps) await saver.save(session, path, { globalStep });
  };
  const listed = (dir: string): string[] => readdirSync(dir).sort();

  test('the newest five are kept', async () => {
    const dir = folder();
    await saveAll(counter(), join(dir, 'model'), [1, 2, 3, 4, 5, 6, 7]);
    expect(listed(dir)).toEqual(['checkpoint.json', 'model-3', 'model-4', 'model-5', 'model-6', 'model-7']);
    expect(await latestCheckpoint(dir)).toBe(join(dir, 'model-7'));
  });

  test('as many as it is told, all when that is 0; a saver goes on with what others have left', async () => {
    const dir = folder();
    await saveAll(counter({ maxToKeep: 0 }), join(dir, 'model'), [1, 2, 3, 4, 5, 6]);
    expect(listed(dir)).toHaveLength(7);
    await saveAll(counter({ maxToKeep: 2 }), join(dir, 'model'), [7]);
    expect(listed(dir)).toEqual(['checkpoint.json', 'model-6', 'model-7']);
    expect(() => counter({ maxToKeep: -1 })).toThrow('Saver: maxToKeep is -1, expected an integer from 0.');
  });

  test('other paths of the folder are left alone', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'model-notes'), '');
    await saveAll(counter({ maxToKeep: 1 }), join(dir, 'model-other'), [1]);
    await saveAll(counter({ maxToKeep: 1 }), join(dir, 'model'), [1, 2]);
    expect(listed(dir)).toEqual(['checkpoint.json', 'model-2', 'model-notes', 'model-other-1']);
  });

  test('a step that is saved again, or none, is one file, and the latest', async () => {
    const dir = folder();
    const saving = counter();
    await saveAll(saving, join(dir, 'model'), [1, 2, 1]);
    expect(await latestCheckpoint(dir)).toBe(join(dir, 'model-1'));
    expect(await saving.saver.save(saving.session, join(dir, 'model'))).toBe(join(dir, 'model'));
    expect(listed(dir)).toEqual(['checkpoint.json', 'model', 'model-1', 'model-2']);
  });

  test('saves that do not wait for each other', async () => {
    const dir = folder();
    const { session, v, saver } = counter({ maxToKeep: 2 });
    await session.run(v.initializer);
    await Promise.all([1, 2, 3, 4].map((globalStep) => saver.save(session, join(dir, 'model'), { globalStep })));
    expect(listed(dir)).toEqual(['checkpoint.json', 'model-3', 'model-4']);
  });

  test('the latest that is there; none in an empty folder, or where there is no folder', async () => {
    const dir = folder();
    expect(await latestCheckpoint(dir)).toBeNull();
    expect(await latestCheckpoint(join(dir, 'none'))).toBeNull();
    await saveAll(counter(), join(dir, 'deep/er/model'), [1, 2]);
    rmSync(join(dir, 'deep/er/model-2'));
    expect(await latestCheckpoint(join(dir, 'deep/er'))).toBe(join(dir, 'deep/er/model-1'));
  });

  test('an index of another name', async () => {
    const dir = folder();
    const { session, v, saver } = counter();
    await session.run(v.initializer);
    await saver.save(session, join(dir, 'model'), { latestFilename: 'mine.json' });
    expect(await latestCheckpoint(dir)).toBeNull();
    expect(await latestCheckpoint(dir, 'mine.json')).toBe(join(dir, 'model'));
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"version":2,"checkpoints":[]}',
    '{"version":1}',
    '{"version":1,"checkpoints":[1]}',
    '{"version":1,"checkpoints":["a","a"]}',
    '{"version":1,"checkpoints":["../a"]}',
    '{"version":1,"checkpoints":["..\\\\a"]}',
    '{"version":1,"checkpoints":[".."]}',
  ])('a damaged index is refused: %s', async (text) => {
    const dir = folder();
    writeFileSync(join(dir, 'checkpoint.json'), text);
    await expect(latestCheckpoint(dir)).rejects.toThrow(
      `checkpoint index: ${join(dir, 'checkpoint.json')} is damaged, expected {"version":1,"checkpoints":[names of files, each once]}.`,
    );
  });

  test('steps are integers, paths end with a name', async () => {
    const dir = folder();
    const { session, v, saver } = counter();
    await session.run(v.initializer);
    const saveAt = (globalStep: number | Tensor) => saver.save(session, join(dir, 'model'), { globalStep });
    await expect(saveAt(1.5)).rejects.toThrow('save: globalStep is 1.5, expected an integer.');
    expect(await saveAt(v.value())).toBe(join(dir, 'model-1'));
    await expect(saver.save(session, '')).rejects.toThrow("save: '' is not the path of a checkpoint");
    await expect(saver.save(session, join(dir, 'checkpoint.json'))).rejects.toThrow('is not the path of a checkpoint');
  });
});
