import type { ProgramEvent, TrainingProgram, TrainingProgramOptions } from '../src/training-program.js';

/** All that a program tells, and by kind: its losses, its lines, and its files by name. */
export async function told(program: TrainingProgram, options: TrainingProgramOptions) {
  const events: ProgramEvent[] = [];
  for await (const event of program(options)) events.push(event);
  return {
    events,
    losses: events.flatMap((event) => (event.kind === 'step' ? [event.loss] : [])),
    lines: events.flatMap((event) => (event.kind === 'line' ? [event.text] : [])),
    files: new Map(events.flatMap((event) => (event.kind === 'file' ? [[event.name, event.contents]] : []))),
  };
}

/** The text of a file that a program gave. */
export function textOf(files: ReadonlyMap<string, string | Uint8Array>, name: string): string {
  const contents = files.get(name);
  if (typeof contents !== 'string') throw new Error(`no text file ${name}`);
  return contents;
}
