import { oneOf } from '../../data/one-of';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { progressReporter, throwIfAborted } from '../../data/run-options';
import type { ColumnSetAside } from '../../data/table-reading';
import { ConcordError } from '../../errors';
import { advise } from '../../remedy';
import { arraySource } from '../text/array-source';
import type { FreeSurferStats } from './free-surfer-stats';
import type { StatsWanted } from './free-surfer-stats';
import { parseFreeSurferStats } from './free-surfer-stats';
import type { SubjectFolder } from './free-surfer-folder';
import { asegFile, chooseParcellation } from './free-surfer-folder';
import { crossSectionalIssues, leftOutTemplates, templatesAmong } from './longitudinal-stream';
import { nameSpeaksAgainst } from '../columns/features/feature-names';
import { onlyLeavesOut } from '../columns/features/feature-patterns';
import { setAsideMessage } from '../columns/features/infer-features';
import { openParticipants } from '../tables/load-table';
import { howChosen } from '../tables/make-reading';
import { collectNoticing } from '../columns/notice-covariates';
import type { KnownLabels } from '../columns/labels/prepare-labels';
import { readTextFile, unreadableFile } from '../files/read-file';
import type { RowSource } from '../text/row-source';
import type { FeatureSelection, LoadTableOptions } from '../tables/table-options';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';
import { counted } from '../../data/counted';

/**
 * What is measured: mean thickness (mm), surface area (mm²) or gray matter volume (mm³) of the cortical regions of both
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
   * The cortical parcellation: the middle part of `lh.aparc.stats`, for example `aparc.a2009s` or, of FastSurfer,
   * `aparc.DKTatlas.mapped`.
   *
   * @defaultValue `'aparc'`; where no subject has that one, the only one there is
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
 * Loads the `stats` files of a folder of subjects by FreeSurfer or FastSurfer: `<subject>/stats/lh.aparc.stats`,
 * `rh.aparc.stats` and `aseg.stats` (of FastSurfer without surfaces `aseg+DKT.stats`), whichever the measures need.
 * Features are called as in FreeSurfer's own tables: `lh_bankssts_thickness`, `Left-Hippocampus`. The estimated
 * intracranial volume, `EstimatedTotalIntraCranialVol` (mm³), may be named as a covariate; it, ratios to it and counts of
 * holes are no features unless named.
 *
 * Of the longitudinal stream, `SCAN.long.TEMPLATE` is a scan of the person TEMPLATE; templates are no scans and are left out.
 *
 * A subject with a missing or broken file is left out with an issue, unless `strict` is set. A structure without a row, and
 * a value written as `nan`, is missing.
 *
 * @throws ConcordError `unreadable-file`, `malformed-table`, `too-little-data`, `invalid-option` for a measure or
 * parcellation that is not there, and those of `loadTable`.
 *
 * @example
 * ```ts
 * const cohort = await loadFreeSurferStats('freesurfer/', { measures: ['thickness'], participants: 'participants.tsv' });
 * ```
 */
export async function loadFreeSurferStats(
  subjectsDir: string,
  options: LoadFreeSurferStatsOptions,
): Promise<FeatureCohort> {
  requirePath('loadFreeSurferStats', subjectsDir);
  requireCall('loadFreeSurferStats', { subjectsDir, options });
  return loadFolderAsBefore(subjectsDir, options);
}

/**
 * Loads a folder for a model, with the names that the model has for sites and levels.
 *
 * @throws ConcordError as {@link loadFreeSurferStats} does.
 */
