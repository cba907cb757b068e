/**
 * Whether this engine compiles `module`, which uses relaxed SIMD. Node 20's engine has it, complete but switched off, one version before
 * it was on everywhere: there it is switched on, for the process. It has a third more products per second in it.
 */
export function enableRelaxedSimd(module: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(module)) return true;
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return false;
  try {
    process.getBuiltinModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
  } catch {
    return false;
  }
  return WebAssembly.validate(module);
}
