import { readFileSync } from 'node:fs';

/** Bytes of memory that this process has resident now. */
export function residentMemory(): number {
  return process.memoryUsage.rss();
}

/**
 * The most bytes that this process ever had resident. Linux says so per program in /proc; what `getrusage` says
 * there counts the parent's memory too, the child beginning as its copy.
 */
export function peakMemory(): number {
  if (process.platform === 'linux') {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (match !== null) return Number(match[1]) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
