import { cli, exitCodes } from './cli.js';

const interruption = new AbortController();
let interruptedAt = 0;

// The first Ctrl-C ends the work after its current step. Under `npm start` one Ctrl-C may arrive twice, from the terminal
// and through npm, so only one that comes a while later means that somebody will not wait.
process.on('SIGINT', () => {
  if (interruption.signal.aborted && Date.now() - interruptedAt > 1000) process.exit(exitCodes.interrupted);
  if (interruption.signal.aborted) return;
  interruptedAt = Date.now();
  interruption.abort();
});

process.exitCode = await cli(process.argv.slice(2), interruption.signal);
