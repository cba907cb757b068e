import type { Program, Slot, Step } from '../../src/lower/program.js';
import { reads, writes } from '../../src/lower/program.js';

/**
 * Walks a program and the programs in it. Throws unless every register is written once and before it is read, every reference is
 * released or moved out exactly once and not used afterwards, inputs are given away only at their last use, and the arguments of
 * bodies are where the bodies expect them.
 */
export function checkProgram(program: Program): void {
  const state = new Map<Slot, 'host' | 'held' | 'borrowed' | 'gone'>();
  const fail = (slot: Slot, what: string): never => {
    throw new Error(`register ${slot} (${program.slots[slot].origin.name}) ${what}`);
  };
  const define = (slot: Slot, owned: boolean): void => {
    if (state.has(slot)) fail(slot, 'is written twice');
    state.set(slot, program.slots[slot].holds === 'host' ? 'host' : owned ? 'held' : 'borrowed');
  };
  const use = (slot: Slot): void => {
    const now = state.get(slot);
    if (now === undefined) fail(slot, 'is read before it is written');
    if (now === 'gone') fail(slot, 'is read after its release');
  };

  program.params.forEach(({ slot, owned }) => define(slot, owned));
  const given = new Set<Slot>();
  for (const step of program.steps) {
    if (step.kind === 'release') {
      for (const slot of step.slots) {
        if (state.get(slot) !== 'held') fail(slot, `is released, but ${state.get(slot) ?? 'empty'}`);
        state.set(slot, 'gone');
        given.delete(slot);
      }
      if (given.size > 0) fail([...given][0], 'was given away but is not released at once');
      continue;
    }
    if (given.size > 0) fail([...given][0], 'was given away but is not released at once');
    reads(step).forEach(use);
    checkPlaces(step, program, fail);
    if (step.kind === 'kernel') {
      step.inputs.forEach((slot, i) => {
        if (!step.donated[i]) return;
        if (state.get(slot) !== 'held') fail(slot, 'is given away by who does not own it');
        if (given.has(slot)) fail(slot, 'is given away twice by one step');
        given.add(slot);
      });
    }
    // Constants are the program's from run to run.
    for (const slot of writes(step)) define(slot, step.kind !== 'const');
    if (step.kind === 'loop') {
      checkProgram(step.body);
      if (step.cond !== null) checkProgram(step.cond);
    } else if (step.kind === 'cond') {
      checkProgram(step.then);
      checkProgram(step.otherwise);
    }
  }
  if (given.size > 0) fail([...given][0], 'was given away but is not released at once');
  for (const { slot, move } of program.results) {
    if (state.get(slot) === undefined) fail(slot, 'is returned but never written');
    if (state.get(slot) === 'gone') fail(slot, 'is returned after its release');
    if (!move) continue;
    if (state.get(slot) !== 'held') fail(slot, `is moved out, but ${state.get(slot) ?? 'empty'}`);
    state.set(slot, 'gone');
  }
  for (const [slot, now] of state) if (now === 'held') fail(slot, 'is never released');
}

type Fail = (slot: Slot, what: string) => never;

/** Checks that a step finds its inputs where it expects them. */
function checkPlaces(step: Step, program: Program, fail: Fail): void {
  const expectAll = (slots: readonly Slot[], holds: 'host' | 'device'): void => {
    for (const s of slots) if (program.slots[s].holds !== holds) fail(s, `is not on the ${holds}`);
  };
  const pass = (slots: readonly Slot[], body: Program, owned: (i: number) => boolean): void => {
    if (slots.length !== body.params.length)
      throw new Error(`${slots.length} arguments for ${body.params.length} parameters`);
    slots.forEach((s, i) => {
      const param = body.params[i];
      if (program.slots[s].holds !== body.slots[param.slot].holds) fail(s, 'is not where the body expects it');
      if (owned(i) !== param.owned) fail(s, 'is released by nobody or twice');
    });
  };
  if (step.kind === 'kernel') {
    expectAll(step.inputs, 'device');
    expectAll(step.host, 'host');
    expectAll(step.outputs, 'device');
  } else if (step.kind === 'random') expectAll([...step.inputs, step.output], 'host');
  else if (step.kind === 'upload') expectAll([step.input], 'host');
  else if (step.kind === 'download') expectAll([step.input], 'device');
  else if (step.kind === 'loop') {
    const carried = [...step.consts, ...step.carry];
    // Rows are moved to where the body wants them as they are read.
    pass(carried, { ...step.body, params: step.body.params.slice(0, carried.length) }, (i) => i >= step.consts.length);
    if (step.body.params.length !== carried.length + step.xs.length)
      throw new Error('a loop has too few or too many rows');
    if (step.body.params.slice(carried.length).some((p) => !p.owned)) throw new Error('rows are released by nobody');
    if (step.cond !== null) pass(carried, step.cond, () => false);
    if (step.outputs.length !== step.body.results.length + 1) throw new Error('a loop has too few or too many outputs');
  } else if (step.kind === 'cond') {
    pass(step.captures, step.then, () => false);
    pass(step.captures, step.otherwise, () => false);
    const saved = step.then.results.length + step.otherwise.results.length - 2 * step.results;
    if (step.outputs.length !== step.results + saved) throw new Error('a branch has too few or too many outputs');
  }
}
