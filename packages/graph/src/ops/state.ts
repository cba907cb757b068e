import { apply1, defaultGraph } from '../context.js';
import { refuse } from '../node.js';
import { type Op, makeOp, tensorInput } from '../op.js';
import { compatible, showShape } from '../shape.js';
import { tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';
import { type TensorLike, toTensor } from './convert.js';
import { type Named, neg } from './elementwise.js';
import { indexing, inferScatter } from './gather.js';
import { expandDims } from './shape.js';

/** Attributes of the ops on one variable. */
export interface VariableAttrs {
  readonly variable: Variable;
}

const show = ({ variable }: VariableAttrs): string => variable.name;

const assignment = (name: string) =>
  makeOp<VariableAttrs>({
    name,
    effect: 'write',
    infer([x], { variable }) {
      const s = tensorInput(name, x);
      if (s.dtype !== variable.dtype) {
        throw new TypeError(`${name}: variable '${variable.name}' is ${variable.dtype}, got ${s.dtype}. Use cast().`);
      }
      if (!compatible(s.shape, variable.shape)) {
        throw new TypeError(
          `${name}: variable '${variable.name}' has shape ${showShape(variable.shape)}, got ${showShape(s.shape)}. Reshape the value.`,
        );
      }
      return [tensorSpec(variable.dtype, variable.shape)];
    },
    show,
  });

/** (indices[..., k], updates): sets parts of a variable, or adds to them. */
const scattering = (name: string, adds: boolean) =>
  makeOp<VariableAttrs>({
    name,
    effect: 'write',
    infer: (inputs, { variable: v }) =>
      inferScatter(name, adds)([{ spec: tensorSpec(v.dtype, v.shape), value: undefined }, ...inputs]),
    show,
  });

/** The family that reads and writes variables; the runtime runs it. Outputs of assignments are the new values. */
export const state = {
  read: makeOp<VariableAttrs>({
    name: 'ReadVariable',
    effect: 'read',
    infer: (_, { variable: v }) => [tensorSpec(v.dtype, v.shape)],
    show,
  }),
  assign: assignment('Assign'),
  assignAdd: assignment('AssignAdd'),
  assignSub: assignment('AssignSub'),
  scatterUpdate: scattering('ScatterNdUpdate', false),
  scatterAdd: scattering('ScatterNdAdd', true),
};

/** The op that computes a variable's new value from the old one and the inputs of a scattering assignment. */
export const scatteredBy: ReadonlyMap<Op<VariableAttrs>, Op> = new Map<Op<VariableAttrs>, Op>([
  [state.scatterUpdate, indexing.tensorScatterUpdate],
  [state.scatterAdd, indexing.tensorScatterAdd],
]);

function checkOwn(op: Op<VariableAttrs>, variable: Variable): void {
  if (defaultGraph().root === variable.graph) return;
  refuse(op.name, `variable '${variable.name}' belongs to another graph. Assign to it inside withGraph() of its own.`);
}

const assigner =
  (op: Op<VariableAttrs>) =>
  (variable: Variable, x: TensorLike, { name }: Named = {}): Tensor => {
    const { graph } = variable;
    checkOwn(op, variable);
    const value = toTensor(x, variable.dtype, op.name);
    const write = (as: string): Tensor => apply1(op, [value], { variable }, as);
    // By default named after the variable, wherever it is assigned to.
    return name === undefined ? graph.names.within('', () => write(`${variable.op}/${op.name}`)) : write(name);
  };

/** Sets a variable; the output is its new value. TensorFlow: `tf.assign`. */
export const assign = assigner(state.assign);
/** Adds to a variable; the output is its new value. TensorFlow: `tf.assign_add`. */
export const assignAdd = assigner(state.assignAdd);
/** Subtracts from a variable; the output is its new value. TensorFlow: `tf.assign_sub`. */
export const assignSub = assigner(state.assignSub);

const scatterer =
  (op: Op<VariableAttrs>) =>
  (variable: Variable, indices: TensorLike, updates: TensorLike, { name }: Named = {}): Tensor => {
    checkOwn(op, variable);
    const ids = toTensor(indices, 'int32', op.name);
    const at = expandDims(ids, -1);
    return apply1(op, [at, toTensor(updates, variable.dtype, op.name)], { variable }, name);
  };

/**
 * Replaces rows of a variable: ids int32 of any shape, a row for each: updates ids.shape + v.shape[1:]; of equal ids the last
 * one stays. The output is the new value. An id out of range fails the run. TensorFlow: `tf.scatter_update`.
 */
export const scatterUpdate = scatterer(state.scatterUpdate);
/** Adds to rows of a variable, once for each of equal ids; see `scatterUpdate`. TensorFlow: `tf.scatter_add`. */
export const scatterAdd = scatterer(state.scatterAdd);
/** Subtracts from rows of a variable; see `scatterAdd`. TensorFlow: `tf.scatter_sub`. */
export const scatterSub = (variable: Variable, indices: TensorLike, updates: TensorLike, named: Named = {}): Tensor =>
  scatterAdd(variable, indices, neg(toTensor(updates, variable.dtype, 'ScatterSub')), named);
