// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { checkPage } from './tf-tests.mjs';

/** @param {string} path from the root of the repository */
const at = (path) => new URL(`../${path}`, import.meta.url);

const { version, files } = JSON.parse(readFileSync(at('docs/tf-tests.json'), 'utf8'));
const { violations, counts } = checkPage(readFileSync(at('docs/tf-tests.md'), 'utf8'), files, (file) => {
  const url = at(`packages/tensorloom/test/${file}`);
  return existsSync(url) ? readFileSync(url, 'utf8') : null;
});
for (const line of violations) console.error(line);
if (violations.length > 0) process.exitCode = 1;
for (const { file, theirs, ours } of counts) console.log(`${ours} of ${theirs} ours: ${file}`);
const total = counts.reduce((sum, { theirs, ours }) => [sum[0] + ours, sum[1] + theirs], [0, 0]);
console.log(`${total[0]} of ${total[1]} tests of TensorFlow ${version} are ours, ${violations.length} violations`);
