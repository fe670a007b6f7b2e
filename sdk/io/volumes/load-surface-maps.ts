import type { FeatureCohort } from '../../data/cohort';
import { makeFeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { makeParticipants, takeParticipants } from '../../data/people/participants';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { unusableScan } from '../../data/images/stream-volumes';
import { ConcordError } from '../../errors';
import { covariateReading } from '../tables/make-reading';
import { imageError } from './image-error';
import { readSurfaceMap } from './read-surface-map';
import { requireEntries } from '../files/argument-order';

/** The surface maps of one subject: one file, or one per hemisphere. */
export type SurfaceMapEntry = {
  /** Unique in the cohort. */
  readonly id: string;
  readonly site: string;
} & ({ readonly file: string } | { readonly left: string; readonly right: string });

/** Options of {@link loadSurfaceMaps}. */
export interface LoadSurfaceMapsOptions extends RunOptions {
  /** Covariates with one value per entry, in the same order. */
  readonly covariates?: readonly Covariate[];
  /**
   * What is before the number of the vertex in the names of features.
   *
   * @defaultValue `'vertex'`; none before `lh.` and `rh.`, which are there with a file per hemisphere
   */
  readonly prefix?: string;
  /**
   * Throw at the first subject whose map cannot be used, instead of leaving the subject out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
}

/** What was read of one subject. */
interface SubjectMap {
  readonly row: number;
  /** The files it was read from. */
  readonly files: readonly string[];
  /** One map per file. */
  readonly parts: readonly Float32Array[];
}

/**
 * Loads maps of one value per vertex, such as cortical thickness, into a table of features with a column per vertex:
 * GIFTI, MGH, MGZ or FreeSurfer's curvature format. All subjects must have been brought to the same surface, such as
 * fsaverage; a subject with another number of vertices than most is left out with an issue.
 *
 * @throws ConcordError `too-little-data` when no map can be used; `duplicate-id`, `missing-value`, `aborted`; with
 * `strict`, whatever is wrong with the first bad file.
 *
 * @example
 * ```ts
 * const cohort = await loadSurfaceMaps(subjects.map(({ id, site }) => ({
 *   id, site, left: `${id}/surf/lh.thickness.fsaverage.mgh`, right: `${id}/surf/rh.thickness.fsaverage.mgh`,
 * })));
 * ```
 */
export async function loadSurfaceMaps(
  entries: readonly SurfaceMapEntry[],
  options: LoadSurfaceMapsOptions = {},
): Promise<FeatureCohort> {
  requireEntries('loadSurfaceMaps', entries);
  const { covariates = [], prefix, strict = false } = options;
  const participants = makeParticipants(
    entries.map(({ id }) => id),
    entries.map(({ site }) => site),
    covariates,
  );
  const issues: Issue[] = [];
  const leaveOut = (row: number, error: unknown): void => {
    if (strict || !(error instanceof ConcordError) || error.code === 'aborted') throw error;
    issues.push(unusableScan({ id: entries[row].id }, error));
  };
  const read = await readAll(entries, options, leaveOut);
  const maps = sameSurface(read, leaveOut);
  if (maps.length === 0) {
    const why = issues.length === 0 ? 'none is given' : issues[0].message;
    throw new ConcordError('too-little-data', `no usable surface map: ${why}`, {
      remedy: issues.at(0)?.remedy,
    });
  }
  const kept = takeParticipants(
    participants,
    maps.map(({ row }) => row),
  );
  const names = featureNames(maps[0], prefix);
  const values = joined(maps, names.length);
  return makeFeatureCohort(kept, makeFeatureMatrix(values, kept.ids, names), {
    provenance: [
      provenanceStep('loadSurfaceMaps', {
        subjects: entries.length,
        vertices: maps[0].parts.map((part) => part.length),
        covariates: covariates.map(covariateReading),
      }),
    ],
    issues: [...issues, ...reportMissing(values)],
  });
}

async function readAll(
  entries: readonly SurfaceMapEntry[],
  run: RunOptions,
  leaveOut: (row: number, error: unknown) => void,
): Promise<readonly SubjectMap[]> {
  const report = progressReporter('reading surface maps', entries.length, run);
  const maps: SubjectMap[] = [];
  for (const [row, entry] of entries.entries()) {
    await breathe(run.signal);
    const files = 'file' in entry ? [entry.file] : [entry.left, entry.right];
    try {
      const parts: Float32Array[] = [];
      for (const file of files) parts.push(await readSurfaceMap(file));
      maps.push({ row, files, parts });
    } catch (error) {
      leaveOut(row, error);
    }
    report(row + 1);
  }
  return maps;
}

/** The maps with as many vertices as most have. */
function sameSurface(
  maps: readonly SubjectMap[],
  leaveOut: (row: number, error: unknown) => void,
): readonly SubjectMap[] {
  const sizes = (map: SubjectMap): string => map.parts.map((part) => part.length).join(' + ');
  const groups = new Map<string, SubjectMap[]>();
  for (const map of maps) groups.set(sizes(map), [...(groups.get(sizes(map)) ?? []), map]);
  const largest = [...groups.values()].reduce<readonly SubjectMap[]>(
    (most, group) => (group.length > most.length ? group : most),
    [],
  );
  for (const map of maps) {
    if (sizes(map) === sizes(largest[0])) continue;
    const [file] = map.files;
    const message =
      `different grids: ${file} has ${sizes(map)} vertices and ${largest[0].files[0]} ${sizes(largest[0])} ` +
      '(bring all subjects to one surface, for example with mri_surf2surf --trgsubject fsaverage)';
    leaveOut(map.row, imageError('different-grids', file, message));
  }
  return largest;
}

function featureNames({ parts }: SubjectMap, prefix: string | undefined): readonly string[] {
  const before =
    parts.length === 1 ? [prefix ?? 'vertex'] : ['lh.', 'rh.'].map((side) => `${prefix ?? ''}${side}`);
  return parts.flatMap((part, k) => Array.from(part, (_, vertex) => `${before[k]}${vertex}`));
}

function joined(maps: readonly SubjectMap[], width: number): Float64Array {
  const values = new Float64Array(maps.length * width);
  let at = 0;
  for (const part of maps.flatMap(({ parts }) => parts)) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}

function reportMissing(values: Float64Array): readonly Issue[] {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at])) count++;
  return count === 0
    ? []
    : [makeIssue('missing-cells', `${count} of ${values.length} vertex values are missing`)];
}
