import { fileURLToPath } from 'node:url';

/** A path of this repository. */
export const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Tests run on the sources, not on what was last built. */
export const alias = [
  { find: '@tensorloom/testkit/models', replacement: path('packages/testkit/src/models.ts') },
  { find: /^@tensorloom\/examples\/(.+)$/, replacement: path('examples/src/$1.ts') },
  { find: /^@tensorloom\/([^/]+)$/, replacement: `${path('packages')}/$1/src/index.ts` },
  { find: /^tensorloom$/, replacement: path('packages/tensorloom/src/index.ts') },
];
