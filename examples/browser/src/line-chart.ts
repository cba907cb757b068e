import uPlot from 'uplot';
import { made, styleOf } from './element.js';

/** A curve of a chart; its colour is a custom property of the style sheet. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly width: number;
  /** Whether to mark its points. */
  readonly points?: boolean;
}

/** What a chart shows. */
export interface LineChartOptions {
  readonly title: string;
  readonly x: string;
  readonly curves: readonly Curve[];
  /** Whether equal distances are equal ratios. */
  readonly logarithmic?: boolean;
  /** The ends of the vertical axis; default: those of the data. */
  readonly range?: readonly [number, number];
  /** How a value of the vertical axis reads. */
  readonly show?: (value: number) => string;
}

const height = 230;

/** A chart in a figure of the page, as wide as that is, in the colours of the present scheme. */
export class LineChart {
  readonly #plot: uPlot;
  readonly #scaled: (value: number) => number;

  constructor(figure: HTMLElement, { title, x, curves, logarithmic = false, range, show = String }: LineChartOptions) {
    // The axis is of logarithms, and tells what they are of.
    this.#scaled = logarithmic ? Math.log10 : (value) => value;
    const tell = (tick: number): string => show(logarithmic ? Number((10 ** tick).toPrecision(2)) : tick);
    const caption = made('figcaption');
    caption.append(made('b', title));
    for (const { name, colour } of curves) {
      const key = made('span', name, 'key');
      key.style.setProperty('--colour', `var(${colour})`);
      caption.append(key);
    }
    const host = made('div');
    host.setAttribute('role', 'img');
    host.setAttribute('aria-label', `${title}: ${curves.map(({ name }) => name).join(', ')}`);
    figure.append(caption, host);

    const font = '12px system-ui, sans-serif';
    const axis: uPlot.Axis = {
      stroke: () => styleOf('--soft'),
      grid: { stroke: () => styleOf('--line'), width: 1 },
      ticks: { show: false },
      font,
      labelFont: font,
    };
    this.#plot = new uPlot(
      {
        width: this.#widthOf(figure),
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false },
          y: range === undefined ? {} : { range: () => [range[0], range[1]] },
        },
        axes: [
          { ...axis, label: x, labelSize: 18, size: 30, space: 60 },
          {
            ...axis,
            size: 46,
            space: 34,
            values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : tell(tick))),
          },
        ],
        series: [
          {},
          ...curves.map(({ name, colour, width, points = false }): uPlot.Series => ({
            label: name,
            stroke: () => styleOf(colour),
            width,
            spanGaps: true,
            points: points ? { show: true, size: 6, fill: () => styleOf(colour) } : { show: false },
          })),
        ],
      },
      [[], ...curves.map(() => [])],
      host,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: this.#widthOf(figure), height })).observe(figure);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot.redraw());
  }

  /** Shows other data: the horizontal axis, then each curve, `null` where it has no point. */
  show(x: readonly number[], ...curves: readonly (readonly (number | null)[])[]): void {
    this.#plot.setData([[...x], ...curves.map((ys) => ys.map((y) => (y === null ? null : this.#scaled(y))))]);
  }

  /** A chart that is not shown has no width. */
  #widthOf(figure: HTMLElement): number {
    return Math.max(figure.clientWidth, 120);
  }
}
