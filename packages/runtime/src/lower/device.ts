import type { DType, Op } from '@tensorloom/graph';

/** A device that a program runs on, by its name in the session. */
export interface Device {
  readonly name: string;
}

/** The devices of a session, as lowering asks for them. */
export interface Devices {
  readonly count: number;
  /** Where ops go that ask for no device. */
  readonly first: Device;
  /** Where an op goes that was made for the device `spec`, and that takes and gives tensors of `dtypes`; without an op, where a tensor goes. */
  choose(spec: string | undefined, op: Op | null, dtypes: readonly DType[]): Device;
  /** Whether elementwise regions become one kernel there. */
  fuses(device: Device): boolean;
}

const only: Device = { name: '' };

/** One device, which takes everything: a session with one backend. */
export const soloDevice = (fuses: boolean): Devices => ({
  count: 1,
  first: only,
  choose: () => only,
  fuses: () => fuses,
});

/** One device, which fuses nothing. */
export const oneDevice: Devices = soloDevice(false);
