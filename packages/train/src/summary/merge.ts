import { type Graph, asFetch, defaultGraph, refuse } from '@tensorloom/graph';
import { SUMMARIES, collect, collected } from './collections.js';
import { concatenated } from './concatenated.js';
import { Summary, legalTag } from './summary.js';

/** Options of a merged summary. */
export interface MergeOptions {
  /** Default 'Merge'. */
  readonly name?: string;
  /** The collections of the graph that the merged summary is in; default: none. */
  readonly collections?: readonly string[];
}

/** Options of `mergeAll`. */
export interface MergeAllOptions {
  /** Default: the current graph. */
  readonly graph?: Graph;
  /** The collection to merge; default: the one that summaries are in unless they say otherwise. */
  readonly key?: string;
  /** Takes only summaries whose names begin with what this matches, a regular expression; default: all. */
  readonly scope?: string;
  /** Default 'Merge'. */
  readonly name?: string;
}

/**
 * One summary of all that several say. Throws a `GraphError` when there are none, two have the same tag, or one is of another graph.
 * TensorFlow: `tf.summary.merge`.
 */
export function merge(summaries: readonly Summary[], { name = 'Merge', collections = [] }: MergeOptions = {}): Summary {
  if (summaries.length === 0) refuse('summary.merge', 'expected summaries, got none.');
  const [{ graph }] = summaries;
  const foreign = summaries.find((s) => s.graph !== graph);
  if (foreign !== undefined)
    refuse(
      'summary.merge',
      `'${foreign.name}' belongs to another graph than '${summaries[0].name}'. Merge each graph's own.`,
    );
  const tags = summaries.flatMap((s) => s.tags);
  const double = tags.find((tag, i) => tags.indexOf(tag) < i);
  if (double !== undefined)
    refuse('summary.merge', `the tag '${double}' is there twice. Merge a summary once, alone or in another.`);

  const fetches = summaries.map((s) => s[asFetch]);
  const merged = new Summary({
    graph,
    name: graph.names.within(legalTag(name), () => graph.names.unique('MergeSummary')),
    tags,
    fetch: {
      tensors: fetches.flatMap(({ tensors }) => tensors),
      result(values) {
        let at = 0;
        const parts = fetches.map((fetch) => fetch.result(values.slice(at, (at += fetch.tensors.length))));
        return concatenated(parts);
      },
    },
  });
  collect(merged, collections);
  return merged;
}

/**
 * One summary of all that were made for a graph so far. Throws a `GraphError` when there are none, where TensorFlow returns None.
 * TensorFlow: `tf.summary.merge_all`.
 */
export function mergeAll({ graph = defaultGraph(), key = SUMMARIES, scope = '', name }: MergeAllOptions = {}): Summary {
  const begins = new RegExp(`^(?:${scope})`);
  const found = collected(graph, key).filter((s) => begins.test(s.name));
  if (found.length === 0)
    refuse(
      'summary.mergeAll',
      `the graph has no summaries in '${key}'${scope === '' ? '' : ` whose names begin with '${scope}'`}. Make them first, with summary.scalar() and the others.`,
    );
  return merge(found, { ...(name !== undefined && { name }) });
}
