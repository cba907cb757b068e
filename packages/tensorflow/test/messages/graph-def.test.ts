import { expect, test } from 'vitest';
import { encodeGraphDef } from '../../src/messages/graph-def.js';

/** The same graph, serialized by TensorFlow 2.21: `GraphDef.SerializeToString(deterministic=True)`. */
const golden =
  '0a420a0178120b506c616365686f6c64657222122f6a6f623a776f726b65722f7461736b3a312a1c0a05736861706512133a11120b08ffffffffffffffffff0112020803' +
  '0a290a01631205436f6e73742a1d0a0576616c756512144212080112041202080222080000803f000000c0' +
  '0a230a017712055768696c651a01631a03783a311a025e782a0b0a015412060a043202011' +
  '50a1a0a01731201532a120a0673686170657312080a063a0218013a00' +
  '0a180a01691201492a100a0169120b18ffffffffffffffffff01' +
  '0a120a01661201462a0a0a016612055203' +
  '0a0167' +
  '12440a420a180a016712050a016118031a050a0172180a880101a201016e1a120a016e12044e6f4f702a070a016212022801220a0a017212056e3a7a3a3032060a016e12016e' +
  '2203088601';

test('writes what TensorFlow writes', () => {
  const node = { inputs: [], device: '', attrs: {} };
  const bytes = encodeGraphDef({
    nodes: [
      { ...node, name: 'x', op: 'Placeholder', device: '/job:worker/task:1', attrs: { shape: { shape: [null, 3] } } },
      {
        ...node,
        name: 'c',
        op: 'Const',
        attrs: { value: { tensor: { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) } } },
      },
      { ...node, name: 'w', op: 'While', inputs: ['c', 'x:1', '^x'], attrs: { T: { types: ['float32', 'variant'] } } },
      { ...node, name: 's', op: 'S', attrs: { shapes: { shapes: [undefined, []] } } },
      { ...node, name: 'i', op: 'I', attrs: { i: { int: -1 } } },
      { ...node, name: 'f', op: 'F', attrs: { f: { func: 'g' } } },
    ],
    functions: [
      {
        name: 'g',
        inputs: [{ name: 'a', type: 'int32' }],
        outputs: [{ name: 'r', type: 'bool' }],
        nodes: [{ ...node, name: 'n', op: 'NoOp', attrs: { b: { bool: true } } }],
        results: ['n:z:0'],
        awaited: ['n'],
        isStateful: true,
      },
    ],
  });
  expect(Buffer.from(bytes).toString('hex')).toBe(golden);
});
