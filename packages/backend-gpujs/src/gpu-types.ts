import type { GPUVariableType, IGPUKernelSettings } from 'gpu.js';
import type { OnDevice } from './resident.js';

/** What gpu.js takes and gives, though its own types do not say so. */
declare module 'gpu.js' {
  interface GPU {
    /** The text of a function, from which it reads the name. */
    addFunction(source: string, settings: { argumentTypes: Record<string, string>; returnType: GPUVariableType }): this;
    /** Arguments that are textures of one float for each element. */
    createKernel(source: string, settings: TypedKernelSettings): IKernelRunShortcut;
  }

  interface IKernelRunShortcut {
    (...args: (Float32Array | OnDevice | number)[]): unknown;
  }
}

/** Settings of a kernel whose arguments have types. */
export interface TypedKernelSettings extends Omit<IGPUKernelSettings, 'argumentTypes'> {
  readonly argumentTypes: Readonly<Record<string, GPUVariableType | 'ArrayTexture(1)'>>;
}
