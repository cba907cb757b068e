import {
  type DType,
  type Tensor,
  type Variable,
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

interface Variables {
  readonly v: Variable;
  /** The length of v and an offset, where scores are normalized. */
  readonly g: Variable | null;
  readonly b: Variable | null;
}

/**
 * Scores [batch, time] of a query [batch, units] against keys [batch, time, units]: v . tanh(query + key), with the variable `attention_v`
 * [units]. With `normalize` g v / |v| . tanh(query + key + b), with `attention_g`, a scalar that begins at 1 / sqrt(units), and
 * `attention_b` [units], zeros (Salimans & Kingma 2016). Variables are made at the first call. The function throws, in the name of
 * `mechanism`, when queries have other units.
 */
export function bahdanauScore(
  mechanism: string,
  numUnits: number,
  normalize: boolean,
): (query: Tensor, keys: Tensor) => Tensor {
  let variables: Variables | undefined;
  return (query, keys) => {
    if (query.shape?.length !== 2 || query.shape[1] !== numUnits) {
      refuse(
        mechanism,
        `expected a query [batch, ${numUnits}], got ${showSpec(query.spec)}. Reshape the output of the cell.`,
        [query],
      );
    }
    const { v, g, b } = (variables ??= makeVariables(numUnits, normalize, query.dtype));
    const compared = add(keys, expandDims(query, 1));
    if (g === null || b === null) return reduceSum(mul(v, tanh(compared)), 2);
    const weights = mul(g, mul(v, rsqrt(reduceSum(square(v)))));
    return reduceSum(mul(weights, tanh(add(compared, b))), 2);
  };
}

function makeVariables(numUnits: number, normalize: boolean, dtype: DType): Variables {
  const v = getVariable('attention_v', [numUnits], { dtype });
  if (!normalize) return { v, g: null, b: null };
  const g = getVariable('attention_g', [], { dtype, initializer: constantInitializer(Math.sqrt(1 / numUnits)) });
  return { v, g, b: getVariable('attention_b', [numUnits], { dtype, initializer: zerosInitializer() }) };
}
