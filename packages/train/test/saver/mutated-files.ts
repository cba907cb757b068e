import fc from 'fast-check';
import { mutated } from '@tensorloom/testkit';
import { expect } from 'vitest';
import { CheckpointError, SafetensorsFile, writeSafetensors } from '../../src/saver/safetensors.js';
import { mendHeader, namedArrays } from './support.js';

const files = namedArrays.map((tensors) => writeSafetensors(tensors, [['format', 'mutated']]));

/** Reads what is left of mutated files: a clear error or a correct load, at once, and without allocating what they claim to hold. */
export function checkMutatedFiles(numRuns: number): void {
  let loaded = 0;
  let refused = 0;
  fc.assert(
    fc.property(mutated(files, mendHeader), (bytes) => {
      const before = process.memoryUsage().arrayBuffers;
      const start = performance.now();
      try {
        const file = new SafetensorsFile(bytes);
        const tensors = [...file.tensors.keys()].map((name) => [name, file.get(name)] as const);
        const again = new SafetensorsFile(writeSafetensors(tensors, file.metadata));
        expect(tensors.map(([name]) => again.get(name))).toEqual(tensors.map(([, array]) => array));
        loaded++;
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        expect(error.message).toMatch(/^safetensors: .{10,}\.$/s);
        refused++;
      }
      expect(performance.now() - start).toBeLessThan(1000);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * bytes.length + 2 ** 20);
    }),
    { numRuns },
  );
  expect(loaded).toBeGreaterThan(numRuns / 50);
  expect(refused).toBeGreaterThan(numRuns / 4);
}
