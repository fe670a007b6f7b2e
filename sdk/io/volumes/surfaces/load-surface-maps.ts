import { basename } from 'node:path';
import type { FeatureCohort } from '../../../data/cohort';
import { makeFeatureCohort } from '../../../data/cohort';
import type { Covariate } from '../../../data/people/covariate';
import { makeFeatureMatrix } from '../../../data/feature-matrix';
import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { familiesOf } from '../../../data/people/families';
import { makeParticipants, takeParticipants } from '../../../data/people/participants';
import { provenanceStep } from '../../../data/provenance';
import type { RunOptions } from '../../../data/run-options';
import { breathe, progressReporter } from '../../../data/run-options';
import { unusableScan } from '../../../data/images/unusable-scan';
import { ConcordError } from '../../../errors';
import { requireEntries } from '../../files/argument-order';
import { covariateReading } from '../../tables/make-reading';
import { imageError } from '../image-error';
import { openSurfaceMap } from './read-surface-map';
import type { SurfaceMap } from './surface-map';
import { requireCall } from '../../../data/calls/require-call';
import { groupBy } from '../../../data/group-by';

/** The surface maps of one subject: one file, or one per hemisphere. */
export type SurfaceMapEntry = {
  /** Unique in the cohort. */
  readonly id: string;
  readonly site: string;
  /**
   * The family: the same for relatives, whom splits and bootstraps keep together.
   *
   * @defaultValue related to nobody
   */
  readonly family?: string;
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
  readonly parts: readonly SurfaceMap[];
}

/**
 * Loads maps of one value per vertex, such as cortical thickness, into a table of features with a column per vertex:
 * GIFTI, MGH, MGZ or FreeSurfer's curvature format. All subjects must have been brought to the same surface, such as
 * fsaverage; a subject with another number of vertices than most is left out with an issue.
 *
 * @throws ConcordError `too-little-data` when no map can be used; `duplicate-id`, `missing-value`, `invalid-option`,
 * `aborted`; with `strict`, whatever is wrong with the first bad file.
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
  requireCall('loadSurfaceMaps', { entries, options });
  const { covariates = [], prefix, strict = false } = options;
  const participants = makeParticipants(
    entries.map(({ id }) => id),
    entries.map(({ site }) => site),
    covariates,
    { families: familiesOf(entries) },
  );
  const issues: Issue[] = [];
  const leaveOut = (row: number, error: unknown): void => {
    if (strict || !(error instanceof ConcordError) || error.code === 'aborted') throw error;
    issues.push(unusableScan({ id: entries[row].id }, error));
  };
  const read = await readAll(entries, options, leaveOut);
  const surface = surfaceOf(read);
  const maps = read.filter((map) => fits(map, surface, leaveOut));
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
  const names = featureNames(surface.vertices, prefix);
  const values = joined(maps, surface.vertices);
  return makeFeatureCohort(kept, makeFeatureMatrix(values, kept.ids, names), {
    provenance: [
      provenanceStep('loadSurfaceMaps', {
        subjects: entries.length,
        vertices: surface.vertices,
        covariates: covariates.map(covariateReading),
      }),
    ],
    issues: [...issues, ...reportFirst(maps), ...reportSides(maps), ...reportMissing(values)],
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
      const parts: SurfaceMap[] = [];
      for (const file of files) parts.push(await openSurfaceMap(file));
      maps.push({ row, files, parts });
    } catch (error) {
      leaveOut(row, error);
    }
    report(row + 1);
  }
  return maps;
}

/** The surface that most subjects have values on. */
interface Surface {
  /** Of each part: one, or both hemispheres. */
  readonly vertices: readonly number[];
  /** A file on it, for messages. */
  readonly example: string;
}

/**
 * The numbers of vertices that most have. Maps that list their vertices say only how many there are at the least: they
 * count where there are no others, and then the last vertex that any of them lists is the last of all.
 */
