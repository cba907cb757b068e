export { type Batch, Dataset, type DatasetOptions } from './dataset.js';
export { type DateOptions, type DatePair, datePairs } from './dates.js';
export {
  EmbeddedReberGrammar,
  encodeReberStrings,
  type ReberExample,
  type ReberOptions,
  reberSymbols,
} from './embedded-reber-grammar.js';
export { type FilmReview, type FilmReviewOptions, filmReviews, filmReviewWords } from './film-reviews.js';
export { type IdxArray, readIdx } from './idx.js';
export { loadMnist, type LoadMnistOptions } from './load-mnist.js';
export {
  melodies,
  melodyDegrees,
  melodyDurations,
  type MelodyNote,
  type MelodyOptions,
  melodyRules,
  type MelodyRules,
} from './melodies.js';
export { MersenneTwister } from './mersenne-twister.js';
export { type Mnist, type MnistBytes, mnistFiles, type MnistOptions, parseMnist } from './mnist.js';
export { TimeSeries, type TimeSeriesBatch, type TimeSeriesOptions } from './time-series.js';
export { type TopicRole, topics, topicText, type TopicTextOptions } from './topic-text.js';