export async function loadFolderAsBefore(
  subjectsDir: string,
  options: LoadFreeSurferStatsOptions,
  known?: KnownLabels,
): Promise<FeatureCohort> {
  const measures = options.measures ?? ['thickness'];
  for (const measure of measures) oneOf('measure', measure, ['thickness', 'area', 'volume', 'aseg']);
  const participants = await openParticipants(options.participants, options);
  const all = await subjectFolders(subjectsDir);
  const templates = templatesAmong(all.map(({ subject }) => subject));
  const noScans = new Set(templates);
  const folders = all.filter(({ subject }) => !noScans.has(subject));
  const found = measures.some((measure) => measure !== 'aseg')
    ? chooseParcellation(subjectsDir, folders, options.parcellation)
    : { parcellation: options.parcellation ?? 'aparc', issues: [] };
  const { parcellation } = found;
  const read = await readSubjects(subjectsDir, folders, { ...options, measures, parcellation });
  const { subjects } = read;
  if (subjects.length === 0) throw noSubjects(subjectsDir, read.issues);
  const regions = namesIn(subjects.map(({ features }) => features));
  const { features, setAside } = chooseRegions(regions, options);
  const issues = [
    ...leftOutTemplates(templates, subjectsDir),
    ...found.issues,
    ...read.issues,
    ...notNumberIssue(subjectsDir, subjects),
    ...asideIssue(subjectsDir, setAside),
  ];
  const origin = {
    folder: basename(subjectsDir),
    measures,
    parcellation,
    participants: participants && basename(participants.source.name),
  };
  const cohort = await collectNoticing(
    asTable(subjectsDir, regions, subjects),
    { ...options, id: 'subject', features },
    {
      step: 'loadFreeSurferStats',
      origin,
      participants: participants && { ...participants, ownIdsOfStream: true },
      issues,
      known,
      reading: {
        source: 'free-surfer',
        features: howChosen(options.features),
        setAside,
        freeSurfer: { measures, parcellation },
      },
    },
  );
  const streams = crossSectionalIssues(
    cohort.participants.ids,
    folders.map(({ subject }) => subject),
    subjectsDir,
  );
  return streams.length === 0 ? cohort : { ...cohort, issues: [...cohort.issues, ...streams] };
}

/** The features, as far as they were not named: all that are no covariates and no measures of the whole head. */
function chooseRegions(
  regions: readonly string[],
  options: LoadFreeSurferStatsOptions,
): { readonly features: FeatureSelection; readonly setAside: readonly ColumnSetAside[] } {
  const { features = [] } = options;
  if (options.features !== undefined && !onlyLeavesOut(features)) return { features, setAside: [] };
  const covariates = options.covariates ?? [];
  const used = new Set(covariates.map((item) => (typeof item === 'string' ? item : item.name)));
  const setAside = notRegions(regions, used);
  const aside = new Set(setAside.map(({ name }) => name));
  const own = regions.filter((name) => !used.has(name) && !aside.has(name));
  const leftOut = typeof features === 'string' || features instanceof RegExp ? [features] : features;
  return { features: [...own, ...leftOut], setAside };
}

/** The values of an `aseg.stats` that are no measures of a structure, and why. */
function notRegions(names: readonly string[], used: ReadonlySet<string>): readonly ColumnSetAside[] {
  return names.flatMap((name) => {
    const reason = used.has(name) ? undefined : nameSpeaksAgainst(name);
    return reason === undefined ? [] : [{ name, reason }];
  });
}

function asideIssue(file: string, setAside: readonly ColumnSetAside[]): readonly Issue[] {
  return setAside.length === 0 ? [] : [makeIssue('unused-column', setAsideMessage(setAside), { file })];
}

function notNumberIssue(file: string, subjects: readonly SubjectValues[]): readonly Issue[] {
  const some = subjects.filter(({ notNumbers }) => notNumbers.length > 0);
  if (some.length === 0) return [];
  const cells = some.reduce((sum, { notNumbers }) => sum + notNumbers.length, 0);
  const list = some.map(({ subject, notNumbers }) => `${subject}: ${notNumbers.join(', ')}`).slice(0, 8);
  const more = some.length > list.length ? ` and ${some.length - list.length} more subjects` : '';
  const message =
    `${counted(cells, 'value')} of the stats files ${cells === 1 ? 'is' : 'are'} written as nan ` +
    `and taken as missing: ${list.join('; ')}${more}`;
  const where = some.length === 1 ? { file, subject: some[0].subject } : { file };
  return [
    makeIssue(
      'missing-cells',
      message,
      where,
      advise`look at the surfaces of these subjects before you trust them`,
    ),
  ];
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
  folders: readonly SubjectFolder[],
  options: ReadOptions,
): Promise<{ readonly subjects: readonly SubjectValues[]; readonly issues: readonly Issue[] }> {
  const report = progressReporter(`reading ${subjectsDir}`, folders.length, options);
  const subjects: SubjectValues[] = [];
  const issues: Issue[] = [];
  for (const [done, folder] of folders.entries()) {
    throwIfAborted(options.signal);
    const { subject } = folder;
    try {
      subjects.push(await readSubject(join(subjectsDir, subject), folder, options));
    } catch (cause) {
      if (options.strict === true || !(cause instanceof ConcordError)) throw cause;
      const where = { ...cause.where, subject };
      const what = `subject "${subject}" is left out: ${cause.problem}`;
      issues.push(makeIssue('dropped-subject', what, where, cause.remedy));
    }
    report(done + 1);
  }
  return { subjects, issues };
}

