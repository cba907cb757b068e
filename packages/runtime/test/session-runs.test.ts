import { gradients } from '@tensorloom/autodiff';
import {
  type Tensor,
  cond,
  constant,
  controlDependencies,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  scan,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Backend } from '../src/backend.js';
import { Session } from '../src/session.js';
import { asynchronous, leakFree, open, present } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

describe('runs', () => {
  test('are serialised, in the order they were asked for', async () => {
    const session = open(asynchronous(leakFree()));
    const v = variable(0);
    const next = v.assignAdd(1);
    const runs = [session.run(v.initializer), ...Array.from({ length: 5 }, () => session.run(next))];
    const results = await Promise.all(runs);
    expect(results.map((r) => r?.item())).toEqual([undefined, 1, 2, 3, 4, 5]);
  });

  test('never overlap', async () => {
    const backend = leakFree();
    let [now, most] = [0, 0];
    const slow = asynchronous(backend);
    const counting: Backend = {
      ...slow,
      kernels: new Map(
        Array.from(slow.kernels, ([op, kernel]) => [
          op,
          async (inputs, call) => {
            most = Math.max(most, ++now);
            const out = await kernel(inputs, call);
            now--;
            return out;
          },
        ]),
      ),
    };
    const session = open(counting);
    const x = placeholder('float32', []);
    const y = x.exp().neg().tanh();
    const results = await Promise.all([0, 1, 2].map((n) => session.run(y, [[x, n]])));
    expect(results.map((r) => r.item())).toEqual(
      [0, 1, 2].map((n) => Math.fround(Math.tanh(-Math.fround(Math.exp(n))))),
    );
    expect(most).toBe(1);
  });

  test('on an asynchronous backend give what they give on a synchronous one, loops and branches too', async () => {
    const x = placeholder('float32', [null]);
    const [, y] = whileLoop(
      (i) => i.less(3),
      (i, sum) => [
        i.add(1),
        cond(
          reduceSum(sum).greater(4),
          () => sum.mul(2),
          () => sum.add(x),
        ),
      ],
      [int(0), constant([1, 2])],
    );
    const feeds = [[x, [1, 1]]] as const;
    const wanted = open().runSync([y, y.neg()], feeds);
    expect(await open(asynchronous(leakFree())).run([y, y.neg()], feeds)).toEqual(wanted);
  });

  test('runSync refuses while another run is pending', async () => {
    const session = open();
    const x = constant(1);
    const pending = session.run(x);
    expect(() => session.runSync(x)).toThrow(
      new Error('runSync: another run of this session is pending. Await it first.'),
    );
    await pending;
    expect(session.runSync(x).item()).toBe(1);
  });

  describe('runSync on an asynchronous backend', () => {
    const message = "runSync: backend 'asynchronous' works asynchronously. Use run().";

    test('refuses, leaves nothing behind and does nothing', async () => {
      const session = open(asynchronous(leakFree()));
      const [x, v] = [placeholder('float32', [2]), variable([0, 0])];
      await session.run(v.initializer);
      const next = controlDependencies([x.exp()], () => v.assignAdd([1, 1]));
      expect(() => session.runSync(next, [[x, [1, 2]]])).toThrow(new Error(message));
      expect((await session.run(v)).toArray()).toEqual([0, 0]);
    });

    test('refuses when only the download has to be waited for', () => {
      const backend = leakFree();
      const session = open({ ...asynchronous(backend), kernels: backend.kernels });
      expect(() => session.runSync(constant(1).exp())).toThrow(new Error(message));
    });

    test('refuses in a loop, and when the kernel fails later', () => {
      const backend = leakFree();
      const broken = asynchronous({
        ...backend,
        kernels: new Map(Array.from(backend.kernels, ([op]) => [op, () => expect.fail('broken')])),
      });
      const session = open(broken);
      const [, r] = whileLoop(
        (i) => i.less(3),
        (i, y) => [i.add(1), y.exp()],
        [int(0), constant([1, 2])],
      );
      expect(() => session.runSync(r)).toThrow(new Error(message));
    });

    test('keeps others waiting until the backend is done', async () => {
      const session = open(asynchronous(leakFree()));
      const x = constant(1);
      expect(() => session.runSync(x.exp())).toThrow(new Error(message));
      expect(() => session.runSync(x.exp())).toThrow('another run of this session is pending');
      expect((await session.run(x.neg())).item()).toBe(-1);
    });

    test('runs what needs no waiting', () => {
      const n = placeholder('int32', []);
      expect(
        open(asynchronous(leakFree()))
          .runSync(n.add(1), [[n, 2]])
          .item(),
      ).toBe(3);
    });
  });
});

