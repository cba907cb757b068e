import { type NDArray, type Tensor, Variable, defaultGraph, showShape } from '@tensorloom/graph';
import type { RandomStreamState, Session } from '@tensorloom/runtime';
import { INDEX_NAME, readIndex, writeIndex } from './checkpoint-index.js';
import type { Files } from './files.js';
import { readRandomStates, writeRandomStates } from './random-states.js';
import { CheckpointError, SafetensorsFile, writeSafetensors } from './safetensors.js';

/** Options of a saver. */
export interface SaverOptions {
  /** The variables to save, or those to save under other names, by these names; default: all there are in the current graph. */
  readonly varList?: readonly Variable[] | Readonly<Record<string, Variable>>;
  /** How many checkpoints of a path are kept, the newest ones; 0 keeps all. Default 5. */
  readonly maxToKeep?: number;
  /** Whether the positions of random streams are saved and restored too, so that training goes on with the same numbers. Default: when all variables are. */
  readonly randomStreams?: boolean;
}

/** Options of `save`. */
export interface SaveOptions {
  /** The step's number, which is added to the path: `model-30`. */
  readonly globalStep?: number | Variable | Tensor;
  /** The name of the index in the checkpoint's folder; default 'checkpoint.json'. */
  readonly latestFilename?: string;
}

/** Options of `restore`. */
export interface RestoreOptions {
  /** Whether variables that the checkpoint does not hold may stay as they are; default false: then that is an error. */
  readonly partial?: boolean;
  /** What a variable is called in the checkpoint, given its name here: a function, or the names that differ. */
  readonly rename?: ((name: string) => string) | Readonly<Record<string, string>>;
}

/** What of a checkpoint was restored, by names without `:0`. */
export interface RestoreReport {
  /** The variables that were restored. */
  readonly restored: readonly string[];
  /** The variables that the checkpoint does not hold, which stay as they are. */
  readonly missing: readonly string[];
  /** What the checkpoint holds besides. */
  readonly unexpected: readonly string[];
  /** The ops whose random numbers go on from where the checkpoint was saved. */
  readonly randomStreams: readonly string[];
}

const RANDOM_STREAMS = 'random_streams';

/** A saver over some kind of files; see `Saver`. */
export class CheckpointSaver {
  readonly #files: Files;
  /** By the names that checkpoints hold them under. */
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #maxToKeep: number;
  readonly #randomStreams: boolean;
  /** Settles when all saves so far have ended: each reads the index that the last one wrote. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(files: Files, { varList, maxToKeep = 5, randomStreams = varList === undefined }: SaverOptions = {}) {
    if (!Number.isInteger(maxToKeep) || maxToKeep < 0)
      throw new RangeError(`Saver: maxToKeep is ${maxToKeep}, expected an integer from 0. Leave it out to keep five.`);
    this.#files = files;
    this.#variables = named(varList ?? defaultGraph().root.variables);
    this.#maxToKeep = maxToKeep;
    this.#randomStreams = randomStreams;
  }

  /**
   * Writes a checkpoint: the values of the variables after the runs of the session that were begun before. Returns its path, `path`
   * with the step. When this returns, the file is on disk, is the latest one in its folder's index, and older ones have been removed;
   * whatever ends the process before, the latest checkpoint of the index is a whole one. Rejects when a variable has no value, or the
   * file cannot be written. TensorFlow: `tf.train.Saver.save`.
   */
  async save(
    sess: Session,
    path: string,
    { globalStep, latestFilename = INDEX_NAME }: SaveOptions = {},
  ): Promise<string> {
    const [, name] = this.#files.split(path);
    if (name === '' || name === latestFilename)
      throw new TypeError(`save: '${path}' is not the path of a checkpoint, expected one that ends with its name.`);
    const { bytes, step } = await this.#encode(sess, globalStep);
    const saved = step === undefined ? path : `${path}-${step}`;
    const result = this.#tail.then(() => this.#write(path, saved, bytes, latestFilename));
    this.#tail = result.catch(() => undefined);
    await result;
    return saved;
  }

