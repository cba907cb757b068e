import { apply1, defaultGraph } from '../context.js';
import { refuse } from '../node.js';
import { type Op, makeOp, tensorInput } from '../op.js';
import { compatible, showShape } from '../shape.js';
import { tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';
import { type TensorLike, toTensor } from './convert.js';
import type { Named } from './elementwise.js';

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
};

const assigner =
  (op: Op<VariableAttrs>) =>
  (variable: Variable, x: TensorLike, { name }: Named = {}): Tensor => {
    const { graph } = variable;
    if (defaultGraph().root !== graph) {
      return refuse(
        op.name,
        `variable '${variable.name}' belongs to another graph. Assign to it inside withGraph() of its own.`,
      );
    }
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
