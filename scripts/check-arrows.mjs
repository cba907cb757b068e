// @ts-check
import { fileURLToPath } from 'node:url';
import { readSources, violations } from './arrows.mjs';

const { sources, declared } = readSources(fileURLToPath(new URL('..', import.meta.url)));
const found = violations(sources, declared);
for (const line of found) console.error(line);
if (found.length > 0) process.exitCode = 1;
console.log(`${sources.length} files, ${found.length} broken arrows`);
