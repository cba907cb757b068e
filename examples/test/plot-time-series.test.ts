import { TimeSeries } from '@tensorloom/datasets';
import { describe, expect, it } from 'vitest';
import { plotTimeSeries } from '../src/plot-time-series.js';
import { tInstance } from '../src/time-series-program.js';
import { elementsOf } from './svg.js';

const series = new TimeSeries();
const targets = tInstance.slice(1).map((t) => series.at(t));

/** The heights of the corners of the line drawn in a colour. */
function heights(svg: string, colour: string): number[] {
  const line = svg.split('<path').find((path) => path.includes(`stroke="${colour}"`) && path.includes('fill="none"'));
  const [, d] = /\sd="M([^"]*)"/.exec(line ?? '') ?? [];
  if (d === undefined) throw new Error(`no line of ${colour}`);
  return d.split('L').map((corner) => Number(corner.trim().split(' ')[1]));
}

describe('plotTimeSeries', () => {
  const svg = plotTimeSeries('A & B', targets);

  it('is an SVG document of well nested elements', () => {
    expect(elementsOf(svg)[0]).toBe('svg');
  });

  it('names its title, panels and marks', () => {
    for (const text of [
      'A &amp; B',
      'A time series (generated)',
      'A training instance',
      'Testing the model',
      't sin(t) / 3 + 2 sin(5t)',
      'a training instance',
      'instance',
      'target',
      'prediction',
    ]) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('draws the predictions as they are: higher ones higher up', () => {
    const drawn = (yPred: readonly number[]): number[] => heights(plotTimeSeries('', yPred), '#b3261e');
    const atTargets = drawn(targets);
    const below = drawn(targets.map((y) => y - 1));
    expect(atTargets).toHaveLength(20);
    below.forEach((height, i) => expect(height).toBeGreaterThan(atTargets[i]));
  });

  it('draws predictions that are not numbers as gaps', () => {
    expect(() =>
      elementsOf(
        plotTimeSeries(
          '',
          targets.map(() => Number.NaN),
        ),
      ),
    ).not.toThrow();
  });
});
