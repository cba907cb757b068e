import { defineConfig } from 'vitepress';

/** The site is what is in the repository: the README, the pages of docs, and the READMEs of what they point to. Dead links end the build. */
export default defineConfig({
  title: 'Tensorloom',
  description: 'Symbolic computation graphs, automatic differentiation and recurrent networks for TypeScript',
  srcDir: '..',
  srcExclude: ['**/node_modules/**', 'packages/**', 'runs/**'],
  outDir: './.vitepress/dist',
  rewrites: { 'README.md': 'index.md' },
  // Sources are in the repository, not on the site.
  ignoreDeadLinks: [/(^|\/)packages\//, /LICENSE$/, /\.(ts|json)$/],
  lastUpdated: false,
  markdown: {
    // A program marked `runnable` can be changed and run in the page.
    config(md) {
      const { fence } = md.renderer.rules;
      md.renderer.rules.fence = (tokens, at, ...rest) =>
        tokens[at].info.trim() === 'ts runnable'
          ? `<Runnable code="${encodeURIComponent(tokens[at].content)}" />`
          : (fence?.(tokens, at, ...rest) ?? '');
    },
  },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [{ text: 'API', link: '/api/', target: '_self' }],
    sidebar: [
      {
        text: 'Use',
        items: [
          { text: 'Tensorloom', link: '/' },
          { text: 'Coming from TensorFlow 1', link: '/docs/from-tensorflow-1' },
          { text: 'Recurrent networks', link: '/docs/rnn' },
          { text: 'Truncated backpropagation', link: '/docs/truncated-bptt' },
          { text: 'Summaries', link: '/docs/summaries' },
          { text: 'Backends', link: '/docs/backends' },
          { text: 'Examples', link: '/examples/README' },
        ],
      },
      {
        text: 'The chapter',
        items: [
          { text: 'Recurrent neurons', link: '/docs/chapter/recurrent-neurons' },
          { text: 'Training to predict', link: '/docs/chapter/training-to-predict' },
          { text: 'LSTM and GRU cells', link: '/docs/chapter/lstm-and-gru' },
        ],
      },
      {
        text: 'Extend',
        items: [
          { text: 'Ops of one’s own', link: '/docs/ops' },
          { text: 'A backend of one’s own', link: '/docs/write-a-backend' },
          { text: 'Architecture', link: '/docs/architecture' },
          { text: 'Contributing', link: '/CONTRIBUTING' },
          { text: 'TensorFlow’s tests', link: '/docs/tf-tests' },
          { text: 'Measurements', link: '/bench/README' },
          { text: 'Changes', link: '/CHANGELOG' },
        ],
      },
    ],
  },
});
