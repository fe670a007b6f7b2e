/** Valid files, of which one is altered. */
export interface FuzzSeed {
  /** By their names within a folder of their own. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Which of them is altered. */
  readonly altered: string;
  /** What is opened: a file, or the folder where this is empty. */
  readonly opened: string;
}

/** How a file is altered. */
export type FuzzKind = 'bytes' | 'text' | 'json';

/** A format whose reader is tried on damaged files. */
export interface FuzzedFormat {
  readonly name: string;
  readonly kind: FuzzKind;
  /** Makes valid files, by our own writers or byte by byte. */
  readonly seeds: (folder: string) => Promise<readonly FuzzSeed[]>;
  /** Reads what is at a path. */
  readonly read: (path: string) => Promise<unknown>;
  /** Why a result cannot be right; undefined where it can. */
  readonly nonsense: (result: never) => string | undefined;
  /** Seals the altered files again, so that what is in them comes to be looked at, not the seal alone. */
  readonly reseal?: (files: Readonly<Record<string, Uint8Array>>) => Readonly<Record<string, Uint8Array>>;
  /** Words that mean something in the format. */
  readonly words?: readonly string[];
}

/** What became of a damaged file. */
export type Outcome =
  'read' | 'refused' | 'raw error' | 'unreadable message' | 'nonsense' | 'slow' | 'memory' | 'ended';

/** What falls short: everything but reading and refusing. */
export function isShort(outcome: Outcome): boolean {
  return outcome !== 'read' && outcome !== 'refused';
}

/** One damaged file and what became of it. */
export interface FuzzCase {
  readonly index: number;
  readonly outcome: Outcome;
  /** What was said or returned. */
  readonly detail: string;
  readonly milliseconds: number;
}

/** Bounds of a case: beyond them it falls short. */
export const bounds = {
  /** Seconds of processor time for one file of some thousand bytes. */
  seconds: 5,
  /** Seconds on the clock after which it is ended: the machine may be busy. */
  patience: 60,
  /** The most memory that the process may have taken, in MiB: about 250 are Node.js and the sources. */
  mebibytes: 1024,
} as const;
