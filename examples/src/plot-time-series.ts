import { TimeSeries } from '@tensorloom/datasets';
import { svgChart } from './svg-chart.js';
import { tInstance } from './time-series-program.js';

const size = { width: 900, height: 760 };
const points = 300;

/** The series with the training instance marked, the instance beside its targets, and both beside the predictions `yPred`. */
export function plotTimeSeries(title: string, yPred: ArrayLike<number>): string {
  const series = new TimeSeries();
  const { tMin, tMax } = series;
  const at = (t: number): number[] => [t, series.at(t)];
  const times = Array.from({ length: points }, (_, i) => tMin + ((tMax - tMin) * i) / (points - 1));
  const inputs = tInstance.slice(0, -1);
  const targets = tInstance.slice(1);

  const timeAxis = { type: 'value', name: 't', nameLocation: 'middle', nameGap: 24 } as const;
  const instanceAxis = { ...timeAxis, min: 12, max: 14.5 } as const;
  const heading = { textAlign: 'center', textStyle: { fontSize: 13 } } as const;
  const instance = {
    name: 'instance',
    type: 'scatter',
    color: '#1f4e8c',
    symbolSize: 7,
    data: inputs.map(at),
  } as const;
  // Open circles, so that a prediction on its target is seen inside it.
  const target = {
    name: 'target',
    type: 'scatter',
    symbolSize: 12,
    itemStyle: { color: 'transparent', borderColor: '#d98c21', borderWidth: 1.5 },
    data: targets.map(at),
  } as const;
  return svgChart(size, {
    title: [
      { text: title, left: 'center', top: 8, textStyle: { fontSize: 15 } },
      { ...heading, text: 'A time series (generated)', left: '52%', top: 44 },
      { ...heading, text: 'A training instance', left: '28%', top: 404 },
      { ...heading, text: 'Testing the model', left: '77%', top: 404 },
    ],
    legend: [
      { data: ['t sin(t) / 3 + 2 sin(5t)', 'a training instance'], left: 'center', top: 68, itemGap: 30 },
      { data: ['instance', 'target', 'prediction'], left: 'center', top: 428, itemGap: 30 },
    ],
    grid: [
      { left: 60, right: 30, top: 100, height: 240 },
      { left: 60, width: 370, top: 460, height: 240 },
      { left: 500, right: 30, top: 460, height: 240 },
    ],
    xAxis: [
      { ...timeAxis, gridIndex: 0, min: tMin, max: tMax },
      { ...instanceAxis, gridIndex: 1 },
      { ...instanceAxis, gridIndex: 2 },
    ],
    yAxis: [0, 1, 2].map((gridIndex) => ({ type: 'value', gridIndex })),
    series: [
      {
        name: 't sin(t) / 3 + 2 sin(5t)',
        type: 'line',
        color: '#9db4d3',
        showSymbol: false,
        data: times.map(at),
      },
      {
        name: 'a training instance',
        type: 'line',
        color: '#1f4e8c',
        showSymbol: false,
        lineStyle: { width: 4 },
        data: inputs.map(at),
      },
      ...[1, 2].flatMap((index) => [instance, target].map((s) => ({ ...s, xAxisIndex: index, yAxisIndex: index }))),
      {
        name: 'prediction',
        type: 'line',
        color: '#b3261e',
        symbol: 'circle',
        symbolSize: 5,
        lineStyle: { width: 1 },
        xAxisIndex: 2,
        yAxisIndex: 2,
        data: targets.map((t, i) => [t, yPred[i]]),
      },
    ],
  });
}
