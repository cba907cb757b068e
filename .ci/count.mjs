// Adds up vitest's JSON reports and prints the counts; a test file that could not be loaded counts as one failure.
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
const unloaded = (report) =>
  report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;

const passed = sum((report) => report.numPassedTests);
const failed = sum((report) => report.numFailedTests + unloaded(report));
if (passed === 0 || failed > 0 || reports.some((report) => !report.success)) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
