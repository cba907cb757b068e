import { FileWriter } from '../../src/summary/file-writer.js';

// Ends without closing its writer.
const writer = new FileWriter(process.argv[2]);
for (const step of [1, 2, 3]) writer.addSummary(Uint8Array.of(10, 0), step);
