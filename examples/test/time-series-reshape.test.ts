import { describe } from 'vitest';
import golden from '../../packages/testkit/golden/time-series.json' with { type: 'json' };
import { run } from '../src/time-series-reshape.js';
import { testTimeSeries } from './time-series-support.js';

describe('time-series-reshape', () => {
  testTimeSeries(run, {
    printed: [
      [0, 13.907029],
      [100, 0.5056698],
      [200, 0.19735886],
      [300, 0.101214476],
      [400, 0.06850145],
      [1400, 0.04314],
    ],
    golden: golden.reshapeTrick.mse,
  });
});
