import { Const, showAttrs, showSpec } from '@tensorloom/graph';
import type { Program, Slot, Step } from './program.js';

/**
 * A program as text: `%3` is a register on a device, `@3` one in host memory, `&3` a list; `on gpu` names a device other than the
 * session's first; `!` marks an input that the step may overwrite. Each step names the node it came from.
 */
export function printProgram(program: Program): string {
  return `program ${body(program, '')}`;
}

const marks = { device: '%', host: '@', list: '&' };

function body(p: Program, indent: string): string {
  const v = (s: Slot): string => `${marks[p.slots[s].holds]}${s}`;
  const typed = (s: Slot): string => {
    const { spec, device } = p.slots[s];
    return `${v(s)}: ${showSpec(spec)}${device === undefined ? '' : ` on ${device}`}`;
  };
  const all = (slots: readonly Slot[]): string => slots.map(v).join(', ');
  const line = (s: Step): string => {
    switch (s.kind) {
      case 'const':
        return `${typed(s.output)} = const${showAttrs(Const, { spec: p.slots[s.output].spec, data: s.value.data })}`;
      case 'upload':
      case 'download':
      case 'copy':
        return `${typed(s.output)} = ${s.kind} ${v(s.input)}`;
      case 'kernel': {
        const inputs = s.inputs.map((x, i) => `${s.donated[i] ? '!' : ''}${v(x)}`);
        return `${s.outputs.map(typed).join(', ')} = ${s.op.name}(${[...inputs, ...s.host.map(v)].join(', ')})${showAttrs(s.op, s.attrs)}  # ${s.origin.name}`;
      }
      case 'host':
      case 'list':
        return `${s.outputs.map(typed).join(', ')} = ${s.op.name}(${all(s.inputs)})${showAttrs(s.op, s.attrs)}  # ${s.origin.name}`;
      case 'random':
        return `${typed(s.output)} = ${s.op.name}(${all(s.inputs)})${showAttrs(s.op, s.attrs)}  # ${s.origin.name}`;
      case 'read':
        return `${typed(s.output)} = read ${s.variable.name}`;
      case 'assign':
        return `${typed(s.output)} = ${s.op.name} ${s.variable.name} ${all(s.inputs)}`;
      case 'loop':
        return [
          `${s.outputs.map(typed).join(', ')} = loop${s.reverse ? ' reverse' : ''} consts(${all(s.consts)}) carry(${all(s.carry)}) xs(${all(s.xs)})${s.length === null ? '' : ` length ${v(s.length)}`}  # ${s.origin.name}`,
          ...(s.cond === null ? [] : [`while ${body(s.cond, `${indent}    `)}`]),
          `do ${body(s.body, `${indent}    `)}`,
        ].join(`\n${indent}    `);
      case 'cond':
        return [
          `${s.outputs.map(typed).join(', ')} = cond ${v(s.pred)} (${all(s.captures)})  # ${s.origin.name}`,
          `then ${body(s.then, `${indent}    `)}`,
          `else ${body(s.otherwise, `${indent}    `)}`,
        ].join(`\n${indent}    `);
      case 'release':
        return `release ${all(s.slots)}`;
    }
  };
  const steps = p.steps.map((s) => `${indent}  ${line(s)}\n`).join('');
  return `(${p.params.map((a) => typed(a.slot)).join(', ')}) {\n${steps}${indent}} -> ${all(p.results.map((r) => r.slot))}`;
}
