import { reference } from '@tensorloom/backend-reference';
import { GraphError, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { summary } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { bytesOf, fieldsOf, hex, messages, strings } from './support.js';

beforeEach(() => resetDefaultGraph());

/** The strings that the first value of a summary holds. */
const textIn = (bytes: Uint8Array) =>
  messages(fieldsOf(bytes), 1).flatMap((value) => messages(value, 8).flatMap((tensor) => strings(tensor, 8)));

test.each(golden.texts)('$text: the bytes are TensorFlow’s', async ({ text, bytes }) => {
  await using sess = new Session({ backend: reference() });
  expect(hex(await sess.run(summary.text('notes', text)))).toBe(hex(bytesOf(bytes)));
});

test('a function writes anew at every run', async () => {
  let rate = 0.1;
  const made = summary.text('rate', () => `rate ${rate}`);
  await using sess = new Session({ backend: reference() });
  expect(textIn(await sess.run(made))).toEqual(['rate 0.1']);
  rate = 0.01;
  expect(textIn(await sess.run(made))).toEqual(['rate 0.01']);
});

test('a function reads the values of tensors', async () => {
  const ids = placeholder('int32', [null]);
  const scale = placeholder('float32', []);
  const made = summary.text('letters', (x, k) => [...x.data].map((i) => 'abc'[i]).concat(String(k.item())), {
    of: [ids, scale],
  });
  await using sess = new Session({ backend: reference() });
  expect(
    textIn(
      await sess.run(made, [
        [ids, [2, 0, 1]],
        [scale, 4],
      ]),
    ),
  ).toEqual(['c', 'a', 'b', '4']);
});

test('refuses a table that is none', async () => {
  await using sess = new Session({ backend: reference() });
  await expect(sess.run(summary.text('t', [['a', 'b'], ['c']]))).rejects.toThrow(
    /^summary\.text: 't': row 1 is not as long as row 0, expected a list of texts, or rows of one length\./,
  );
  const thrown = sess.run(
    summary.text('f', () => {
      throw new Error('no words');
    }),
  );
  await expect(thrown).rejects.toThrow(/^summary\.text: 'f': no words/);
  await expect(thrown).rejects.toBeInstanceOf(GraphError);
});
