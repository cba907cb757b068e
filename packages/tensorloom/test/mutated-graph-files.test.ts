import { test } from 'vitest';
import { checkMutatedGraphs } from './mutated-graph-files.js';

test('2,000 mutated graph files: a clear error, or a graph that says the same again', () => checkMutatedGraphs(2000));
