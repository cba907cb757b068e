import { describe } from 'vitest';
import golden from '../../packages/testkit/golden/time-series.json' with { type: 'json' };
import { run } from '../src/time-series.js';
import { testTimeSeries } from './time-series-support.js';

describe('time-series', () => {
  testTimeSeries(run, {
    printed: [
      [0, 11.967254],
      [100, 0.525841],
      [200, 0.1495599],
      [300, 0.07279411],
      [400, 0.06158535],
      [1400, 0.041784],
    ],
    golden: golden.outputProjectionWrapper.mse,
  });
});
