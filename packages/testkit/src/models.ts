export { type Sizes, buildClassifier } from './classifier.js';
