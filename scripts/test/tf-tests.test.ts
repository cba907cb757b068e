import { describe, expect, it } from 'vitest';
import { checkPage, fewest, names, tablesOf } from '../tf-tests.mjs';

const file = 'python/a_test.py';
const many = Array.from({ length: fewest }, (_, i) => `test_${i}`);
const row = (name: string): string => `| ${name} | ${name} | \`a.test.ts\` | |`;
const page = (...rows: string[]): string =>
  [`## ${file}`, '| TensorFlow | ours | file | why not |', '|---|---|---|---|', ...rows].join('\n');
const source = many.map((name) => `test('${name}', () => {});`).join('\n');
const read = (path: string): string | null => (path === 'a.test.ts' ? source : null);
const wrong = (theirs: string[], ...rows: string[]): string[] =>
  checkPage(page(...rows), { [file]: theirs }, read).violations;

describe('the page', () => {
  it('is right when each name is ours, in a file that has it, or says why not', () => {
    const rows = [...many.map(row), '| testQueue | none | | why not: no queues |'];
    expect(checkPage(page(...rows), { [file]: [...many, 'testQueue'] }, read)).toEqual({
      violations: [],
      counts: [{ file, theirs: fewest + 1, ours: fewest }],
    });
  });

  it('has every name, once, and no others', () => {
    expect(wrong([...many, 'testX'], ...many.map(row))).toEqual([`${file}: testX is missing.`]);
    expect(wrong(many, ...many.map(row), row(many[0]))).toEqual([`${file}: ${many[0]} is listed twice.`]);
    expect(wrong(many.slice(1), ...many.map(row))).toEqual([`${file}: ${many[0]} is no test of TensorFlow's.`]);
  });

  it('names tests and files that exist', () => {
    expect(wrong([...many, 'testX'], ...many.map(row), row('testX'))).toEqual([
      `${file}: testX: no test of a.test.ts is named testX.`,
    ]);
    expect(wrong([...many, 'testX'], ...many.map(row), '| testX | testX | `b.test.ts` | |')).toEqual([
      `${file}: testX: there is no b.test.ts.`,
    ]);
  });

  it('says why not', () => {
    expect(wrong([...many, 'testX'], ...many.map(row), '| testX | none | | |')).toEqual([
      `${file}: testX is not ours, and the page does not say why not.`,
    ]);
  });

  it('has enough that are ours, and only the files expected', () => {
    expect(wrong(many.slice(1), ...many.slice(1).map(row))).toEqual([
      `${fewest - 1} tests are ours, expected at least ${fewest}.`,
    ]);
    expect(checkPage(page(...many.map(row)), {}, read).violations).toContain(
      `${file} is on the page, and not among TensorFlow's files.`,
    );
  });
});

it('tables are read by heading', () => {
  expect([...tablesOf(`${page(row('testA'))}\n## other_test.py\n${row('Some.testB')}`)]).toEqual([
    [file, [{ theirs: 'testA', ours: 'testA', file: 'a.test.ts', remark: '' }]],
    ['other_test.py', [{ theirs: 'Some.testB', ours: 'Some.testB', file: 'a.test.ts', remark: '' }]],
  ]);
});

it('a name is a whole word of a string: alone, in a list of names, before a remark', () => {
  for (const text of ["test('testA', f)", "test('testB, testA: of x', f)", "['testA', f]", 'test("testA: y", f)']) {
    expect(names(text, 'testA')).toBe(true);
  }
  for (const text of ["test('testAB', f)", "test('testA_1', f)", "test('X.testA', f)", '// testA']) {
    expect(names(text, 'testA')).toBe(false);
  }
});
