/**
 * What TensorFlow calls the outputs of its ops, which references inside functions name. One name with others after it: one output each; a
 * name alone may stand for a list. Ops that are not here have one output, or one list of them, called `output`.
 */
const names: Readonly<Record<string, readonly string[]>> = {
  ...calling('y', [
    ...[
      'Abs',
      'Acos',
      'Asin',
      'Atan',
      'Cast',
      'Ceil',
      'Cos',
      'Cosh',
      'Erf',
      'Exp',
      'Expm1',
      'Floor',
      'IsFinite',
      'IsInf',
    ],
    ...['IsNan', 'Log', 'Log1p', 'LogicalNot', 'Neg', 'Reciprocal', 'Round', 'Rsqrt', 'Sigmoid', 'Sign', 'Sin', 'Sinh'],
    ...['Sqrt', 'Square', 'Tan', 'Tanh', 'Transpose'],
  ]),
  ...calling('z', [
    ...[
      'AddV2',
      'Equal',
      'FloorDiv',
      'FloorMod',
      'Greater',
      'GreaterEqual',
      'Less',
      'LessEqual',
      'LogicalAnd',
      'LogicalOr',
    ],
    ...['Maximum', 'Minimum', 'Mul', 'NotEqual', 'Pow', 'RealDiv', 'SquaredDifference', 'Sub'],
  ]),
  ...calling('sum', ['AddN']),
  ...calling('activations', ['Relu', 'Softplus']),
  ...calling('product', ['MatMul']),
  ...calling('out', ['Cumsum']),
  ...calling('value', ['ReadVariableOp']),
  ...calling('resource', ['VarHandleOp']),
  ...calling('handle', ['EmptyTensorList', 'TensorListReserve']),
  ...calling('output_handle', [
    ...['TensorListFromTensor', 'TensorListPushBack', 'TensorListResize', 'TensorListSetItem', 'TensorListSplit'],
    ...['TensorListScatterIntoExistingList'],
  ]),
  ...calling('tensor', ['TensorListStack']),
  ...calling('values', ['TensorListGather']),
  ...calling('length', ['TensorListLength']),
  ...calling('item', ['TensorListGetItem']),
  ...calling('diagonal', ['MatrixDiagPart']),
  TensorListConcatV2: ['tensor', 'lengths'],
  TopKV2: ['values', 'indices'],
  Qr: ['q', 'r'],
  Unique: ['y', 'idx'],
  BroadcastGradientArgs: ['r0', 'r1'],
};

function calling(name: string, ops: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(ops.map((op) => [op, [name]]));
}

/** How an output of a node of TensorFlow's is called inside a function, after the node's name: `z:0`. */
export function outputName(op: string, index: number): string {
  const own = names[op] ?? ['output'];
  return own.length === 1 ? `${own[0]}:${index}` : `${own[index]}:0`;
}