describe('a failing run', () => {
  const failing = () => {
    const [x, v] = [placeholder('float32', [null], { name: 'x' }), variable([1, 2])];
    const first = v.assignAdd([1, 1]);
    const bad = controlDependencies([first], () => x.add([1, 2]));
    const last = controlDependencies([bad], () => v.assignAdd([10, 10]));
    return { x, v, last };
  };

  test('rejects alone', async () => {
    for (const backend of [leakFree(), asynchronous(leakFree())]) {
      const session = open(backend);
      const { x, v, last } = failing();
      await session.run(v.initializer);
      const runs = [session.run(last, [[x, [1, 2, 3]]]), session.run(last, [[x, [1, 2]]]), session.run(last)];
      const [bad, good, unfed] = await Promise.allSettled(runs);
      expect([bad.status, good.status, unfed.status]).toEqual(['rejected', 'fulfilled', 'rejected']);
    }
  });

  test('leaves variables as they were before its failing step, and no handle', async () => {
    const backend = leakFree();
    const session = open(backend);
    const { x, v, last } = failing();
    await session.run(v.initializer);
    await session.run(last, [[x, [1, 2]]]);
    const { handles } = backend.stats();
    await expect(session.run(last, [[x, [1, 2, 3]]])).rejects.toThrow('Add');
    expect(() => session.runSync(last, [[x, [1, 2, 3]]])).toThrow('Add');
    expect(session.runSync(v).toArray()).toEqual([14, 15]);
    expect(backend.stats().handles).toBe(handles);
  });

  test('does not stop runs that wait behind it, nor runSync afterwards', async () => {
    const session = open(asynchronous(leakFree()));
    const x = placeholder('float32', [null]);
    const y = x.add([1, 2]);
    const bad = session.run(y, [[x, [1, 2, 3]]]);
    const good = session.run(y, [[x, [1, 2]]]);
    await expect(bad).rejects.toThrow('Add');
    expect((await good).toArray()).toEqual([2, 4]);
    expect(session.runSync(x, [[x, [1]]]).toArray()).toEqual([1]);
  });

  /** A backend that fails at its call number `at`. */
  function failingAt(at: number, backend: Backend): Backend {
    let calls = 0;
    const count = (): void => {
      if (calls++ === at) throw new Error('out of memory');
    };
    return {
      ...backend,
      kernels: new Map(
        Array.from(backend.kernels, ([op, kernel]) => [
          op,
          (inputs, call) => {
            count();
            return kernel(inputs, call);
          },
        ]),
      ),
      upload(x) {
        count();
        return backend.upload(x);
      },
      download(x) {
        count();
        return backend.download(x);
      },
    };
  }

  test.each([
    ['synchronous', (backend: Backend) => backend],
    ['asynchronous', asynchronous],
  ])('leaves nothing behind, whichever call to a %s backend fails', async (_, wrap) => {
    const v = variable([1, 2]);
    const x = placeholder('float32', [null, 2]);
    const sums = scan(
      (sum, row) =>
        cond(
          reduceSum(sum).greater(4),
          () => sum.mul(row),
          () => sum.add(v).tanh(),
        ),
      x,
      { initializer: v.value() },
    );
    const loss = reduceSum(sums.mul(sums));
    const gradient = present(gradients(loss, v)[0]);
    const later = controlDependencies([v.assignSub(gradient)], () => v.readValue().neg());
    const feeds = [
      [
        x,
        [
          [3, 4],
          [1, 2],
          [0.5, 1],
        ],
      ],
    ] as const;
    let at = 0;
    for (let failed = true; failed; at++) {
      const backend = leakFree();
      await using session = new Session({ backend: failingAt(at, wrap(backend)) });
      const [start] = await Promise.allSettled([session.run(v.initializer)]);
      const [run] = await Promise.allSettled([session.run([loss, later], feeds)]);
      failed = start.status === 'rejected' || run.status === 'rejected';
    }
    // Uploads, kernels and downloads, those of three trips forwards and backwards among them.
    expect(at).toBeGreaterThan(60);
  });
});
