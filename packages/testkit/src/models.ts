export { type Sizes, buildClassifier } from './classifier.js';
export { type ClassifierBatch, trainClassifier } from './train-classifier.js';
