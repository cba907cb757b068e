import { describe, expect, it } from 'vitest';
import { plotTraining } from '../src/plot.js';
import { elementsOf } from './svg.js';

const losses = Array.from({ length: 40 }, (_, i) => 2.3 * 0.9 ** i);
const accuracies = [
  { train: 0.9, test: 0.91 },
  { train: 0.95, test: 0.94 },
];
const points = (svg: string): number =>
  Math.max(...[...svg.matchAll(/ d="(M[^"]*)"/g)].map(([, d]) => d.split('L').length));

describe('plotTraining', () => {
  const svg = plotTraining('A & B', { stepsPerEpoch: 20, losses, accuracies });

  it('is an SVG document of well nested elements', () => {
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(elementsOf(svg)[0]).toBe('svg');
  });

  it('names its title, axes and lines', () => {
    for (const text of [
      'A &amp; B',
      'loss',
      'running mean',
      'accuracy',
      'epoch',
      'test images',
      'last training batch',
    ]) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('draws a line through every step', () => {
    expect(points(svg)).toBe(losses.length);
    expect(points(plotTraining('', { stepsPerEpoch: 20, losses: losses.slice(0, 7), accuracies: [] }))).toBe(7);
  });

  it('draws what there is before the first epoch is over, and where the loss is not a number', () => {
    expect(() => elementsOf(plotTraining('', { stepsPerEpoch: 20, losses: [2.3], accuracies: [] }))).not.toThrow();
    expect(() => elementsOf(plotTraining('', { stepsPerEpoch: 2, losses: [Infinity, NaN], accuracies }))).not.toThrow();
  });
});
