export * from './arbitraries.js';
export { type GradientCheck, checkGradients } from './check-gradients.js';
export * from './conformance.js';
export { expectNoLeaks } from './leaks.js';
export { type BuiltGraph, buildGraph } from './random-graphs/build.js';
export { type GraphDescription, type Step, randomGraphs } from './random-graphs/description.js';
export { type Sample, type Sampler, type Samplers, samplersOf } from './samples/sampler.js';
export { samplers } from './samples/index.js';
export { type Tolerance, compareTensors, tolerances } from './tolerance.js';
