import { elementwise, mixed } from '@tensorloom/graph';
import { typeAttr, typeOfEdge } from '../emitter.js';
import { type Translation, type Translations, inputsOf } from './translation.js';

/** Ops that TensorFlow calls otherwise. */
const names: Readonly<Record<string, string>> = { Add: 'AddV2', LogicalXor: 'NotEqual' };
const untyped = new Set(['LogicalAnd', 'LogicalOr', 'LogicalNot']);

const plain: Translation<unknown> = (node, e) => {
  const op = names[node.op.name] ?? node.op.name;
  return [e.main(op, inputsOf(node, e), untyped.has(op) ? {} : { T: typeAttr(node.inputs[0]) })];
};

/** TensorFlow's kernel for integers gives 0. */
const round: Translation<unknown> = (node, e) =>
  node.inputs[0].dtype === 'int32'
    ? [e.main('Identity', inputsOf(node, e), { T: typeAttr(node.inputs[0]) })]
    : plain(node, e);

/** All members of a family alike. */
const alike = <F extends object>(
  family: F,
  translation: Translation<unknown>,
): { [K in keyof F]: Translation<unknown> } =>
  Object.fromEntries(Object.keys(family).map((name) => [name, translation])) as {
    [K in keyof F]: Translation<unknown>;
  };

/** Elementwise ops. */
export const elementwiseTranslations: Translations<typeof elementwise> = { ...alike(elementwise, plain), round };

/** Those of several dtypes. */
export const mixedTranslations: Translations<typeof mixed> = {
  select: (node, e) => [e.main('SelectV2', inputsOf(node, e), { T: typeAttr(node.inputs[1]) })],
  cast: (node, e) => [
    e.main('Cast', inputsOf(node, e), { SrcT: typeAttr(node.inputs[0]), DstT: { type: typeOfEdge(node.outputs[0]) } }),
  ],
};
