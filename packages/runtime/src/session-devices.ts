import type { DType, Op } from '@tensorloom/graph';
import type { Backend } from './backend.js';
import { kernelFor } from './foreign.js';
import type { Device, Devices } from './lower/device.js';

/** The devices of a session that has several backends: which one a name means, and where an op goes. */
export class SessionDevices implements Devices {
  readonly first: Device;
  readonly #devices: ReadonlyMap<string, Device>;

  /** `soft`: whether an op goes elsewhere when its device does not exist, or has no kernel or dtype for it; `fusing`: whether backends that fuse are asked to. */
  constructor(
    readonly backends: ReadonlyMap<string, Backend>,
    readonly soft: boolean,
    readonly fusing = false,
  ) {
    this.#devices = new Map(Array.from(backends.keys(), (name) => [name, { name }]));
    [this.first] = this.#devices.values();
  }

  get count(): number {
    return this.#devices.size;
  }

  /** Throws when the session has no such device, unless placement is soft. */
  choose(spec: string | undefined, op: Op | null, dtypes: readonly DType[]): Device {
    const wanted = spec === undefined ? this.first : this.#named(spec);
    if (wanted === undefined && !this.soft) {
      throw new Error(
        `the session has no device '${spec}', expected one of ${[...this.#devices.keys()].join(', ')}. Make the session with it: { backends }, or let it choose another: { allowSoftPlacement: true }.`,
      );
    }
    const device = wanted ?? this.first;
    if (!this.soft || this.#takes(device, op, dtypes)) return device;
    const cpu = this.#devices.get('cpu');
    const others = [...(cpu === undefined ? [] : [cpu]), ...this.#devices.values()];
    return others.find((d) => this.#takes(d, op, dtypes)) ?? device;
  }

  fuses({ name }: Device): boolean {
    return this.fusing && this.backends.get(name)?.fuse !== undefined;
  }

  /** The device that a name means: a key of `backends`, or TensorFlow's ways to write it: `/gpu:0`, `/device:GPU:0`. */
  #named(spec: string): Device | undefined {
    const name = spec
      .replace(/^.*\//s, '')
      .replace(/^device:/i, '')
      .toLowerCase();
    return this.#devices.get(spec) ?? this.#devices.get(name) ?? this.#devices.get(name.replace(/:0$/, ''));
  }

  #takes({ name }: Device, op: Op | null, dtypes: readonly DType[]): boolean {
    const backend = this.backends.get(name);
    if (backend === undefined || dtypes.some((d) => !backend.dtypes.has(d))) return false;
    return op === null || kernelFor(backend, op) !== undefined;
  }
}
