import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

/** A chart of lines and points, given as options of echarts, as the text of an SVG file; sizes in pixels. */
export function svgChart(
  size: { readonly width: number; readonly height: number },
  options: echarts.EChartsCoreOption,
): string {
  echarts.use([LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({ animation: false, backgroundColor: '#fff', ...options });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
