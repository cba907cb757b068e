import { reference } from '@tensorloom/backend-reference';
import { GraphError, constant, nameScope, placeholder, resetDefaultGraph, whileLoop } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { summary } from '@tensorloom/train';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { bytesOf, hex, tagsOf, valueOf } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each(golden.scalars)('$dtype $data: the bytes are TensorFlow’s', async (entry) => {
  const made = summary.scalar('loss', constant(valueOf(entry)));
  await using sess = new Session({ backend: reference() });
  const bytes = await sess.run(made);
  expectTypeOf(bytes).toEqualTypeOf<Uint8Array>();
  expect(hex(bytes)).toBe(hex(bytesOf(entry.bytes)));
});

test('names and tags are TensorFlow’s', async () => {
  const x = constant(1);
  const made = golden.names.map(({ scope, name, family }) => {
    const make = () => summary.scalar(name, x, family === null ? {} : { family });
    return scope === '' ? make() : nameScope(scope, make);
  });
  expect(made.map((s) => s.name)).toEqual(golden.names.map(({ op }) => op));
  expect(made.flatMap((s) => s.tags)).toEqual(golden.names.map(({ tag }) => tag));
  await using sess = new Session({ backend: reference() });
  expect((await sess.run(made)).flatMap(tagsOf)).toEqual(golden.names.map(({ tag }) => tag));
});

test('shares its names with ops', () => {
  const mse = constant(0, { name: 'mse' });
  expect(summary.scalar('MSE', mse).tags).toEqual(['MSE_1']);
});

test('a number is as good as a tensor', async () => {
  await using sess = new Session({ backend: reference() });
  expect(hex(await sess.run(summary.scalar('loss', 2.5)))).toBe(hex(bytesOf(golden.scalars[0].bytes)));
});

test('refuses what is no number', async () => {
  expect(() => summary.scalar('v', constant([1, 2], { name: 'x' }))).toThrow(
    /^summary\.scalar: 'x:0' has shape \[2\], expected a scalar\. Reduce it, or use histogram\(\)\./,
  );
  expect(() => summary.scalar('v', constant(true))).toThrow(/is bool, expected numbers\. Use cast\(\)/);
  expect(() => summary.scalar('', 1)).toThrow(/^summary\.scalar: name: '' is not a legal name/);
  const x = placeholder('float32', undefined, { name: 'any' });
  const late = summary.scalar('late', x);
  await using sess = new Session({ backend: reference() });
  await expect(sess.run(late, [[x, [1, 2]]])).rejects.toThrow(
    /^summary\.scalar: 'late': the value has shape \[2\], expected a scalar\.[^]*'late' = Summary\(any:0 float32\[\.\.\.\]\)[^]*scalar\.test\.ts/,
  );
  await expect(sess.run(late, [[x, [1, 2]]])).rejects.toBeInstanceOf(GraphError);
  expect(tagsOf(await sess.run(late, [[x, 3]]))).toEqual(['late']);
});

test('refuses what is inside a loop', () => {
  expect(() =>
    whileLoop(
      (i) => i.less(3),
      (i) => {
        summary.scalar('inside', i);
        return i.add(1);
      },
      constant(0),
    ),
  ).toThrow(/is inside the body of a loop or a branch, expected a tensor of the graph around/);
});
