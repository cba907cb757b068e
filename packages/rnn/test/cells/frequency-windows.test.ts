import { reference } from '@tensorloom/backend-reference';
import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { type FrequencyWindows, checkFrequencyWindows, frequencyWindows } from '../../src/cells/frequency-windows.js';

beforeEach(() => resetDefaultGraph());

const X = [[1, 2, 3, 4, 5, 6]];

function windowsOf(options: FrequencyWindows, offset?: number): number[][][] {
  checkFrequencyWindows('Cell', options);
  const session = new Session({ backend: reference() });
  const values = session.runSync(frequencyWindows('Cell', constant(X), options, offset));
  session.close();
  return values.map((block) => block.map((w) => Array.from(w.data, Number)));
}

test('windows of one block, and of blocks that overlap', () => {
  const one = { featureSize: 3, frequencySkip: 2, numFrequencyBlocks: [2] };
  expect(windowsOf(one)).toEqual([
    [
      [1, 2, 3],
      [3, 4, 5],
    ],
  ]);
  const lists = { startFreqindexList: [0, 1], endFreqindexList: [4, 6] };
  expect(windowsOf({ featureSize: 2, frequencySkip: 2, numFrequencyBlocks: [2, 2], ...lists })).toEqual([
    [
      [1, 2],
      [3, 4],
    ],
    [
      [2, 3],
      [4, 5],
    ],
  ]);
});

test('an offset moves them, into zeros at the ends', () => {
  const options = { featureSize: 3, frequencySkip: 3, numFrequencyBlocks: [2] };
  expect(windowsOf(options, 2)).toEqual([
    [
      [3, 4, 5],
      [6, 0, 0],
    ],
  ]);
  expect(windowsOf(options, -1)).toEqual([
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  ]);
});

test('errors', () => {
  const options = { featureSize: 2, frequencySkip: 1, numFrequencyBlocks: [3] };
  expect(() => windowsOf(options)).toThrow(
    /^Cell: expected 3 windows in block 0, frequencies 0 to 6 of 6, got 5\. Make numFrequencyBlocks what fits\./,
  );
  expect(() => windowsOf({ ...options, startFreqindexList: [4], endFreqindexList: [8] })).toThrow(
    /frequencies 4 to 8 of 6, got 3\./,
  );
  expect(() => windowsOf({ ...options, frequencySkip: 0 })).toThrow(
    /^Cell: expected positive integers, got featureSize 2, frequencySkip 0 and numFrequencyBlocks \[3\]\./,
  );
  expect(() => windowsOf({ ...options, startFreqindexList: [0], endFreqindexList: [2, 4] })).toThrow(
    /^Cell: expected a start and an end for each of the 1 numFrequencyBlocks, got 1 and 2\./,
  );
  expect(() => frequencyWindows('Cell', placeholder('float32', [2, null]), options)).toThrow(
    /^Cell: expected an input of shape \[batch, depth\] with a known depth/,
  );
});
