import { type NDArray, type TensorLike, defaultGraph } from '@tensorloom/graph';
import { type Summary, type SummaryOptions, makeSummary, summarized } from './summary.js';
import type { Strings } from './summary-message.js';

/** A text in Markdown; a list or a table of texts, which TensorBoard shows as a table. */
export type Text = string | readonly string[] | readonly (readonly string[])[];

/** Options of a summary of text. */
export interface TextOptions extends SummaryOptions {
  /** The tensors whose values a function of text is given; default: none. */
  readonly of?: readonly TensorLike[];
}

/**
 * A summary of text: one that stays the same, or what a function makes of it at each run, given the values of the tensors `of`: the letters
 * that a model wrote, say. A run rejects at a table whose rows differ in length. Strings are of the host, as no tensor holds any. TensorFlow:
 * `tf.summary.text`.
 */
export function text(
  name: string,
  content: Text | ((...values: readonly NDArray[]) => Text),
  { of = [], ...options }: TextOptions = {},
): Summary {
  const tensors = of.map((x) => summarized('text', x));
  return makeSummary(name, {
    ...options,
    call: 'text',
    graph: tensors.at(0)?.graph ?? defaultGraph().root,
    tensors,
    values: (tag, values) => [{ tag, text: toStrings(typeof content === 'function' ? content(...values) : content) }],
  });
}

function toStrings(text: Text): Strings {
  if (typeof text === 'string') return { shape: [], data: [text] };
  const rows = text.map((row) => (typeof row === 'string' ? [row] : row));
  const [columns = 0] = rows.map((row) => row.length);
  const uneven = rows.findIndex((row, i) => row.length !== columns || typeof text[i] !== typeof text[0]);
  if (uneven >= 0)
    throw new RangeError(`row ${uneven} is not as long as row 0, expected a list of texts, or rows of one length.`);
  const isTable = typeof text[0] === 'object';
  return { shape: isTable ? [rows.length, columns] : [rows.length], data: rows.flat() };
}
