import type * as tl from 'tensorloom';

/** A program of the chapter: what it shows, and how to run it; the values it returns are named as in the program. */
export interface Program {
  readonly about: string;
  readonly run: (options?: tl.SessionOptions) => Promise<Readonly<Record<string, tl.NDArray>>>;
}

/** The short programs by name; each loads when it is run. Those that train are among the jobs. */
export const programs = new Map<string, Program>([
  [
    'manual-rnn',
    {
      about: 'a recurrent layer over two time steps, written out by hand',
      run: async (options) => (await import('./manual-rnn.js')).run(options),
    },
  ],
  [
    'static-rnn',
    {
      about: 'the same from a cell, unrolled in the graph',
      run: async (options) => (await import('./static-rnn.js')).run(options),
    },
  ],
  [
    'packing-sequences',
    {
      about: 'one placeholder and one output for all time steps',
      run: async (options) => (await import('./packing-sequences.js')).run(options),
    },
  ],
  [
    'dynamic-rnn',
    {
      about: 'a loop in the graph instead of an unrolled cell',
      run: async (options) => (await import('./dynamic-rnn.js')).run(options),
    },
  ],
  [
    'sequence-lengths',
    {
      about: 'instances of different lengths in one batch',
      run: async (options) => (await import('./sequence-lengths.js')).run(options),
    },
  ],
  [
    'deep-rnn',
    {
      about: 'three layers of recurrent neurons',
      run: async (options) => (await import('./deep-rnn.js')).run(options),
    },
  ],
  [
    'layers-on-devices',
    {
      about: 'three layers, each placed on a device',
      run: async (options) => (await import('./layers-on-devices.js')).run(options),
    },
  ],
]);
