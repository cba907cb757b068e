import { gradients } from '@tensorloom/autodiff';
import {
  Graph,
  GraphError,
  type Tensor,
  apply,
  constant,
  logUniformCandidates,
  placeholder,
  randomUniform,
  reduceSum,
  setRandomSeed,
  variable,
  withGraph,
} from '@tensorloom/graph';
import { buildGraph, buildProgram, randomGraphs, randomPrograms, samplers } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import * as tl from 'tensorloom';
import { toGraphDef } from '../src/index.js';
import { type Decoded, type DecodedNode, decode } from './support.js';

/** Throws unless names are unique, all that is referred to is there, and comes before where there is an order to keep. */
function expectWhole({ nodes, functions }: Decoded): void {
  const known = new Set(functions.map((f) => f.name));
  expect(known.size).toBe(functions.length);
  const check = (
    own: readonly DecodedNode[],
    args: readonly string[],
    results: readonly string[],
    inside: boolean,
  ): void => {
    const names = new Set([...args, ...own.map((n) => n.name)]);
    expect(names.size).toBe(args.length + own.length);
    const refers = (input: string): void => {
      const [name, output] = input.replace(/^\^/, '').split(':');
      expect(names, input).toContain(name);
      if (inside && !args.includes(name) && !input.startsWith('^')) expect(output, input).toMatch(/^[a-z]/);
    };
    for (const n of own) {
      n.inputs.forEach(refers);
      n.functions.forEach((f) => expect(known).toContain(f));
    }
    results.forEach(refers);
  };
  check(nodes, [], [], false);
  for (const f of functions) check(f.nodes, f.args, f.results, true);
}

/** Does what `check` does, where TensorFlow has everything that is in the graph: seldom it lacks something, which is named. */
function written(check: () => void): void {
  try {
    check();
  } catch (e) {
    const isNamed =
      e instanceof GraphError && /does not add lists of lists|scatters to indices of 1 to 5/.test(e.message);
    if (!isNamed) throw e;
  }
}

describe('toGraphDef', () => {
  it('writes whole graphs, whatever the program', () => {
    fc.assert(
      fc.property(randomPrograms(), ({ x, rows, result, openBatch, openLength }) => {
        const graph = new Graph();
        withGraph(graph, () => {
          const [length, batch] = [openLength ? null : rows.shape[0], openBatch ? null : x.shape[0]];
          const inputs = [
            [batch, 2],
            [4, 2],
            [length, batch, 2],
          ].map((shape) => placeholder('float64', shape));
          const y = buildProgram(result, { x: inputs[0], weights: inputs[1], rows: inputs[2] });
          gradients(y, inputs);
        });
        written(() => {
          expectWhole(decode(toGraphDef(graph).bytes));
        });
      }),
      { numRuns: 60, seed: 1 },
    );
    fc.assert(
      fc.property(randomGraphs(), (description) => {
        const graph = new Graph();
        withGraph(graph, () => buildGraph(description));
        written(() => {
          expectWhole(decode(toGraphDef(graph).bytes));
        });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it.each([...samplers].map(([op, sampler]) => [op.name, op, sampler] as const))('has %s', (_, op, sampler) => {
    for (const dtype of sampler.dtypes) {
      for (const { inputs, attrs } of fc.sample(sampler.draw(dtype, false), { numRuns: 5, seed: 1 })) {
        const graph = new Graph();
        const outputs = withGraph(
          graph,
          () =>
            apply(
              op,
              inputs.map((x) => constant(x, { dtype: x.dtype })),
              attrs,
            ).outputs,
        );
        written(() => {
          const { bytes, tensorName } = toGraphDef(graph);
          expectWhole(decode(bytes));
          outputs.forEach((t, i) => {
            expect(tensorName(t)).toBe(`${t.op.name}:${i}`);
          });
        });
      }
    }
  });

  it('keeps the names of ops and variables, and the seeds', () => {
    const graph = new Graph();
    const [x, v] = withGraph(graph, () => {
      setRandomSeed(5);
      const noise = randomUniform([2], { seed: 3, name: 'noise' });
      return [noise, variable(noise, { name: 'v' })] as const;
    });
    const { bytes, tensorName } = toGraphDef(graph);
    const { nodes } = decode(bytes);
    expect(tensorName(x)).toBe(x.name);
    expect(tensorName(v.value())).toBe('v/read:0');
    expect(nodes.find((n) => n.op === 'RandomUniform')?.ints).toMatchObject({ seed: 5, seed2: 3 });
    expect(nodes.find((n) => n.op === 'VarHandleOp')?.name).toBe('v');
    expect(nodes.find((n) => n.name === v.initializer.name)?.op).toBe('ReadVariableOp');
  });

  it('writes a loop and the copies that its gradients make of it once', () => {
    const graph = new Graph();
    const loss = withGraph(graph, () => {
      const inputs = placeholder('float32', [null, 4, 3]);
      const [outputs] = tl.rnn.dynamicRnn(new tl.rnn.BasicLSTMCell(5), inputs, { dtype: 'float32' });
      const sum: Tensor = reduceSum(outputs);
      gradients(sum, tl.trainableVariables());
      gradients(sum, [inputs]);
      return sum;
    });
    const { nodes, functions } = decode(toGraphDef(graph).bytes);
    expect(nodes.filter((n) => n.op.endsWith('While')).map((n) => n.name.split('/').pop())).toEqual([
      'while',
      'backward',
      'backward',
    ]);
    expect(functions).toHaveLength(6);
    expect(nodes.map((n) => n.name)).toContain(loss.op.name);
  });
});

test('says which op TensorFlow does not have', () => {
  const own = tl.defineOp({
    name: 'Own',
    infer: ([x]) => [x.spec],
    gradient: null,
    kernels: { host: () => undefined },
  });
  const graph = new Graph();
  withGraph(graph, () => own(constant([1])));
  expect(() => toGraphDef(graph)).toThrow(/toGraphDef: TensorFlow has no op 'Own'/);
  const candidates = new Graph();
  withGraph(candidates, () => logUniformCandidates(2, 5, true));
  expect(() => toGraphDef(candidates)).toThrow(/LogUniformCandidates: TensorFlow's candidate samplers do not say/);
});
