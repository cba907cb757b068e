import { showSpec } from '@tensorloom/graph';
import type { Program, Slot, Step } from './program.js';

/**
 * What runs where and what is copied, in a program for several devices: a line for each of them with its ops and how often each occurs,
 * then one for each value that moves from one device to another. `names` are the devices', the first one first. Bodies count once.
 */
export function printPlacement(program: Program, names: readonly string[]): string {
  const ops = new Map<string, Map<string, number>>(names.map((name) => [name, new Map()]));
  const copies: string[] = [];
  const count = (device: string, op: string): void => {
    const counts = ops.get(device);
    counts?.set(op, (counts.get(op) ?? 0) + 1);
  };
  const visit = (p: Program): void => {
    const on = (s: Slot): string => p.slots[s].device ?? names[0];
    for (const step of p.steps) {
      if (step.kind === 'kernel') count(step.outputs.length === 0 ? names[0] : on(step.outputs[0]), step.op.name);
      else if (step.kind === 'assign') count(on(step.output), step.op.name);
      else if (step.kind === 'copy') {
        const { origin, spec } = p.slots[step.input];
        copies.push(`copied from ${on(step.input)} to ${on(step.output)}: ${origin.name} ${showSpec(spec)}`);
      }
      bodiesOf(step).forEach(visit);
    }
  };
  visit(program);
  const lines = Array.from(ops, ([name, counts]) => {
    const shown = Array.from(counts, ([op, n]) => (n === 1 ? op : `${n} ${op}`)).join(', ');
    return `${name}: ${shown === '' ? 'nothing' : shown}`;
  });
  return [...lines, ...copies].join('\n');
}

function bodiesOf(step: Step): readonly Program[] {
  if (step.kind === 'loop') return step.cond === null ? [step.body] : [step.cond, step.body];
  return step.kind === 'cond' ? [step.then, step.otherwise] : [];
}
