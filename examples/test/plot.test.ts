import { describe, expect, it } from 'vitest';
import { plotTraining } from '../src/plot.js';

/** The tags of a document, which must be well nested; throws when they are not. */
function tagsOf(xml: string): string[] {
  const open: string[] = [];
  const tags: string[] = [];
  for (const [, closing, name, empty] of xml.matchAll(/<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
    if (closing === '') tags.push(name);
    if (closing === '' && empty === '') open.push(name);
    if (closing === '/' && open.pop() !== name) throw new Error(`</${name}> closes another element`);
  }
  if (open.length > 0) throw new Error(`<${open.join('>, <')}> left open`);
  if (xml.match(/</g)?.length !== xml.match(/<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)?.length) {
    throw new Error('something that is no tag');
  }
  return tags;
}

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
    expect(tagsOf(svg)[0]).toBe('svg');
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
    expect(() => tagsOf(plotTraining('', { stepsPerEpoch: 20, losses: [2.3], accuracies: [] }))).not.toThrow();
    expect(() => tagsOf(plotTraining('', { stepsPerEpoch: 2, losses: [Infinity, NaN], accuracies }))).not.toThrow();
  });
});
