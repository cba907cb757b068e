import { reference } from '@tensorloom/backend-reference';
import { Graph, globalVariablesInitializer, variable, withGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { Saver, latestCheckpoint } from '@tensorloom/train';
import { expect, test } from 'vitest';

const folder = `checkpoints-${Date.now()}/of this test`;

test('a variable is saved in the private file system, and restored by another session', async () => {
  const program = () =>
    withGraph(new Graph(), () => {
      const v = variable([1, 2], { name: 'v' });
      return { v, next: v.assignAdd([1, 1]), init: globalVariablesInitializer(), saver: new Saver({ maxToKeep: 2 }) };
    });
  expect(await latestCheckpoint(folder)).toBeNull();
  const { v, next, init, saver } = program();
  await using sess = new Session({ graph: v.graph, backend: reference() });
  await sess.run(init);
  for (const globalStep of [1, 2, 3]) {
    await sess.run(next);
    expect(await saver.save(sess, `${folder}/model`, { globalStep })).toBe(`${folder}/model-${globalStep}`);
  }
  await expect(saver.restore(sess, `${folder}/model-1`)).rejects.toThrow('restore: there is no file');
  expect(await latestCheckpoint(folder)).toBe(`${folder}/model-3`);

  const other = program();
  await using fresh = new Session({ graph: other.v.graph, backend: reference() });
  expect(await other.saver.restore(fresh, `${folder}/model-3`)).toMatchObject({ restored: ['v'] });
  expect((await fresh.run(other.v)).toArray()).toEqual([4, 5]);
  await other.saver.restore(fresh, `/${folder}/model-2`);
  expect((await fresh.run(other.v)).toArray()).toEqual([3, 4]);
});
