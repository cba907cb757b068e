import type { Compiler } from './emit/compile.js';
import type { Handles } from './handles.js';
import type { Memory } from './memory.js';
import type { Threads } from './threads/shared-code.js';
import type { Wasm } from './wasm.js';

/** What kernels work with: the memory and code of the process, and the handles of one backend. */
export interface Cpu {
  readonly memory: Memory;
  readonly wasm: Wasm;
  readonly compiler: Compiler;
  readonly handles: Handles;
  readonly threads: Threads;
}
