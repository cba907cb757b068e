import { svgChart } from './svg-chart.js';

/** What a training run went through. */
export interface TrainingHistory {
  readonly stepsPerEpoch: number;
  /** One per step. */
  readonly losses: readonly number[];
  /** One per epoch, fractions of 1. */
  readonly accuracies: readonly { readonly train: number; readonly test: number }[];
}

const size = { width: 800, height: 640 };

/** The loss of each step, and its running mean, above the accuracies of each epoch, as the text of an SVG file. */
export function plotTraining(title: string, { stepsPerEpoch, losses, accuracies }: TrainingHistory): string {
  const epochs = losses.length / stepsPerEpoch;
  const byStep = (values: readonly number[]): number[][] => values.map((value, i) => [(i + 1) / stepsPerEpoch, value]);
  const byEpoch = (values: readonly number[]): number[][] => values.map((value, i) => [i + 1, value]);
  const epochAxis = { type: 'value', name: 'epoch', nameLocation: 'middle', nameGap: 24, min: 0, max: epochs } as const;
  const lossLine = { type: 'line', xAxisIndex: 0, yAxisIndex: 0, showSymbol: false, sampling: 'lttb' } as const;
  const accuracyLine = { type: 'line', xAxisIndex: 1, yAxisIndex: 1, symbolSize: 6 } as const;
  return svgChart(size, {
    color: ['#9db4d3', '#1f4e8c', '#d98c21', '#2a7f4f'],
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { top: 40, itemGap: 24 },
    grid: [
      { top: 95, height: 210, left: 70, right: 30 },
      { top: 375, height: 210, left: 70, right: 30 },
    ],
    xAxis: [
      { ...epochAxis, gridIndex: 0 },
      { ...epochAxis, gridIndex: 1 },
    ],
    yAxis: [
      { type: 'value', name: 'loss', gridIndex: 0 },
      { type: 'value', name: 'accuracy', gridIndex: 1, scale: true, max: 1 },
    ],
    series: [
      { ...lossLine, name: 'loss', data: byStep(losses), lineStyle: { width: 1 } },
      { ...lossLine, name: 'running mean', data: byStep(runningMean(losses)), lineStyle: { width: 2 } },
      { ...accuracyLine, name: 'last training batch', data: byEpoch(accuracies.map(({ train }) => train)) },
      { ...accuracyLine, name: 'test images', data: byEpoch(accuracies.map(({ test }) => test)) },
    ],
  });
}

/** The mean of each value and those before it, weighing 5 % less with each step back. */
function runningMean(values: readonly number[]): number[] {
  let sum = 0;
  let weights = 0;
  return values.map((value) => {
    sum = 0.95 * sum + value;
    weights = 0.95 * weights + 1;
    return sum / weights;
  });
}
