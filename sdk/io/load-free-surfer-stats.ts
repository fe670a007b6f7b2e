import { oneOf } from '../data/one-of';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { progressReporter, throwIfAborted } from '../data/run-options';
import { ConcordError } from '../errors';
import { arraySource } from './array-source';
import type { FreeSurferStats } from './free-surfer-stats';
import { parseFreeSurferStats } from './free-surfer-stats';
import { openParticipants } from './load-table';
import { collectNoticing } from './notice-covariates';
import { readTextFile, unreadableFile } from './read-file';
import type { RowSource } from './row-source';
import type { LoadTableOptions } from './table-options';

/**
 * What is measured: mean thickness (mm), surface area (mm²) or grey matter volume (mm³) of the cortical regions of both
 * hemispheres; or, as `aseg`, the volumes (mm³) of the segmented structures and of the head as a whole.
 */
export type FreeSurferMeasure = 'thickness' | 'area' | 'volume' | 'aseg';

/** Options of {@link loadFreeSurferStats}. */
export interface LoadFreeSurferStatsOptions extends Omit<LoadTableOptions, 'id'> {
  /** The table with the site, and the covariates, of each subject, such as BIDS `participants.tsv`. */
  readonly participants: NonNullable<LoadTableOptions['participants']>;
  /** @defaultValue `['thickness']` */
  readonly measures?: readonly FreeSurferMeasure[];
  /**
   * The cortical parcellation: the middle part of `lh.aparc.stats`.
   *
   * @defaultValue `'aparc'`
   */
  readonly parcellation?: string;
  /**
   * Throw at the first subject whose files are missing or broken, instead of leaving the subject out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
}

/**
 * Loads the `stats` files of a FreeSurfer subjects folder: `<subject>/stats/lh.aparc.stats`, `rh.aparc.stats` and
 * `aseg.stats`, whichever the measures need. Features are called as in FreeSurfer's own tables:
 * `lh_bankssts_thickness`, `Left-Hippocampus`. The estimated intracranial volume,
 * `EstimatedTotalIntraCranialVol` (mm³), may be named as a covariate.
 *
 * A subject with a missing or broken file is left out with an issue, unless `strict` is set.
 *
 * @throws ConcordError `unreadable-file`, `malformed-table`, `too-little-data` and those of `loadTable`.
 */
export async function loadFreeSurferStats(
  subjectsDir: string,
  options: LoadFreeSurferStatsOptions,
): Promise<FeatureCohort> {
  const measures = options.measures ?? ['thickness'];
  for (const measure of measures) oneOf('measure', measure, ['thickness', 'area', 'volume', 'aseg']);
  const parcellation = options.parcellation ?? 'aparc';
  const participants = await openParticipants(options.participants, options);
  const { subjects, issues } = await readSubjects(subjectsDir, { ...options, measures, parcellation });
  if (subjects.length === 0) throw noSubjects(subjectsDir, issues);
  const regions = namesIn(subjects.map(({ features }) => features));
  const used = new Set(
    (options.covariates ?? []).map((item) => (typeof item === 'string' ? item : item.name)),
  );
  const features = options.features ?? regions.filter((name) => !used.has(name));
  const origin = {
    folder: basename(subjectsDir),
    measures,
    parcellation,
    participants: participants && basename(participants.source.name),
  };
  return collectNoticing(
    asTable(subjectsDir, regions, subjects),
    { ...options, id: 'subject', features },
    { step: 'loadFreeSurferStats', origin, participants, issues },
  );
}

/** One row per subject: the regions, then the measures of the whole head that are not among them. */
function asTable(name: string, regions: readonly string[], subjects: readonly SubjectValues[]): RowSource {
  const whole = namesIn(subjects.map(({ wholeHead }) => wholeHead)).filter((one) => !regions.includes(one));
  return arraySource(
    name,
    ['subject', ...regions, ...whole],
    subjects.map(({ subject, features, wholeHead }) => [
      subject,
      ...regions.map((region) => features.get(region) ?? null),
      ...whole.map((measure) => wholeHead.get(measure) ?? null),
    ]),
  );
}

function namesIn(maps: readonly ReadonlyMap<string, number>[]): readonly string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))];
}

