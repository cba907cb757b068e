// node packages/tensorflow/scripts/export-cases.mjs FOLDER: writes graphs as GraphDefs, with what they are fed, what is fetched and what our
// reference backend gives. check-cases.py runs them in TensorFlow. Every op on samples of the conformance suite, its programs, training
// steps of recurrent networks, and random programs of loops, branches and arrays with their gradients.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reference } from '@tensorloom/backend-reference';
import {
  Graph,
  Session,
  apply,
  constant,
  gradients,
  placeholder,
  reduceSum,
  setRandomSeed,
  sin,
  withGraph,
} from 'tensorloom';
import { buildProgram, programs, randomPrograms, samplers } from '@tensorloom/testkit';
import { modelPrograms } from '@tensorloom/testkit/models';
import fc from 'fast-check';
import { toGraphDef } from '@tensorloom/tensorflow';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const [SAMPLES, RANDOM_PROGRAMS] = [8, 100];
/** @type {object[]} */
const cases = [];

const plain = ({ dtype, shape, data }) => ({
  dtype,
  shape,
  data: Array.from(data, (v) => (Number.isFinite(v) ? v : String(v))),
});

/** Runs a program here, and writes it for TensorFlow. */
async function add(kind, name, { graph, fetches, targets = [], feeds = [], init, runs = 1 }) {
  const session = new Session({ graph, backend: reference() });
  const file = `${String(cases.length)}.pb`;
  const known = { kind, name, file };
  try {
    if (init !== undefined) await session.run(init);
    const results = [];
    for (let i = 0; i < runs; i++) results.push((await session.run({ fetches, targets }, feeds)).fetches.map(plain));
    const fed = await Promise.all([...feeds].map(async ([t, v]) => ({ t, value: plain(await valueOf(t, v)) })));
    const { bytes, tensorName } = withGraph(graph, () => toGraphDef(graph));
    writeFileSync(join(folder, file), bytes);
    cases.push({
      ...known,
      init: init?.name,
      targets: targets.map((n) => n.name),
      feeds: fed.map(({ t, value }) => ({ name: tensorName(t.kind === 'variable' ? t.value() : t), ...value })),
      fetches: fetches.map((t) => tensorName(t)),
      results,
    });
  } catch (e) {
    cases.push({ ...known, refused: e instanceof Error ? e.message.split('\n')[0] : String(e) });
  } finally {
    session.close();
  }
}

/** What is fed, as an array of the tensor's dtype. */
function valueOf(t, value) {
  const graph = new Graph();
  const as = withGraph(graph, () => constant(value, { dtype: t.dtype }));
  return new Session({ graph, backend: reference() }).run(as);
}

for (const [op, sampler] of samplers) {
  for (const dtype of sampler.dtypes) {
    for (const { inputs, attrs } of fc.sample(sampler.draw(dtype, false), { numRuns: SAMPLES, seed: 1 })) {
      const graph = new Graph();
      const fetches = withGraph(graph, () => {
        const given = inputs.map(({ dtype: d, shape, data }) => constant({ shape, data }, { dtype: d }));
        return apply(op, given, attrs).outputs;
      });
      await add('op', `${op.name} ${dtype}`, { graph, fetches });
    }
  }
}
for (const [kind, list] of Object.entries({ program: programs, model: modelPrograms })) {
  for (const { name, build } of list) {
    const graph = new Graph();
    const built = withGraph(graph, () => {
      setRandomSeed(42);
      return build();
    });
    if (built.fails === undefined) await add(kind, name, { graph, ...built });
  }
}
const descriptions = fc.sample(randomPrograms(), { numRuns: RANDOM_PROGRAMS, seed: 1 });
for (const [i, description] of descriptions.entries()) {
  const graph = new Graph();
  const built = withGraph(graph, () => {
    const { x, weights, rows, result, openLength, openBatch } = description;
    const [length, batch] = [openLength ? null : rows.shape[0], openBatch ? null : rows.shape[1]];
    const inputs = [
      [batch, 2],
      [4, 2],
      [length, batch, 2],
    ].map((shape) => placeholder('float64', shape));
    const y = buildProgram(result, { x: inputs[0], weights: inputs[1], rows: inputs[2] });
    const zero = { unconnectedGradients: 'zero' };
    const first = gradients(y, inputs, zero);
    const second = gradients(
      first.map((g) => reduceSum(sin(g))).reduce((sum, g) => sum.add(g)),
      inputs,
      zero,
    );
    return { fetches: [y, ...first, ...second], feeds: inputs.map((t, k) => [t, [x, weights, rows][k]]) };
  });
  await add('random program', `random program ${i}`, { graph, ...built });
}
writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
console.log(`${cases.length} cases, ${cases.filter((c) => c.refused !== undefined).length} refused`);
