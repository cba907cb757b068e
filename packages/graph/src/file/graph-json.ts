import type { Json } from './codec.js';

/** The format's name, in every file. */
export const FORMAT = 'tensorloom graph';
/** Files of a later version than this are refused. */
export const VERSION = 1;

/** A node: what is left out is as it mostly is. Inputs are edges (`MatMul:0`), `after` are nodes. */
export interface NodeJson {
  /** The graph it is in, by its place in `graphs`; left out in the outermost. */
  readonly graph?: number;
  readonly name: string;
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly attrs?: Json;
  /** The nodes that it runs after. */
  readonly after?: readonly string[];
  readonly device?: string;
  /** The types of the outputs, as they are shown: what inference must come to. */
  readonly outputs: readonly string[];
}

/** A body, or the outermost graph, which comes first. */
export interface BodyJson {
  /** The graph around, by its place; `null` for the outermost. */
  readonly parent: number | null;
  /** Edges of the graphs around, and what they are called inside. */
  readonly captured?: readonly (readonly [outer: string, inner: string])[];
  /** Nodes of the graphs around that something inside runs after. */
  readonly awaited?: readonly string[];
}

/** A variable, by the names of what was made with it. */
export interface VariableJson {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Json;
  readonly trainable: boolean;
  readonly device?: string;
  readonly initialValue: string;
  readonly initializer: string;
  readonly read: string;
  /** Its full name in variable scopes, where it was made by `getVariable`. */
  readonly scoped?: string;
}

/** The stream of random numbers that ops draw from. */
export interface StreamJson {
  readonly graphSeed?: number;
  readonly opSeed?: number;
  readonly index: number;
}

/** A graph as JSON: what `graphToJson` gives and `graphFromJson` takes. Everything refers to what comes before it only. */
export interface GraphJson {
  readonly format: string;
  readonly version: number;
  readonly seed?: number;
  /** How many nodes were made, those of dropped bodies included. */
  readonly size: number;
  readonly graphs: readonly BodyJson[];
  readonly streams: readonly StreamJson[];
  readonly variables: readonly VariableJson[];
  readonly nodes: readonly NodeJson[];
  /** Names that are taken besides those of nodes, or with the number that the next of the name gets; in lower case, sorted. */
  readonly names: readonly (readonly [string, number])[];
  /** How often scopes of layers and cells were made at the top. */
  readonly scopes: readonly (readonly [string, number])[];
}
