import { reference } from '@tensorloom/backend-reference';
import {
  type Fetched,
  GraphError,
  NDArray,
  constant,
  noOp,
  placeholder,
  resetDefaultGraph,
  variable,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { summary } from '@tensorloom/train';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { hex, tagsOf } from './support.js';

beforeEach(() => resetDefaultGraph());

test('is fetched with all else, in any structure', async () => {
  const x = placeholder('float32', []);
  const v = variable(1, { name: 'v' });
  const [loss, op] = [x.mul(2), noOp()];
  const made = summary.scalar('loss', loss);
  await using sess = new Session({ backend: reference() });
  await sess.run(v.initializer);
  const results = await sess.run({ op, list: [v, made, loss], s: made }, [[x, 3]]);
  expectTypeOf(results).toEqualTypeOf<{ op: null; list: [NDArray, Uint8Array, NDArray]; s: Uint8Array }>();
  expect(results.op).toBeNull();
  expect(results.list[0].item()).toBe(1);
  expect(results.list[2].item()).toBe(6);
  expect(hex(results.list[1])).toBe(hex(results.s));
  expect(tagsOf(results.s)).toEqual(['loss']);
  expect(hex(sess.runSync(made, [[x, 3]]))).toBe(hex(results.s));
  expect(hex((await sess.profile(made, [[x, 3]])).results)).toBe(hex(results.s));
});

test('the result of a summary is bytes', () => {
  expectTypeOf<Fetched<summary.Summary>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<Fetched<readonly summary.Summary[]>>().toEqualTypeOf<Uint8Array[]>();
});

test('eval runs it in a session', async () => {
  const x = placeholder('float32', []);
  const made = summary.scalar('x', x);
  await using sess = new Session({ backend: reference() });
  const bytes = await made.eval([[x, 1]], sess);
  expect(hex(bytes)).toBe(hex(await sess.run(made, [[x, 1]])));
  expect(hex(await sess.asDefault(() => made.eval([[x, 1]])))).toBe(hex(bytes));
  await expect(made.eval([[x, 1]])).rejects.toThrow(
    /^eval: no session to run 'x' in[^]*'x' = Summary\(Placeholder:0 float32\[\]\)[^]*summary\.test\.ts/,
  );
});

test('what it needs has to be fed, and of the session’s graph', async () => {
  const x = placeholder('float32', [], { name: 'x' });
  const made = summary.scalar('x', x);
  await using sess = new Session({ backend: reference() });
  await expect(sess.run(made)).rejects.toThrow(/'x'|x:0/);
  resetDefaultGraph();
  const foreign = summary.scalar('y', constant(1));
  await expect(sess.run(foreign)).rejects.toThrow('belongs to another graph');
});

test('a run whose summary fails has run', async () => {
  const v = variable([1, 2]);
  const x = placeholder('float32', []);
  const step = v.assign([3, 4]);
  const made = summary.histogram('x', x);
  await using sess = new Session({ backend: reference() });
  await sess.run(v.initializer);
  await expect(sess.run([step, made], [[x, NaN]])).rejects.toBeInstanceOf(GraphError);
  expect((await sess.run(v)).toArray()).toEqual([3, 4]);
});