type ReadOptions = LoadFreeSurferStatsOptions &
  Required<Pick<LoadFreeSurferStatsOptions, 'measures' | 'parcellation'>>;

async function readSubjects(
  subjectsDir: string,
  options: ReadOptions,
): Promise<{ readonly subjects: readonly SubjectValues[]; readonly issues: readonly Issue[] }> {
  const names = await subjectFolders(subjectsDir);
  const report = progressReporter(`reading ${subjectsDir}`, names.length, options);
  const subjects: SubjectValues[] = [];
  const issues: Issue[] = [];
  for (const [done, subject] of names.entries()) {
    throwIfAborted(options.signal);
    try {
      subjects.push(await readSubject(join(subjectsDir, subject), subject, options));
    } catch (cause) {
      if (options.strict === true || !(cause instanceof ConcordError)) throw cause;
      const where = { ...cause.where, subject };
      issues.push(makeIssue('dropped-subject', `subject "${subject}" is left out: ${cause.message}`, where));
    }
    report(done + 1);
  }
  return { subjects, issues };
}

/** The folders that hold a folder `stats`; FreeSurfer's own averages are not subjects. */
async function subjectFolders(subjectsDir: string): Promise<readonly string[]> {
  const names = await readdir(subjectsDir).catch((cause: unknown) => {
    throw unreadableFile(subjectsDir, cause);
  });
  const isSubject = await Promise.all(
    names.map(async (name) => {
      if (/^fsaverage/.test(name)) return false;
      return stat(join(subjectsDir, name, 'stats')).then(
        (found) => found.isDirectory(),
        () => false,
      );
    }),
  );
  return names.filter((_, at) => isSubject[at]).sort();
}

interface SubjectValues {
  readonly subject: string;
  readonly features: ReadonlyMap<string, number>;
  /** Measures of the whole head, to be used as covariates. */
  readonly wholeHead: ReadonlyMap<string, number>;
}

/** The column of `?h.aparc.stats` that holds each cortical measure. */
const columnOf = { thickness: 'ThickAvg', area: 'SurfArea', volume: 'GrayVol' } as const;

async function readSubject(folder: string, subject: string, options: ReadOptions): Promise<SubjectValues> {
  const features = new Map<string, number>();
  const wholeHead = new Map<string, number>();
  const read = async (name: string): Promise<FreeSurferStats> => {
    const path = join(folder, 'stats', name);
    const stats = parseFreeSurferStats(await readTextFile(path), path);
    const etiv = stats.measures.get('EstimatedTotalIntraCranialVol');
    if (etiv !== undefined) wholeHead.set('EstimatedTotalIntraCranialVol', etiv);
    return stats;
  };
  const cortical = options.measures.filter((measure) => measure !== 'aseg');
  for (const hemisphere of cortical.length > 0 ? ['lh', 'rh'] : []) {
    const { regions } = await read(`${hemisphere}.${options.parcellation}.stats`);
    for (const measure of cortical) {
      for (const [region, values] of regions) {
        const value = values.get(columnOf[measure]);
        if (value !== undefined) features.set(`${hemisphere}_${region}_${measure}`, value);
      }
    }
  }
  if (options.measures.includes('aseg')) {
    const { regions, measures } = await read('aseg.stats');
    for (const [region, values] of regions) features.set(region, values.get('Volume_mm3') ?? NaN);
    for (const [name, value] of measures) features.set(name, value);
  }
  return { subject, features, wholeHead };
}

function noSubjects(subjectsDir: string, issues: readonly Issue[]): ConcordError {
  const message =
    issues.length === 0
      ? `no subjects in ${subjectsDir}: no folder <subject>/stats is there (give FreeSurfer's SUBJECTS_DIR)`
      : `no usable subject in ${subjectsDir}: ${issues[0].message}`;
  return new ConcordError('too-little-data', message, { where: { file: subjectsDir } });
}
