import {
  type Feeds,
  type Fetchable,
  type FetchedAs,
  type Graph,
  GraphError,
  type GraphSession,
  type Location,
  type NDArray,
  type Tensor,
  type TensorLike,
  asFetch,
  explain,
  here,
  messageOf,
  refuse,
  sessionFor,
  showSpec,
  toTensor,
} from '@tensorloom/graph';
import { collect } from './collections.js';
import { type SummaryValue, encodeSummary } from './summary-message.js';

/** What makes a summary. */
export interface SummaryParts {
  readonly graph: Graph;
  readonly name: string;
  readonly tags: readonly string[];
  readonly fetch: FetchedAs<Uint8Array>;
}

/**
 * What a run tells about tensors, as a session can fetch it: the result is the protocol buffer `tensorflow.Summary`, whose bytes
 * `FileWriter.addSummary` takes. It is beside the graph's nodes: it has a name among theirs, and graph files do not hold it.
 */
export class Summary implements Fetchable<Uint8Array> {
  /** The outermost graph that its tensors are of. */
  readonly graph: Graph;
  /** Unique in the graph, as an op's. */
  readonly name: string;
  /** What TensorBoard knows its values by; those of images get the number of the image, too. */
  readonly tags: readonly string[];
  readonly location: Location = here();
  readonly #fetch: FetchedAs<Uint8Array>;

  constructor({ graph, name, tags, fetch }: SummaryParts) {
    this.graph = graph;
    this.name = name;
    this.tags = tags;
    this.#fetch = fetch;
  }

  get [asFetch](): FetchedAs<Uint8Array> {
    return this.#fetch;
  }

  /** The bytes, computed by `session` (default: the default session of the graph) given `feeds`. */
  async eval(feeds: Feeds = [], session?: GraphSession): Promise<Uint8Array> {
    return sessionFor('eval', this.name, this, session).run<Summary>(this, feeds);
  }

  toString(): string {
    const inputs = this.#fetch.tensors.map((t) => `${t.name} ${showSpec(t.spec)}`);
    return `'${this.name}' = Summary(${inputs.join(', ')})`;
  }
}

/** Options of a summary of a tensor. */
export interface SummaryOptions {
  /** The collections of the graph that it is in; default: the one that `mergeAll` takes. */
  readonly collections?: readonly string[];
  /** What TensorBoard groups it under, before the scopes of its name. */
  readonly family?: string;
}

/** A summary to be made, in the name of `call`: of which graph and tensors, and what it says of their values. */
interface NewSummary extends SummaryOptions {
  readonly call: string;
  readonly graph: Graph;
  readonly tensors: readonly Tensor[];
  readonly values: (tag: string, values: readonly NDArray[]) => readonly SummaryValue[];
}

/** Names a summary by TensorFlow's rules, makes it and puts it into its collections. */
export function makeSummary(name: string, { call, graph, tensors, values, family, collections }: NewSummary): Summary {
  const [own, group] = [legalTag(name), family === undefined ? undefined : legalTag(family)];
  let unique: string;
  try {
    unique = graph.names.unique(group === undefined ? own : `${group}/${own}`);
  } catch (e) {
    refuse(`summary.${call}`, messageOf(e), tensors);
  }
  const tag = group === undefined ? unique : `${group}/${unique}`;
  const fetch: FetchedAs<Uint8Array> = {
    tensors,
    result(given) {
      try {
        return encodeSummary(values(tag, given));
      } catch (e) {
        throw new GraphError(
          explain(`summary.${call}: '${tag}': ${messageOf(e)}`, summary.toString(), summary.location),
          { cause: e },
        );
      }
    },
  };
  const summary = new Summary({ graph, name: unique, tags: [tag], fetch });
  collect(summary, collections);
  return summary;
}

/** The tensor to tell about. Throws a `GraphError` when it is bool, or of a body, whose values a run does not give. */
export function summarized(call: string, x: TensorLike): Tensor {
  const tensor = toTensor(x, undefined, `summary.${call}`);
  if (tensor.graph.parent !== null) {
    refuse(
      `summary.${call}`,
      `'${tensor.name}' is inside the body of a loop or a branch, expected a tensor of the graph around. Return it from the body.`,
      [tensor],
    );
  }
  if (tensor.dtype === 'bool')
    refuse(`summary.${call}`, `'${tensor.name}' is bool, expected numbers. Use cast().`, [tensor]);
  return tensor;
}

/** A name with all that tags cannot have replaced. */
export const legalTag = (name: string): string => name.replace(/[^-/\w.]/g, '_').replace(/^\/+/, '');
