import { defineConfig, type Plugin } from 'vite';

/** What a server says so that a page may share memory between its threads. The page works without it, on fewer threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * tfjs hands its threads the text of a function that asks for a name outside of it, `_scriptDir`, by `typeof`, as there it is not
 * defined. Minifiers take the question for answered, which leaves the threads with an error: so it is answered here.
 */
const tfjsThreads: Plugin = {
  name: 'tfjs-threads',
  transform: {
    filter: { id: /tfjs-backend-wasm-threaded-simd\.js$/ },
    handler: (code) =>
      code.replaceAll('typeof _scriptDir !== "undefined" && _scriptDir', 'false').replaceAll('||_scriptDir', ''),
  },
};

/** The page can be put into any folder of any server: its addresses are relative. `--mode plain` serves it without `isolation`. */
export default defineConfig(({ mode }) => {
  const headers = mode === 'plain' ? {} : isolation;
  return {
    base: './',
    build: { outDir: 'dist/page', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 3000 },
    plugins: [tfjsThreads],
    worker: { format: 'es', plugins: () => [tfjsThreads] },
    server: { headers },
    preview: { headers },
  };
});
