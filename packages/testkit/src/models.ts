export { type Sizes, buildClassifier } from './classifier.js';
export { modelPrograms } from './programs/model-programs.js';
export { type ClassifierBatch, trainClassifier } from './train-classifier.js';
