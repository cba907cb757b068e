import type { Node } from './node.js';
import { noOp } from './scopes.js';
import { type Variable, atRoot, globalVariables } from './variable.js';
import { defaultGraph } from './context.js';

/** An op that gives each of `variables` its initial value. TensorFlow: `tf.variables_initializer`. */
export function variablesInitializer(variables: readonly Variable[], { name = 'init' }: { name?: string } = {}): Node {
  const { root } = defaultGraph();
  return atRoot(root, () =>
    root.withControl(
      variables.map((v) => v.initializer),
      () => noOp({ name }),
    ),
  );
}

/** An op that gives every variable made so far its initial value. TensorFlow: `tf.global_variables_initializer`. */
export const globalVariablesInitializer = (): Node => variablesInitializer(globalVariables());
