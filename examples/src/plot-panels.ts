import { svgChart } from './svg-chart.js';

/** Points joined by a line, or marked where they are, with a text beside each if there is one. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly marks?: boolean;
  readonly labels?: readonly string[];
}

/** A pair of axes with curves in it. */
export interface Panel {
  readonly title?: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Height in pixels; default 210. */
  readonly height?: number;
}

const width = 800;
const defaultHeight = 210;
const above = 60;
const below = 50;

/** Panels below one another, as the text of an SVG file. A curve of the same name has the same colour in each. */
export function plotPanels(title: string, panels: readonly Panel[]): string {
  let bottom = 50;
  const places = panels.map(({ height = defaultHeight }) => {
    const top = bottom + above;
    bottom = top + height + below;
    return { top, height };
  });
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const colours = ['#1f4e8c', '#d98c21', '#2a7f4f', '#b3261e', '#7a4ea3', '#5f6b7a'];
  const colourOf = (name: string): string => colours[names.indexOf(name) % colours.length];
  const axis = { type: 'value', scale: true } as const;
  return svgChart(
    { width, height: bottom },
    {
      title: [
        { text: title, left: 'center', top: 8, textStyle: { fontSize: 15 } },
        ...panels.map((panel, i) => ({
          text: panel.title ?? '',
          left: '52%',
          textAlign: 'center',
          top: places[i].top - above + 8,
          textStyle: { fontSize: 13 },
        })),
      ],
      legend: { data: names, top: 34, itemGap: 24 },
      grid: places.map(({ top, height }) => ({ top, height, left: 70, right: 30 })),
      xAxis: panels.map(({ x }, gridIndex) => ({ ...axis, gridIndex, name: x, nameLocation: 'middle', nameGap: 24 })),
      yAxis: panels.map(({ y }, gridIndex) => ({ ...axis, gridIndex, name: y })),
      series: panels.flatMap(({ curves }, index) =>
        curves.map(({ name, points, marks = false, labels }) => ({
          name,
          color: colourOf(name),
          xAxisIndex: index,
          yAxisIndex: index,
          ...(marks
            ? { type: 'scatter', symbolSize: 6, data: points.map((value, i) => ({ name: labels?.[i] ?? '', value })) }
            : { type: 'line', showSymbol: false, data: points }),
          ...(labels !== undefined && { label: { show: true, formatter: '{b}', position: 'top', fontSize: 11 } }),
        })),
      ),
    },
  );
}
