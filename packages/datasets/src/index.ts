export { type Batch, Dataset, type DatasetOptions } from './dataset.js';
export { type IdxArray, readIdx } from './idx.js';
export { loadMnist, type LoadMnistOptions } from './load-mnist.js';
export { type Mnist, type MnistBytes, mnistFiles, type MnistOptions, parseMnist } from './mnist.js';
export { TimeSeries, type TimeSeriesBatch, type TimeSeriesOptions } from './time-series.js';
