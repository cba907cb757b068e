import { test } from 'vitest';
import { checkMutatedFiles } from './mutated-files.js';

test('100,000 mutated files: a clear error, or a file that says the same again', () => checkMutatedFiles(100_000));