  /**
   * Gives the session's variables, and its random streams, the values of a checkpoint that `save` has written, or another
   * safetensors file; no initializer need have run. Returns what was restored. Rejects with a `CheckpointError` when there is no such file, it is
   * damaged, lacks a variable, or holds it with another dtype or shape: then nothing has changed. TensorFlow:
   * `tf.train.Saver.restore`.
   */
  async restore(sess: Session, path: string, options: RestoreOptions = {}): Promise<RestoreReport> {
    const bytes = await this.#files.read(path);
    if (bytes === null) {
      throw new CheckpointError(
        `restore: there is no file ${path}. Give a path that save() or latestCheckpoint() returned.`,
      );
    }
    return this.fromBytes(sess, bytes, options);
  }

  /** The bytes of a checkpoint, for where there are no files. */
  async toBytes(sess: Session): Promise<Uint8Array> {
    return (await this.#encode(sess)).bytes;
  }

  /** `restore` from the bytes of a checkpoint. */
  async fromBytes(
    sess: Session,
    bytes: Uint8Array,
    { partial = false, rename = {} }: RestoreOptions = {},
  ): Promise<RestoreReport> {
    const file = new SafetensorsFile(bytes);
    const nameOf =
      typeof rename === 'function' ? rename : (name: string) => new Map(Object.entries(rename)).get(name) ?? name;
    const sources = [...this.#variables].map(([name, variable]) => ({ name, variable, source: nameOf(name) }));
    const missing = sources.filter(({ source }) => !file.tensors.has(source));
    const present = sources.filter(({ source }) => file.tensors.has(source));
    if (missing.length > 0 && !partial) refuseMissing(missing, file);
    for (const { variable, source } of present) checkFits(variable, source, file);
    const states = this.#randomStreams ? statesIn(file) : undefined;

    await assign(
      sess,
      present.map(({ variable, source }) => [variable, file.get(source)]),
    );
    const used = new Set(present.map(({ source }) => source));
    return {
      restored: present.map(({ name }) => name),
      missing: missing.map(({ name }) => name),
      unexpected: [...file.tensors.keys()].filter((name) => !used.has(name)),
      randomStreams: states === undefined ? [] : await sess.setRandomStreams(states),
    };
  }

  async #encode(
    sess: Session,
    globalStep?: SaveOptions['globalStep'],
  ): Promise<{ bytes: Uint8Array; step: number | undefined }> {
    const [fixed, fetched] =
      typeof globalStep === 'number' ? [globalStep, []] : [undefined, globalStep === undefined ? [] : [globalStep]];
    // Both are asked for at once, so that no other run comes between them.
    const [{ values, steps }, states] = await Promise.all([
      sess.run({ values: [...this.#variables.values()], steps: fetched }),
      this.#randomStreams ? sess.randomStreams() : new Map<string, RandomStreamState>(),
    ]);
    const step = fixed ?? steps.map((s) => s.item()).at(0);
    if (step !== undefined && !Number.isInteger(step))
      throw new RangeError(`save: globalStep is ${step}, expected an integer.`);
    const metadata = [['format', 'tensorloom'] as const, [RANDOM_STREAMS, writeRandomStates(states)] as const];
    const tensors = [...this.#variables.keys()].map((name, i) => [name, values[i]] as const);
    return { bytes: writeSafetensors(tensors, metadata), step };
  }

  /** Writes the file, then the index that names it; then removes the oldest, and their names: were it cut short, the next save would remove them. */
  async #write(path: string, saved: string, bytes: Uint8Array, indexName: string): Promise<void> {
    const files = this.#files;
    const [folder, base] = files.split(path);
    const [, name] = files.split(saved);
    const known = await readIndex(files, folder, indexName);
    await files.replace(saved, bytes);
    const all = [...known.filter((other) => other !== name), name];
    await writeIndex(files, folder, indexName, all);
    const ours = all.filter((other) => isOf(base, other));
    const dropped = this.#maxToKeep === 0 ? [] : ours.slice(0, Math.max(0, ours.length - this.#maxToKeep));
    if (dropped.length === 0) return;
    for (const old of dropped) await files.remove(files.join(folder, old));
    const kept = all.filter((other) => !dropped.includes(other));
    await writeIndex(files, folder, indexName, kept);
  }
}

/** The path of the newest checkpoint in `folder` by its index, `null` when there is none; see `latestCheckpoint`. */
export async function latestIn(files: Files, folder: string, latestFilename = INDEX_NAME): Promise<string | null> {
  for (const name of [...(await readIndex(files, folder, latestFilename))].reverse()) {
    const path = files.join(folder, name);
    if (await files.exists(path)) return path;
  }
  return null;
}

/** Variables by the names they are saved under. */
function named(varList: Exclude<SaverOptions['varList'], undefined>): ReadonlyMap<string, Variable> {
  const pairs = isList(varList) ? varList.map((v) => [v.op, v] as const) : Object.entries(varList);
  if (pairs.length === 0)
    throw new TypeError('Saver: there are no variables to save. Make them before, or pass { varList }.');
  const variables = new Map<string, Variable>();
  for (const [name, v] of pairs) {
    if (!(v instanceof Variable))
      throw new TypeError(`Saver: expected variables in varList, got something else at '${name}'.`);
    if (variables.has(name)) throw new TypeError(`Saver: variable '${name}' occurs twice in varList, expected once.`);
    variables.set(name, v);
  }
  return variables;
}

const isList = (x: Exclude<SaverOptions['varList'], undefined>): x is readonly Variable[] => Array.isArray(x);

/** Whether a file's name is that of a checkpoint that was saved to `base`, with a step or without. */
const isOf = (base: string, name: string): boolean =>
  name === base || (name.startsWith(`${base}-`) && /^-?\d+$/.test(name.slice(base.length + 1)));

function refuseMissing(missing: readonly { name: string; source: string }[], file: SafetensorsFile): never {
  const names = missing.map(({ name, source }) => (name === source ? `'${name}'` : `'${name}' (as '${source}')`));
  const held = [...file.tensors.keys()].map((name) => `'${name}'`);
  const some = (all: string[]): string => (all.length > 10 ? `${all.slice(0, 10).join(', ')}, ...` : all.join(', '));
  throw new CheckpointError(
    `restore: the checkpoint does not hold ${some(names)}; it holds ${held.length === 0 ? 'nothing' : some(held)}. Pass { rename } for variables of other names, { partial: true } to leave some as they are.`,
  );
}

function checkFits(v: Variable, source: string, file: SafetensorsFile): void {
  const held = file.tensors.get(source);
  const fits =
    held?.dtype === v.dtype && held.shape.length === v.shape.length && v.shape.every((d, i) => d === held.shape[i]);
  if (held === undefined || fits) return;
  const as = source === v.op ? '' : ` as '${source}'`;
  throw new CheckpointError(
    `restore: variable '${v.name}' is ${v.dtype}${showShape(v.shape)}, the checkpoint holds ${held.dtype}${showShape(held.shape)}${as}. Restore into the graph it was saved from, or leave the variable out of varList.`,
  );
}

function statesIn(file: SafetensorsFile): ReadonlyMap<string, RandomStreamState> | undefined {
  const text = file.metadata.get(RANDOM_STREAMS);
  return text === undefined ? undefined : readRandomStates(text);
}

/** Runs the variables' initializers with other initial values: so restoring adds nothing to the graph. */
async function assign(sess: Session, values: readonly (readonly [Variable, NDArray])[]): Promise<void> {
  // Variables may have one initial value in common: then they are restored one after the other.
  let rest = values;
  while (rest.length > 0) {
    const fed = new Map<Tensor, NDArray>();
    const now: Variable[] = [];
    const later: (readonly [Variable, NDArray])[] = [];
    for (const [v, value] of rest) {
      if (fed.has(v.initialValue)) later.push([v, value]);
      else {
        fed.set(v.initialValue, value);
        now.push(v);
      }
    }
    await sess.run(
      now.map((v) => v.initializer),
      fed,
    );
    rest = later;
  }
}
