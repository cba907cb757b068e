import { readFile } from 'node:fs/promises';

/**
 * The most memory that this process has had in use, in MB. Where Linux tells it, of this process alone: what `resourceUsage` says counts
 * that of the process which started it, too, because the one begins as a copy of the other.
 */
export async function peakMemory(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}
