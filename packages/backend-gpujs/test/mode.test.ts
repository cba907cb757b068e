import { describe, expect, test } from 'vitest';
import { type GpujsMode, gpujs } from '../src/index.js';
import { modeOf, openGpu } from '../src/mode.js';

describe('openGpu', () => {
  test.each(['cpu', 'webasm'] as const)('%s is what its kernels say they ran in', async (mode) => {
    const gpu = openGpu(mode);
    const kernel = gpu.createKernel('function () { return 1; }').setOutput([1]);
    kernel();
    expect(modeOf(kernel)).toBe(mode);
    await gpu.destroy();
  });

  test.each(['webgl2', 'webgpu'] as const)(
    '%s, which Node does not have, is an error and no other mode',
    async (mode) => {
      await expect(gpujs({ mode })).rejects.toThrow(
        new Error(
          `gpujs: mode '${mode}' does not run here: A requested mode of "${mode}" and is not supported. Use 'cpu', which runs everywhere, or 'webasm'.`,
        ),
      );
    },
  );

  test('a mode that gpu.js chooses by itself, or does not know, is an error', async () => {
    for (const mode of ['gpu', 'async', 'toString']) {
      await expect(gpujs({ mode: mode as GpujsMode })).rejects.toThrow(
        new Error(`gpujs: '${mode}' is not a mode. Use one of cpu, webasm, webgl2, webgpu, headlessgl.`),
      );
    }
  });
});
