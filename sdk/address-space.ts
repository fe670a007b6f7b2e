import { readFileSync } from 'node:fs';
import { ConcordError } from './errors';

/** How many addresses a process may use, in bytes: not memory, but places for it, which clusters limit all the same. */
export interface AddressSpace {
  /** What `ulimit -v` (SGE: `h_vmem`) allows. */
  readonly limit: number;
  /** What the process has taken already. */
  readonly used: number;
}

/**
 * What a thread of Node takes: 0.8 to 1.2 GB of addresses, and somewhat more while it starts. Where they are not to be had,
 * V8 ends the whole process, without an error that anybody could catch.
 */
export const threadAddresses: number = 1.3e9;

/** What is left for the values of the program itself while threads are counted. */
const ownAddresses = 1e9;

/** The limit of this process, where there is one and the system says so (Linux). */
export function addressSpace(): AddressSpace | undefined {
  try {
    return addressSpaceFrom(
      readFileSync('/proc/self/limits', 'latin1'),
      readFileSync('/proc/self/status', 'latin1'),
    );
  } catch {
    // Not Linux, or without /proc.
    return undefined;
  }
}

/** Reads the two files in which Linux says it. */
export function addressSpaceFrom(limits: string, status: string): AddressSpace | undefined {
  const limit = /^Max address space\s+(\d+)/m.exec(limits)?.[1];
  const used = /^VmSize:\s+(\d+) kB/m.exec(status)?.[1];
  if (limit === undefined || used === undefined) return undefined;
  return { limit: Number(limit), used: 1024 * Number(used) };
}

/** How many threads can be started besides `reserved` bytes of addresses. */
export function threadsWithin(space: AddressSpace | undefined, reserved: number): number {
  if (space === undefined) return Infinity;
  const left = space.limit - space.used - reserved - ownAddresses;
  return Math.max(0, Math.floor(left / threadAddresses));
}

/** Has V8 check each access to memory in code, and take addresses for the memory only. */
export const withoutTrapHandler: string = '--disable-wasm-trap-handler';

/** What V8 takes for a memory of WebAssembly: all that 32 bits reach, and room to notice accesses beyond. */
export function addressesOfMemory(): number {
  return isWithoutTrapHandler() ? 5e9 : 11.5e9;
}

/** Whether this process was started so. */
export function isWithoutTrapHandler(): boolean {
  const given = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return given.some((word) => word.replaceAll('_', '-') === withoutTrapHandler);
}

/** What the limit is and how to raise it, in words. */
export function limitInWords({ limit }: AddressSpace): string {
  return `this process may use ${gigabytes(limit)} of addresses (ulimit -v, h_vmem of SGE), whatever memory there is`;
}

/** How to raise the limit. */
export const raiseLimit: string =
  'raise the limit where the job is started: ulimit -v unlimited, or a larger h_vmem';

/**
 * Checks that a thread can be started without ending the process.
 *
 * @param what - what the thread is for, as the subject of a sentence
 * @throws ConcordError `out-of-memory`.
 */
export function requireThread(what: string, space: AddressSpace | undefined = addressSpace()): void {
  if (space === undefined || space.limit - space.used >= threadAddresses) return;
  throw new ConcordError(
    'out-of-memory',
    `${what} needs a thread, which takes ${gigabytes(threadAddresses)} of addresses: ${limitInWords(space)}, and ` +
      `${gigabytes(space.used)} are taken (${raiseLimit})`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
