// @ts-check
// Holds docs/tf-tests.md to TensorFlow's names and to the tests here.

/**
 * @typedef {{ theirs: string, ours: string | null, file: string, remark: string }} Row
 * @typedef {Record<string, readonly string[]>} Names
 */

/** At least as many of TensorFlow's tests are ours. */
export const fewest = 120;

/**
 * The tables of the page: for each heading, which is one of TensorFlow's files, its rows.
 * @param {string} page
 * @returns {Map<string, Row[]>}
 */
export function tablesOf(page) {
  /** @type {Map<string, Row[]>} */
  const tables = new Map();
  /** @type {Row[]} */
  let rows = [];
  for (const line of page.split('\n')) {
    const heading = /^## (\S+\.py)$/.exec(line);
    if (heading) tables.set(heading[1], (rows = []));
    const cells = line.startsWith('|') ? line.split('|').map((cell) => cell.trim()) : [];
    if (cells.length !== 6 || !/(^|\.)test/.test(cells[1])) continue;
    rows.push({
      theirs: cells[1],
      ours: cells[2] === 'none' ? null : cells[2],
      file: cells[3].replaceAll('`', ''),
      remark: cells[4],
    });
  }
  return tables;
}

/**
 * Whether a string in the source begins with the name, or has it after a space or a comma.
 * @param {string} source
 * @param {string} name
 */
export const names = (source, name) =>
  new RegExp(String.raw`['"\`]([^'"\`\n]*[ ,])?${name.replaceAll('.', String.raw`\.`)}(?![\w.])`).test(source);

/**
 * What is wrong with the page, a sentence each, and how many tests are ours.
 * @param {string} page
 * @param {Names} expected TensorFlow's files and the names of their tests
 * @param {(file: string) => string | null} read the source of a file of tests, or null where there is none
 * @returns {{ violations: string[], counts: { file: string, theirs: number, ours: number }[] }}
 */
export function checkPage(page, expected, read) {
  const tables = tablesOf(page);
  /** @type {string[]} */
  const violations = [];
  const counts = [];
  for (const file of tables.keys()) {
    if (!(file in expected)) violations.push(`${file} is on the page, and not among TensorFlow's files.`);
  }
  for (const [file, theirs] of Object.entries(expected)) {
    const rows = tables.get(file) ?? [];
    const listed = rows.map((row) => row.theirs);
    for (const name of theirs) if (!listed.includes(name)) violations.push(`${file}: ${name} is missing.`);
    for (const [i, name] of listed.entries()) {
      if (listed.indexOf(name) !== i) violations.push(`${file}: ${name} is listed twice.`);
      if (!theirs.includes(name)) violations.push(`${file}: ${name} is no test of TensorFlow's.`);
    }
    for (const row of rows) violations.push(...wrongIn(row, read).map((what) => `${file}: ${what}`));
    counts.push({ file, theirs: theirs.length, ours: rows.filter((row) => row.ours !== null).length });
  }
  const ours = counts.reduce((sum, count) => sum + count.ours, 0);
  if (ours < fewest) violations.push(`${ours} tests are ours, expected at least ${fewest}.`);
  return { violations, counts };
}

/**
 * @param {Row} row
 * @param {(file: string) => string | null} read
 * @returns {string[]}
 */
function wrongIn({ theirs, ours, file, remark }, read) {
  if (ours === null)
    return /^why not: \S/.test(remark) ? [] : [`${theirs} is not ours, and the page does not say why not.`];
  const source = read(file);
  if (source === null) return [`${theirs}: there is no ${file}.`];
  return names(source, ours) ? [] : [`${theirs}: no test of ${file} is named ${ours}.`];
}
