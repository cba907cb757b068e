import { describe, expect, it } from 'vitest';
import { svgChart } from '../src/svg-chart.js';
import { elementsOf } from './svg.js';

describe('svgChart', () => {
  const axes = { xAxis: { type: 'value' }, yAxis: { type: 'value' } };
  const chart = (type: string): string =>
    svgChart(
      { width: 300, height: 200 },
      {
        ...axes,
        title: { text: 'a < b' },
        legend: {},
        series: [
          {
            name: 'f',
            type,
            data: [
              [0, 1],
              [1, 2],
              [2, 0],
            ],
          },
        ],
      },
    );

  it('is an SVG document of the size asked for, of well nested elements', () => {
    expect(chart('line')).toMatch(/^<svg width="300" height="200" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(elementsOf(chart('line'))[0]).toBe('svg');
  });

  it.each(['line', 'scatter'])('draws what it is given, as %s', (type) => {
    const empty = elementsOf(svgChart({ width: 300, height: 200 }, { ...axes, series: [] }));
    expect(elementsOf(chart(type)).length).toBeGreaterThan(empty.length);
    expect(chart(type)).toContain('>a &lt; b</text>');
    expect(chart(type)).toContain('>f</text>');
  });
});
