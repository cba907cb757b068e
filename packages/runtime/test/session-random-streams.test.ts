import {
  type Tensor,
  constant,
  learnedCandidates,
  multinomial,
  placeholder,
  randomNormal,
  randomShuffle,
  randomUniform,
  resetDefaultGraph,
  setRandomSeed,
  truncatedNormal,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { open } from './support.js';

beforeEach(() => resetDefaultGraph());

/** Ops that draw, with seeds and without, in bodies too. */
function build(): { drawn: Tensor[]; classes: Tensor } {
  const classes = placeholder('int32', [3], { name: 'classes' });
  const { drawn, tries } = learnedCandidates(3, 10, false, classes, { seed: 1 });
  const [, sum] = whileLoop(
    (i) => i.less(3),
    (i, x) => [i.add(1), x.add(randomUniform([], { seed: 2 }))],
    [constant(0, { dtype: 'int32' }), constant(0)],
  );
  return {
    drawn: [
      drawn,
      tries,
      sum,
      randomNormal([4]),
      randomUniform([2], { dtype: 'float64' }),
      truncatedNormal([2], { seed: 3 }),
      randomShuffle([1, 2, 3, 4, 5, 6]),
      multinomial([[0, 0, 0]], 8),
    ],
    classes,
  };
}

test.each([undefined, 7])(
  'in another session of an equal graph, all go on where they stood; graph seed %s',
  async (seed) => {
    const draw = async (session: ReturnType<typeof open>, { drawn, classes }: ReturnType<typeof build>) =>
      (await session.run(drawn, [[classes, [7, 8, 7]]])).map((x) => x.toArray());
    const begin = () => {
      resetDefaultGraph();
      if (seed !== undefined) setRandomSeed(seed);
      const graph = build();
      return { graph, session: open() };
    };

    const first = begin();
    for (let i = 0; i < 3; i++) await draw(first.session, first.graph);
    // As a file would keep them.
    const kept = JSON.parse(JSON.stringify([...(await first.session.randomStreams())])) as [];
    const next = [await draw(first.session, first.graph), await draw(first.session, first.graph)];

    const second = begin();
    await draw(second.session, second.graph);
    const found = await second.session.setRandomStreams(new Map(kept));
    expect(found).toHaveLength(7);
    expect([await draw(second.session, second.graph), await draw(second.session, second.graph)]).toEqual(next);
  },
);

test('those that are not told begin anew, those that are not there are not found', async () => {
  const x = randomUniform([3], { seed: 5 });
  const session = open();
  const first = session.runSync(x).toArray();
  expect(session.runSync(x).toArray()).not.toEqual(first);
  expect(await session.setRandomStreams(new Map([['elsewhere', { seeds: [1, 2, 3, 4], block: 5 }]]))).toEqual([]);
  expect(session.runSync(x).toArray()).toEqual(first);
});

test('positions are those after the runs that were begun before', async () => {
  const x = randomUniform([3], { seed: 5 });
  const session = open();
  const runs = [session.run(x), session.run(x)];
  const [[name, state]] = await session.randomStreams();
  await Promise.all(runs);
  expect([name, state.block]).toEqual(['random_uniform/RandomUniform', 2 * 3 * 256]);
});

test('a stream that has not been drawn from has no position', async () => {
  randomUniform([3], { seed: 5 });
  expect((await open().randomStreams()).size).toBe(0);
});
