import { defaultGraph } from './context.js';
import { synchronous } from './graph.js';
import type { Node } from './node.js';
import { makeOp } from './op.js';
import { type Tensor, isTensor } from './tensor.js';

/** Runs `build` with names under `name/`, made unique; returns its result. TensorFlow: `tf.name_scope`. */
export const nameScope = <T>(name: string, build: () => T): T =>
  defaultGraph().names.within(name, () => synchronous(build(), 'nameScope'));

/** Runs `build` with its ops placed on the backend called `spec`; `undefined` is no placement. TensorFlow: `tf.device`. */
export const device = <T>(spec: string | undefined, build: () => T): T => defaultGraph().withDevice(spec, build);

/** What can be depended on: an op, or the op of a tensor. */
export type Dependency = Node | Tensor;

/**
 * Runs `build` with its ops running after `ops`; returns its result. In the body of a loop or a branch, dependencies outside the
 * body bind the whole loop or branch. Throws a `GraphError` at ops of another graph. TensorFlow: `tf.control_dependencies`.
 */
export const controlDependencies = <T>(ops: readonly Dependency[], build: () => T): T =>
  defaultGraph().withControl(
    ops.map((x) => (isTensor(x) ? x.op : x)),
    build,
  );

/** A node that computes nothing; with control inputs, it stands for all of them. */
export const NoOp = makeOp({ name: 'NoOp', infer: () => [] });

/** A node that has run when nothing more has. TensorFlow: `tf.no_op`. */
export const noOp = ({ name }: { name?: string } = {}): Node => defaultGraph().apply(NoOp, [], {}, name);

/** One node that stands for running all of `ops`. TensorFlow: `tf.group`. */
export const group = (...ops: readonly Dependency[]): Node =>
  controlDependencies(ops, () => noOp({ name: 'group_deps' }));
