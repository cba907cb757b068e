import * as tl from 'tensorloom';
import type { Weights } from './messages.js';

/** The trainable variables of a graph, to be carried from one backend to another. */
export interface WeightsOfGraph {
  read(session: tl.Session): Promise<Weights>;
  /** Rejects when the weights are those of another network. */
  write(session: tl.Session, weights: Weights): Promise<void>;
}

/** Adds to the current graph what it takes to set its trainable variables. */
export function weightsOfGraph(): WeightsOfGraph {
  const variables = tl.trainableVariables();
  const values = variables.map(({ dtype, shape }) => tl.placeholder(dtype, shape));
  const assignment = tl.group(...variables.map((variable, i) => variable.assign(values[i])));
  return {
    async read(session) {
      const arrays = await session.run(variables);
      return arrays.map(({ data }) => Float32Array.from(data));
    },
    async write(session, weights) {
      if (weights.length !== variables.length) {
        throw new Error(
          `weights: expected ${variables.length} variables, got ${weights.length}. Take them from the same network.`,
        );
      }
      await session.run(
        assignment,
        values.map((value, i) => [value, { shape: variables[i].shape, data: weights[i] }] as const),
      );
    },
  };
}
