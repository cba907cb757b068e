import { describe, expect, it } from 'vitest';
import { jobs, mainJob } from '../src/jobs.js';
import { programs } from '../src/programs.js';

describe('jobs', () => {
  it('holds the main job', () => {
    expect(jobs.has(mainJob)).toBe(true);
  });

  it('has no name in common with the short programs', () => {
    for (const name of jobs.keys()) expect(programs.has(name)).toBe(false);
  });
});