function surfaceOf(maps: readonly SubjectMap[]): Surface {
  const whole = maps.filter(({ parts }) => !parts.some(({ isSparse }) => isSparse));
  const largest = [...groupBy(whole, sizes).values()].reduce<readonly SubjectMap[]>(
    (most, group) => (group.length > most.length ? group : most),
    [],
  );
  if (largest.length > 0) {
    const [{ parts, files }] = largest;
    return { vertices: parts.map(({ values }) => values.length), example: files[0] };
  }
  const most: number[] = [];
  for (const { parts } of maps) {
    parts.forEach(({ values }, k) => (most[k] = Math.max(most[k] ?? 0, values.length)));
  }
  return { vertices: most, example: maps.at(0)?.files[0] ?? '' };
}

function sizes({ parts }: SubjectMap): string {
  return parts.map(({ values }) => values.length).join(' + ');
}

function fits(map: SubjectMap, surface: Surface, leaveOut: (row: number, error: unknown) => void): boolean {
  const { vertices } = surface;
  const isOnIt = map.parts.every(({ values: { length }, isSparse }, k) =>
    isSparse ? length <= vertices[k] : length === vertices[k],
  );
  if (isOnIt && map.parts.length === vertices.length) return true;
  const [file] = map.files;
  const message =
    `different grids: ${file} has ${sizes(map)} vertices and ${surface.example} ${vertices.join(' + ')} ` +
    '(bring all subjects to one surface, for example with mri_surf2surf --trgsubject fsaverage)';
  leaveOut(map.row, imageError('different-grids', file, message));
  return false;
}

function featureNames(vertices: readonly number[], prefix: string | undefined): readonly string[] {
  const before =
    vertices.length === 1 ? [prefix ?? 'vertex'] : ['lh.', 'rh.'].map((side) => `${prefix ?? ''}${side}`);
  return vertices.flatMap((count, k) =>
    Array.from({ length: count }, (_, vertex) => `${before[k]}${vertex}`),
  );
}

function joined(maps: readonly SubjectMap[], vertices: readonly number[]): Float64Array {
  const width = vertices.reduce((sum, count) => sum + count, 0);
  // A map that lists its vertices may end before the surface does.
  const values = new Float64Array(maps.length * width).fill(NaN);
  maps.forEach(({ parts }, row) => {
    let at = row * width;
    parts.forEach((part, k) => {
      values.set(part.values, at);
      at += vertices[k];
    });
  });
  return values;
}

function reportFirst(maps: readonly SubjectMap[]): readonly Issue[] {
  const several = maps.flatMap(({ files, parts }) =>
    parts.flatMap((part, k) => (part.maps > 1 ? [{ file: files[k], maps: part.maps }] : [])),
  );
  if (several.length === 0) return [];
  const [{ file, maps: count }] = several;
  const others = several.length === 1 ? '' : `, and ${several.length - 1} more files hold several`;
  return [
    makeIssue('first-map', `${basename(file)} holds ${count} maps, of which the first was read${others}`, {
      file,
    }),
  ];
}

/** Says which files name the other half of the brain than they are given as. */
function reportSides(maps: readonly SubjectMap[]): readonly Issue[] {
  const wrong = maps.flatMap(({ files, parts }) =>
    parts.flatMap(({ notes }, k) => {
      const side = parts.length === 2 ? (['left', 'right'] as const)[k] : notes?.hemisphere;
      return notes?.hemisphere === undefined || notes.hemisphere === side ? [] : [{ file: files[k], side }];
    }),
  );
  if (wrong.length === 0) return [];
  const [{ file, side }] = wrong;
  const others = wrong.length === 1 ? '' : `, and so do ${wrong.length - 1} more files`;
  const message = `${basename(file)}, given as ${side}, names the other hemisphere in its metadata (AnatomicalStructurePrimary)${others}`;
  return [makeIssue('mixed-maps', message, { file })];
}

function reportMissing(values: Float64Array): readonly Issue[] {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (Number.isNaN(values[at])) count++;
  return count === 0
    ? []
    : [makeIssue('missing-cells', `${count} of ${values.length} vertex values are missing`)];
}
