import {
  type DType,
  type Tensor,
  type TensorLike,
  type Variable,
  add,
  controlDependencies,
  gather,
  identity,
  scatterUpdate,
  sub,
} from '@tensorloom/graph';

/** What an update moves: a variable, or some rows of it. Assignments give the new value of what they move. */
export interface Target {
  readonly variable: Variable;
  readonly dtype: DType;
  /** The value at this point, see `Variable.readValue`. */
  readValue(): Tensor;
  assign(x: TensorLike): Tensor;
  assignAdd(x: TensorLike): Tensor;
  assignSub(x: TensorLike): Tensor;
  /** The same part of another variable of the same shape. */
  of(slot: Variable): Target;
}

/** All of a variable. */
export const whole = (variable: Variable): Target => ({
  variable,
  dtype: variable.dtype,
  readValue: () => variable.readValue(),
  assign: (x) => variable.assign(x),
  assignAdd: (x) => variable.assignAdd(x),
  assignSub: (x) => variable.assignSub(x),
  of: whole,
});

/** Rows of a variable by their ids [n]; of equal ids the values must be equal. */
export function rowsOf(variable: Variable, ids: Tensor): Target {
  const readValue = (): Tensor => gather(variable.readValue(), ids);
  const assign = (x: TensorLike): Tensor => controlDependencies([scatterUpdate(variable, ids, x)], () => identity(x));
  return {
    variable,
    dtype: variable.dtype,
    readValue,
    assign,
    assignAdd: (x) => assign(add(readValue(), x)),
    assignSub: (x) => assign(sub(readValue(), x)),
    of: (slot) => rowsOf(slot, ids),
  };
}
