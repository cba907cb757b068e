import {
  type Tensor,
  add,
  constantInitializer,
  expandDims,
  getVariable,
  mul,
  reduceSum,
  refuse,
  rsqrt,
  showSpec,
  square,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';

/**
 * Scores [batch, time] of a query [batch, units] against keys [batch, time, units]: v . tanh(query + key), with the variable `attention_v`
 * [units]. With `normalize` g v / |v| . tanh(query + key + b), with `attention_g`, a scalar that begins at 1 / sqrt(units), and
 * `attention_b` [units], zeros (Salimans & Kingma 2016). The function throws, in the name of `mechanism`, when queries have other units.
 */
export const bahdanauScore =
  (mechanism: string, numUnits: number, normalize: boolean) =>
  (query: Tensor, keys: Tensor): Tensor => {
    if (query.shape?.length !== 2 || query.shape[1] !== numUnits) {
      refuse(mechanism, `expected a query [batch, ${numUnits}], got ${showSpec(query.spec)}.`, [query]);
    }
    const { dtype } = query;
    const v = getVariable('attention_v', [numUnits], { dtype });
    const compared = add(keys, expandDims(query, 1));
    if (!normalize) return reduceSum(mul(v, tanh(compared)), 2);
    const g = getVariable('attention_g', [], { dtype, initializer: constantInitializer(Math.sqrt(1 / numUnits)) });
    const b = getVariable('attention_b', [numUnits], { dtype, initializer: zerosInitializer() });
    const direction = mul(v, rsqrt(reduceSum(square(v))));
    return reduceSum(mul(mul(g, direction), tanh(add(compared, b))), 2);
  };
