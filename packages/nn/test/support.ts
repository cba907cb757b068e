import { reference } from '@tensorloom/backend-reference';
import { type Tensor, globalVariablesInitializer } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';

/** The elements of tensors, on the reference backend. */
export function run(tensors: readonly Tensor[], feeds: Parameters<Session['runSync']>[1] = []): number[][] {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const values = session.runSync(tensors, feeds).map((v) => Array.from(v.data));
  session.close();
  return values;
}

/** Gradients of `build` are those of finite differences, orders 1 and 2, over inputs of these shapes away from 0. */
export function checkSmooth(
  shapes: readonly (readonly number[])[],
  build: (xs: readonly Tensor[]) => Tensor | readonly Tensor[],
): void {
  const inputs = fc.tuple(
    ...shapes.map((s) => ndarrays('float64', s, { awayFrom: [0], distance: 0.01, distinct: true })),
  );
  fc.assert(
    fc.property(inputs, fc.nat(1000), (xs, seed) => {
      checkGradients({ inputs: xs, order: 2, seed, build: (ts) => [build(ts)].flat() });
    }),
    { numRuns: 4 },
  );
}
