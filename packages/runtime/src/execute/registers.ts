import type { DeviceTensor, HostTensor } from '../backend.js';
import type { Slot } from '../lower/program.js';
import { type Value, isDevice, isHost } from './values.js';

/** What a program's slots hold; empty ones are not computed yet, or not needed any more. */
export type Registers = (Value | undefined)[];

/** The value in a register. */
export function valueAt(registers: Registers, s: Slot): Value {
  const v = registers[s];
  if (v === undefined) throw new Error(`execute: register ${s} is empty.`);
  return v;
}

/** The device tensor in a register. */
export function deviceAt(registers: Registers, s: Slot): DeviceTensor {
  const v = valueAt(registers, s);
  if (!isDevice(v)) throw new Error(`execute: register ${s} holds no device tensor.`);
  return v;
}

/** The host tensor in a register. */
export function hostAt(registers: Registers, s: Slot): HostTensor {
  const v = valueAt(registers, s);
  if (!isHost(v)) throw new Error(`execute: register ${s} holds no host tensor.`);
  return v;
}

/** Puts what a step computed into its registers. */
export function fill(registers: Registers, outputs: readonly Slot[], out: Value | readonly Value[]): void {
  if (isSeveral(out)) for (let i = 0; i < outputs.length; i++) registers[outputs[i]] = out[i];
  else registers[outputs[0]] = out;
}

const isSeveral = (out: Value | readonly Value[]): out is readonly Value[] => Array.isArray(out);