/** The folders that hold a folder `stats`; FreeSurfer's own averages are not subjects. */
async function subjectFolders(subjectsDir: string): Promise<readonly SubjectFolder[]> {
  const names = await readdir(subjectsDir).catch((cause: unknown) => {
    throw unreadableFile(subjectsDir, cause);
  });
  const folders = await Promise.all(
    names
      .filter((name) => !/^fsaverage/.test(name))
      .sort()
      .map(async (subject): Promise<readonly SubjectFolder[]> => {
        const files = await readdir(join(subjectsDir, subject, 'stats')).catch(() => undefined);
        return files === undefined ? [] : [{ subject, files }];
      }),
  );
  return folders.flat();
}

interface SubjectValues {
  readonly subject: string;
  readonly features: ReadonlyMap<string, number>;
  /** Measures of the whole head, to be used as covariates. */
  readonly wholeHead: ReadonlyMap<string, number>;
  /** What is written as `nan`, and so missing. */
  readonly notNumbers: readonly string[];
}

/** The column of `?h.aparc.stats` that holds each cortical measure. */
const columnOf = { thickness: 'ThickAvg', area: 'SurfArea', volume: 'GrayVol' } as const;

async function readSubject(
  path: string,
  { subject, files }: SubjectFolder,
  options: ReadOptions,
): Promise<SubjectValues> {
  const features = new Map<string, number>();
  const wholeHead = new Map<string, number>();
  const notNumbers: string[] = [];
  const read = async (name: string, wanted: StatsWanted): Promise<FreeSurferStats> => {
    const file = join(path, 'stats', name);
    const stats = parseFreeSurferStats(await readTextFile(file), file, wanted);
    const etiv = stats.measures.get('EstimatedTotalIntraCranialVol');
    if (etiv !== undefined) wholeHead.set('EstimatedTotalIntraCranialVol', etiv);
    notNumbers.push(...stats.notNumbers.map((value) => `${name.split('.')[0]} ${value}`));
    return stats;
  };
  const cortical = options.measures.filter((measure) => measure !== 'aseg');
  const columns = cortical.map((measure) => columnOf[measure]);
  for (const hemisphere of cortical.length > 0 ? ['lh', 'rh'] : []) {
    const { regions } = await read(`${hemisphere}.${options.parcellation}.stats`, {
      columns,
      measures: false,
    });
    for (const measure of cortical) {
      for (const [region, values] of regions) {
        features.set(`${hemisphere}_${region}_${measure}`, values.get(columnOf[measure]) ?? NaN);
      }
    }
  }
  if (options.measures.includes('aseg')) {
    const { regions, measures } = await read(asegFile(files), { columns: ['Volume_mm3'], measures: true });
    for (const [region, values] of regions) features.set(region, values.get('Volume_mm3') ?? NaN);
    for (const [name, value] of measures) features.set(name, value);
  }
  return { subject, features, wholeHead, notNumbers };
}

function noSubjects(subjectsDir: string, issues: readonly Issue[]): ConcordError {
  const where = { file: subjectsDir };
  if (issues.length === 0) {
    const problem = `no subjects in ${subjectsDir}: no folder <subject>/stats is there`;
    return new ConcordError('too-little-data', problem, {
      where,
      remedy: ["give FreeSurfer's SUBJECTS_DIR"],
    });
  }
  const [{ message, remedy }] = issues;
  const problem = `no usable subject in ${subjectsDir}: ${message}`;
  return new ConcordError('too-little-data', problem, { where, remedy });
}
