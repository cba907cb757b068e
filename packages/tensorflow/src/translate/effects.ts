import {
  type Node,
  type RandomAttrs,
  type Variable,
  type VariableAttrs,
  type check,
  type random,
  state,
} from '@tensorloom/graph';
import { type Emitter, type Ref, typeAttr, typeOfEdge } from '../emitter.js';
import type { Attrs } from '../messages/graph-def.js';
import { seedsOf } from '../seeds.js';
import { type Translation, type Translations, Unavailable, inputsOf } from './translation.js';

const int32 = { type: 'int32' } as const;

const read = (e: Emitter, variable: Variable, control: readonly string[] = []): Ref =>
  e.main('ReadVariableOp', [e.handle(variable)], { dtype: { type: variable.dtype } }, control);

/**
 * A run reads what a variable was when it began, unless told otherwise. What is assigned at first need not have been anything before; and
 * in a body reads follow the order of the program.
 */
function before(node: Node<VariableAttrs>, e: Emitter): readonly string[] {
  const { variable } = node.attrs;
  const { op: read } = variable.value();
  return node.op === state.assign || node.graph !== read.graph ? [] : [`^${e.lastOf(read)}`];
}

/** An assignment, and what the variable is after it. */
const assignment =
  (op: string, attrs: (v: Variable) => Attrs): Translation<VariableAttrs> =>
  (node, e) => {
    const { variable } = node.attrs;
    const done = e.beside(op, op, [e.handle(variable), ...inputsOf(node, e)], attrs(variable), before(node, e));
    return [read(e, variable, [e.after(done)])];
  };

const ofType = ({ dtype }: Variable): Attrs => ({ dtype: { type: dtype } });
const scattering = ({ dtype }: Variable): Attrs => ({ T: { type: dtype }, Tindices: int32 });

/** Reads and assignments of variables, which are resources named like ours. */
export const stateTranslations: Translations<typeof state> = {
  read: (node, e) => [read(e, node.attrs.variable)],
  assign: assignment('AssignVariableOp', ofType),
  assignAdd: assignment('AssignAddVariableOp', ofType),
  assignSub: assignment('AssignSubVariableOp', ofType),
  scatterUpdate: assignment('ResourceScatterNdUpdate', scattering),
  scatterAdd: assignment('ResourceScatterNdAdd', scattering),
};

const seeded = ({ stream }: RandomAttrs): Attrs => {
  const [seed, seed2] = seedsOf(stream);
  return { seed: { int: seed }, seed2: { int: seed2 } };
};

const drawing =
  (op: string): Translation<RandomAttrs> =>
  (node, e) => [e.main(op, inputsOf(node, e), { ...seeded(node.attrs), dtype: { type: node.attrs.dtype }, T: int32 })];

const noTries: Translation<RandomAttrs> = (node) => {
  throw new Unavailable(`${node.op.name}: TensorFlow's candidate samplers do not say how often they drew`);
};

/** Random numbers, of the same streams. */
export const randomTranslations: Translations<typeof random> = {
  uniform: drawing('RandomUniform'),
  uniformInt: (node, e) => [
    e.main('RandomUniformInt', inputsOf(node, e), { ...seeded(node.attrs), Tout: typeAttr(node.outputs[0]), T: int32 }),
  ],
  normal: drawing('RandomStandardNormal'),
  truncatedNormal: drawing('TruncatedNormal'),
  permutation(node, e) {
    const [n] = inputsOf(node, e);
    const all = e.beside('Range', 'Range', [e.ints('start', 0), n, e.ints('delta', 1)], { Tidx: int32 });
    return [e.main('RandomShuffle', [all], { ...seeded(node.attrs), T: int32 })];
  },
  multinomial: (node, e) => [
    e.main('Multinomial', inputsOf(node, e), {
      ...seeded(node.attrs),
      T: typeAttr(node.inputs[0]),
      output_dtype: int32,
    }),
  ],
  logUniformCandidates: noTries,
  uniformCandidates: noTries,
  weightedCandidates: noTries,
  learnedCandidates: noTries,
};

const summarize = (entries: number | null): Attrs => ({ summarize: { int: entries ?? -1 } });

/** Checks and prints. */
export const checkTranslations: Translations<typeof check> = {
  assert(node, e) {
    const [condition, ...data] = inputsOf(node, e);
    const rank = e.beside('Rank', 'Rank', [condition], { T: { type: 'bool' } });
    const axes = e.beside('axes', 'Range', [e.ints('start', 0), rank, e.ints('delta', 1)], { Tidx: int32 });
    const all = e.beside('All', 'All', [condition, axes], { keep_dims: { bool: false }, Tidx: int32 });
    const types = ['string' as const, ...node.inputs.slice(1).map(typeOfEdge)];
    e.main('Assert', [all, e.texts('message', [node.attrs.message]), ...data], {
      T: { types },
      ...summarize(node.attrs.summarize),
    });
    return [];
  },
  checkNumerics: (node, e) => [
    e.main('CheckNumerics', inputsOf(node, e), { T: typeAttr(node.inputs[0]), message: { text: node.attrs.message } }),
  ],
  print: (node, e) => [
    e.main('Print', inputsOf(node, e), {
      T: typeAttr(node.inputs[0]),
      U: { types: node.inputs.slice(1).map(typeOfEdge) },
      message: { text: node.attrs.message },
      first_n: { int: node.attrs.firstN ?? -1 },
      ...summarize(node.attrs.summarize),
    }),
  ],
};
