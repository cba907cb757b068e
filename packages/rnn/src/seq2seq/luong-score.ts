import {
  type Tensor,
  type Variable,
  expandDims,
  getVariable,
  matmul,
  mul,
  onesInitializer,
  refuse,
  showSpec,
  squeeze,
} from '@tensorloom/graph';

/**
 * Scores [batch, time] of a query [batch, units] against keys [batch, time, units]: their products, with `scale` times the scalar variable
 * `attention_g`, which begins at 1 and is made at the first call. The function throws, in the name of `mechanism`, when they have not the
 * same units.
 */
export function luongScore(mechanism: string, scale: boolean): (query: Tensor, keys: Tensor) => Tensor {
  let g: Variable | undefined;
  return (query, keys) => {
    const units = keys.shape?.[2] ?? null;
    if (query.shape?.length !== 2 || query.shape[1] !== units) {
      refuse(
        mechanism,
        `expected a query [batch, ${units}], as the keys have ${units} units, got ${showSpec(query.spec)}. Set numUnits to the units of the queries, those of the cell's output.`,
        [query, keys],
      );
    }
    const score = squeeze(matmul(expandDims(query, 1), keys, { transposeB: true }), [1]);
    if (!scale) return score;
    g ??= getVariable('attention_g', [], { dtype: query.dtype, initializer: onesInitializer() });
    return mul(g, score);
  };
}
