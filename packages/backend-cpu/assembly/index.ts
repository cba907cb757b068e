// The kernels that are compiled ahead of time. Each works on addresses it is given and keeps nothing: no static data, no heap.
export * from './matmul';
export * from './reduce';
export * from './move';
export * from './choose';
export * from './scatter';
export * from './together';
