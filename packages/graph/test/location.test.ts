import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { here, madeAt } from '../src/location.js';
import { add, constant, getVariable, resetDefaultGraph, variableScope, whileLoop } from '../src/index.js';
import { lineOf } from './support.js';

const thisFile = fileURLToPath(import.meta.url);
const at = (mark: string): string => `${thisFile}:${lineOf(import.meta.url, mark)}`;
const withoutColumn = (line: string | undefined): string | undefined => line?.replace(/:\d+$/, '');

beforeEach(() => resetDefaultGraph());

test('is the line that calls, in the source', () => {
  const location = here(); // MARK direct
  expect(withoutColumn(location.line)).toBe(at('MARK direct'));
});

test('leaves the framework out, however deep the call goes through it', () => {
  const sum = add(1, 2); // MARK shallow
  const nested = (depth: number): string | undefined =>
    depth === 0
      ? getVariable('v', [2]).location.line // MARK deep
      : variableScope(`s${depth}`, () => nested(depth - 1));
  expect(withoutColumn(sum.op.location.line)).toBe(at('MARK shallow'));
  expect(withoutColumn(nested(1))).toBe(at('MARK deep'));
  expect(withoutColumn(nested(20))).toBe(at('MARK deep'));
  const lines: (string | undefined)[] = [];
  const [loop] = whileLoop(
    (i) => i.less(3),
    (i) => {
      lines.push(i.add(1).op.location.line); // MARK body
      return i;
    },
    [constant(0)],
  );
  expect(lines.map(withoutColumn)).toEqual([at('MARK body')]);
  expect(loop.op.location.line).toMatch(/location\.test\.ts:\d+:\d+$/);
});

test('can be handed down: gradients belong to the line of what they differentiate', () => {
  const first = { line: 'a.js:1:1' };
  expect(madeAt(first, () => add(1, 2).op.location)).toBe(first);
  expect(madeAt(first, () => madeAt({ line: 'b.js:2:2' }, () => here().line))).toBe('b.js:2:2');
  expect(() =>
    madeAt(first, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(here().line).toMatch(/location\.test\.ts/);
});

test('leaves the settings of Error as they were', () => {
  const settings = (): unknown[] => [Error.stackTraceLimit, Reflect.get(Error, 'prepareStackTrace')];
  const before = settings();
  here();
  expect(settings()).toEqual(before);
});

describe('in engines whose stacks are text', () => {
  const own =
    'innermost@http://host/packages/graph/src/location.ts:90:3\nhere@http://host/packages/graph/src/location.ts:99:5';
  const stubbed = (stack: string): string | undefined => {
    class OtherError {
      readonly stack = stack;
    }
    vi.stubGlobal('Error', OtherError);
    const { line } = here();
    vi.unstubAllGlobals();
    return line;
  };

  test('it is the first line outside the framework', () => {
    const ours =
      'add@http://host/packages/graph/src/ops/elementwise.ts:5:1\ndense@http://host/packages/nn/src/layers.ts:7:1';
    expect(stubbed(`${own}\n${ours}\nmodel@http://host/app/my model.js?v=3:12:34\n@http://host/app/main.js:1:1`)).toBe(
      'http://host/app/my model.js:12:34',
    );
  });

  test('a package installed elsewhere is told by its name', () => {
    const stack = `${own}\nrun@http://host/node_modules/tensorloom/dist/session.js:1:2\n@http://host/app/main.js:3:4`;
    expect(stubbed(stack)).toBe('http://host/app/main.js:3:4');
  });

  test('there may be no such line, or no stack', () => {
    expect(stubbed(own)).toBeUndefined();
    expect(stubbed('')).toBeUndefined();
  });
});
