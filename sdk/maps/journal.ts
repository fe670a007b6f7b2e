import { digestOf } from '../data/digest';
import type { JsonObject } from '../data/json';
import { ConcordError } from '../errors';
import { fileTime, valuesDigest } from '../io/maps/file-marks';
import type { FileMark } from '../io/maps/file-marks';
import type { WorkFolder } from '../io/maps/work-folder';
import { thisStart } from '../io/maps/work-folder';
import { readMapFile } from '../io/maps/map-file';
import { advise, option } from '../remedy';
import type { MapLayout } from './map-layout';

/** How far a run has come. */
export interface Progressed {
  readonly layout: MapLayout;
  /** Scans whose maps are in the temporary file. */
  readonly read: number;
  /** Blocks of vertices that are fitted. */
  readonly fitted: number;
  /** Whether site effects are shrunk. */
  readonly shrunk: boolean;
  /** Scans whose maps are written. */
  readonly written: number;
  readonly counts: MapCounts;
}

/** What was met on the way. */
export interface MapCounts {
  /** Vertices that are 0 or missing in every scan. */
  readonly empty: number;
  /** Vertices that hold something, outside of the cortex that was given. */
  readonly outside: number;
  /** Vertices that are exactly 0 in some scans and not in others. */
  readonly partlyZero: number;
  readonly constant: number;
  readonly notEstimable: number;
  /** Vertices whose covariates of scale have no highest likelihood. */
  readonly endless: number;
  /** With effects of persons: vertices where all scans of a person have the same value, so that they are left as they are. */
  readonly alikeWithinPersons: number;
  /** With effects of persons: vertices where scans of one person are no more alike than those of several. */
  readonly noPersonEffect: number;
  /** Missing values at vertices that are not empty. */
  readonly missing: number;
  /** Values below 0 that were not. */
  readonly negative: number;
  /** Values that became missing: their sites had no values of the vertex. */
  readonly unmodelled: number;
}

/** None of anything. */
export const nothingMet: MapCounts = {
  empty: 0,
  outside: 0,
  partlyZero: 0,
  constant: 0,
  notEstimable: 0,
  endless: 0,
  alikeWithinPersons: 0,
  noPersonEffect: 0,
  missing: 0,
  negative: 0,
  unmodelled: 0,
};

/** Adds counts. */
export function addCounts(one: MapCounts, other: Partial<MapCounts>): MapCounts {
  const names = Object.keys(one) as (keyof MapCounts)[];
  return Object.fromEntries(
    names.map((name) => [name, one[name] + (other[name] ?? 0)]),
  ) as unknown as MapCounts;
}

/** A run as its journal knows it. */
export interface Journal {
  readonly state: Progressed | undefined;
  /** The marks of the files that are read, scan after scan. */
  readonly marks: readonly (readonly FileMark[])[];
  /** The run that was stopped cannot be continued, and why; it begins anew. */
  readonly anew?: string;
}

/** What a run is about: of two runs that are alike, one continues the other. */
export interface RunIdentity {
  /** By name: settings, scans, files. */
  readonly about: JsonObject;
}

/**
 * Reads what an earlier run noted.
 *
 * @throws ConcordError `invalid-option` naming what is other than in the run that was stopped.
 */
export async function readJournal(work: WorkFolder, { about }: RunIdentity): Promise<Journal> {
  const noted = await work.read('journal.json');
  const files = await work.read('inputs.json');
  if (noted === undefined || files === undefined) return { state: undefined, marks: [] };
  const before = (noted['about'] ?? {}) as Readonly<Record<string, unknown>>;
  const digests = aboutDigests(about);
  const other = Object.keys(digests).find((name) => before[name] !== digests[name]);
  if (other !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `changed ${other}: the run that was stopped, whose files are in ${work.path('')}, was begun otherwise`,
      { remedy: advise`give it as it was, or begin anew with ${option('overwrite', true)}` },
    );
  }
  if (noted['start'] !== (await thisStart())) {
    return {
      state: undefined,
      marks: [],
      anew: 'it ran on another machine, or this one was started again since: what it had not yet written to the disk may be lost',
    };
  }
  return {
    state: noted['state'] as unknown as Progressed,
    marks: files['marks'] as unknown as readonly (readonly FileMark[])[],
  };
}

function aboutDigests(about: JsonObject): Readonly<Record<string, string>> {
  const named = Object.entries(about).map(([name, value]) => [name, digestOf(value)] as const);
  return Object.fromEntries(named);
}

/** Notes how far a run has come. */
export async function noteState(work: WorkFolder, { about }: RunIdentity, state: Progressed): Promise<void> {
  await work.note('journal.json', {
    about: aboutDigests(about),
    start: await thisStart(),
    state: state as unknown as JsonObject,
  });
}

/** Notes the marks of the files that are read. */
export async function noteMarks(work: WorkFolder, marks: readonly (readonly FileMark[])[]): Promise<void> {
  await work.note('inputs.json', { marks: marks as unknown as JsonObject[] });
}

/**
 * Makes sure that a file is as it was when it was read: if not by size and time, then by its values.
 *
 * @param frame - which map, of a stack
 * @throws ConcordError `invalid-option` naming the file.
 */
export async function requireSame(path: string, mark: FileMark, frame?: number): Promise<void> {
  const { bytes, modified } = await fileTime(path);
  if (bytes === mark.bytes && modified === mark.modified) return;
  if (valuesDigest(await readMapFile(path, frame)) === mark.digest) return;
  throw new ConcordError('invalid-option', `changed file: ${path} has other values than when it was read`, {
    where: { file: path },
    remedy: advise`put it back, or begin anew with ${option('overwrite', true)}`,
  });
}
