import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../docs/.vitepress/theme/run-program.js';

const folder = new URL('../../../docs/chapter/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
/** The programs of a page, and the output that stands behind each. */
const programsOf = (page: string): { program: string; output: string | undefined }[] =>
  [...readFileSync(new URL(page, folder), 'utf8').matchAll(/```ts runnable\n(.*?)```(?:\s*```txt\n(.*?)```)?/gs)].map(
    ([, program, output]) => ({ program, output }),
  );

describe.each(pages)('docs/chapter/%s', (page) => {
  it.each(programsOf(page).map((p, i) => [i + 1, p] as const))(
    'program %s prints what the page says',
    async (_, { program, output }) => {
      const lines: string[] = [];
      await runProgram(program, (line) => lines.push(line));
      expect(`${lines.join('\n')}\n`).toBe(output);
    },
  );
});
