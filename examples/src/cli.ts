import { openBackend } from './backends.js';
import { jobs } from './jobs.js';
import { type Options, parseOptions, usage, UsageError } from './options.js';
import { programs } from './programs.js';

/** Exit codes, as shells know them. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Does what the command line says, until `signal` aborts, and returns the exit code. Errors go to stderr as a sentence. */
export async function cli(args: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    return await follow(parseOptions(args), signal);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UsageError)) return exitCodes.failed;
    console.error('Run `npm start -- --help` to see the options.');
    return exitCodes.usage;
  }
}

async function follow(options: Options, signal: AbortSignal): Promise<number> {
  if (options.help) {
    console.log(usage);
    return exitCodes.done;
  }
  if (options.list) {
    for (const [name, { about }] of [...programs, ...jobs]) console.log(`${name.padEnd(22)}${about}`);
    return exitCodes.done;
  }
  const session = await openBackend(options.backend);
  const job = jobs.get(options.example);
  if (job !== undefined) {
    const finished = await job.run(options, session, signal);
    return finished ? exitCodes.done : exitCodes.interrupted;
  }
  const values = await programs.get(options.example)?.run(session);
  for (const [name, value] of Object.entries(values ?? {})) console.log(`${name} =\n${value.toString()}`);
  return exitCodes.done;
}
