import { describe, expect, test } from 'vitest';
import {
  Graph,
  type Node,
  type Variable,
  add,
  cond,
  constant,
  controlDependencies,
  defaultGraph,
  device,
  group,
  identity,
  nameScope,
  noOp,
  variable,
  whileLoop,
  withGraph,
} from '../src/index.js';
import { messageFrom, x } from './support.js';

const inNewGraph = <T>(build: () => T): T => withGraph(new Graph(), build);
const after = (n: { readonly op: Node } | Node): string[] =>
  ('op' in n && 'index' in n ? (n.op as Node) : (n as Node)).controlInputs.map((c) => c.name);

test('nameScope and device return what their function returns', () => {
  inNewGraph(() => {
    expect(nameScope('a', () => 7)).toBe(7);
    expect(device('gpu', () => 7)).toBe(7);
  });
});

test('device places ops, bodies of loops included; undefined takes the placement back', () => {
  inNewGraph(() => {
    const inside: (string | undefined)[] = [];
    const [a, b] = device('gpu', () => {
      whileLoop(
        (i) => i.less(3),
        (i) => {
          const next = i.add(1);
          inside.push(next.op.device);
          return next;
        },
        [0],
      );
      return [constant(1), device(undefined, () => constant(2))];
    });
    expect([a.op.device, b.op.device, constant(3).op.device, ...inside]).toEqual(['gpu', undefined, undefined, 'gpu']);
  });
});

test('a variable is kept on the device in force, in the body of a loop too', () => {
  inNewGraph(() => {
    const made: Variable[] = [device('gpu', () => variable(1)), variable(1)];
    whileLoop(
      (x) => x.less(3),
      (x) => [x.add(device('/gpu:1', () => (made.push(variable(1)), made[2])))],
      [0],
    );
    expect(made.map((v) => [v.device, v.initializer.device])).toEqual([
      ['gpu', 'gpu'],
      [undefined, undefined],
      ['/gpu:1', '/gpu:1'],
    ]);
  });
});

describe('controlDependencies', () => {
  test('orders what is made inside, nested ones too, each once', () => {
    inNewGraph(() => {
      const [a, b] = [identity(constant(1), { name: 'a' }), noOp({ name: 'b' })];
      controlDependencies([a], () => {
        expect(after(noOp())).toEqual(['a']);
        controlDependencies([b, a, b], () => expect(after(noOp())).toEqual(['a', 'b']));
        expect(after(noOp())).toEqual(['a']);
      });
      expect(after(noOp())).toEqual([]);
    });
  });

  test('are of one graph: those of another do not reach into it', () => {
    inNewGraph(() => {
      const a = noOp({ name: 'a' });
      controlDependencies([a], () => inNewGraph(() => expect(after(noOp())).toEqual([])));
    });
  });

  test('outside a body they bind the loop, and outer ones inside the body do too', () => {
    inNewGraph(() => {
      const [a, b] = [noOp({ name: 'a' }), noOp({ name: 'b' })];
      const seen: string[][] = [];
      const [r] = controlDependencies([a], () =>
        whileLoop(
          (i) => i.less(3),
          (i) => {
            const own = identity(i, { name: 'own' });
            controlDependencies([b, own], () => seen.push(after(noOp())));
            return i.add(1);
          },
          [0],
        ),
      );
      expect(after(r)).toEqual(['a', 'b']);
      expect(seen).toEqual([['while/own']]);
    });
  });

  test('reach the right loop from the innermost of several bodies', () => {
    inNewGraph(() => {
      const a = noOp({ name: 'a' });
      const inner: string[][] = [];
      const outer = cond(
        true,
        () => {
          const b = noOp({ name: 'b' });
          const r = cond(
            true,
            () => controlDependencies([a, b], () => constant(1)),
            () => constant(2),
          );
          inner.push(after(r));
          return r;
        },
        () => constant(3),
      );
      expect(after(outer)).toEqual(['a']);
      expect(inner).toEqual([['cond/b']]);
    });
  });

  test('a captured value does not wait for what its first reader waits for', () => {
    inNewGraph(() => {
      const [y, k] = [x([]), constant(5, { dtype: 'int32' })];
      whileLoop(
        (i) => i.less(3),
        (i) => {
          const own = identity(i);
          const read = controlDependencies([own], () => [y.add(1), k.add(1)]);
          expect(read.map((t) => after(t))).toEqual([[own.op.name], [own.op.name]]);
          expect(read.map((t) => after(t.op.inputs[0]))).toEqual([[], []]);
          return i.add(1);
        },
        [0],
      );
    });
  });

  test('do not hold up the initial values of variables', () => {
    inNewGraph(() => {
      const v = controlDependencies([noOp()], () => variable(1));
      expect([v.initialValue, v.value(), v.initializer].map(after)).toEqual([[], [], []]);
    });
  });

  test('refuse ops of another graph', () => {
    const foreign = inNewGraph(() => noOp({ name: 'foreign' }));
    inNewGraph(() => {
      expect(messageFrom(() => controlDependencies([foreign], () => 0))).toBe(
        "controlDependencies: 'foreign' is not of the current graph, nor of one around it. Depend on an op that is, or build both inside the same withGraph().\n" +
          '  node:    controlDependencies()\n' +
          '  made at: scopes.test.ts:LINE',
      );
    });
  });
});

test('group stands for all its ops', () => {
  inNewGraph(() => {
    const g = group(add(1, 2, { name: 'a' }), noOp({ name: 'b' }));
    expect([g.name, ...after(g), g.outputs.length]).toEqual(['group_deps', 'a', 'b', 0]);
  });
});

test('a scope callback must not be async', () => {
  inNewGraph(() => {
    const later = async (): Promise<number> => 1;
    const graph = defaultGraph();
    const calls: Record<string, () => unknown> = {
      nameScope: () => nameScope('a', later),
      device: () => device('gpu', later),
      controlDependencies: () => controlDependencies([], later),
    };
    for (const [scope, call] of Object.entries(calls)) {
      expect(call).toThrow(
        new TypeError(
          `${scope}: the callback returned a promise, expected its result. The scope ends when the callback returns: build the graph synchronously and await outside.`,
        ),
      );
    }
    expect([graph.names.scope, noOp().device, noOp().controlInputs]).toEqual(['', undefined, []]);
  });
});
