import { describe, expect, it } from 'vitest';
import { plotPanels } from '../src/plot-panels.js';
import { elementsOf } from './svg.js';

describe('plotPanels', () => {
  const svg = plotPanels('A & B', [
    {
      title: 'above',
      x: 't',
      y: 'f',
      curves: [
        {
          name: 'line',
          points: [
            [0, 0],
            [1, 2],
            [2, 1],
          ],
        },
      ],
    },
    {
      x: 'u',
      y: 'g',
      curves: [
        {
          name: 'words',
          marks: true,
          labels: ['<one>', 'two'],
          points: [
            [0, 1],
            [3, 2],
          ],
        },
      ],
    },
  ]);

  it('is an SVG document of well nested elements', () => {
    expect(elementsOf(svg)[0]).toBe('svg');
  });

  it('names its title, panels, axes, curves and points', () => {
    for (const text of ['A &amp; B', 'above', 't', 'f', 'u', 'g', 'line', 'words', '&lt;one&gt;', 'two']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  it('grows with its panels', () => {
    const heightOf = (text: string): number => Number(/height="(\d+)"/.exec(text)?.[1]);
    const panel = { x: '', y: '', curves: [] };
    expect(heightOf(plotPanels('', [panel, { ...panel, height: 400 }]))).toBe(50 + 60 + 210 + 50 + 60 + 400 + 50);
  });
});
