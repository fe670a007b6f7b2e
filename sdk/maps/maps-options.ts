import type { LongitudinalOptions } from '../combat/longitudinal/longitudinal-options';
import type { Covariate } from '../data/people/covariate';
import type { RunOptions } from '../data/run-options';
import type { FileTableOptions } from '../io/volumes/file-table';
import type { CovariateSpec } from '../io/tables/table-options';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';

/** The maps of one scan: one file, or several that belong together, as those of both hemispheres. */
export interface MapsEntry {
  /** Unique among the entries. */
  readonly id: string;
  readonly site: string;
  /**
   * Who was scanned, where persons were scanned several times.
   *
   * @defaultValue `id`
   */
  readonly person?: string;
  /**
   * The family of the person: the same for relatives, whom an audit keeps together.
   *
   * @defaultValue related to nobody
   */
  readonly family?: string;
  /**
   * The files by the names of their parts, the same for all entries: `{ lh: 'sub-01/lh.thickness.mgh', rh: … }`. Where all entries
   * name one file, it is a stack with a map of each, in their order: the frames of an MGH file that is not packed, or a `.npy` of
   * scans × vertices.
   */
  readonly files: Readonly<Record<string, string>>;
}

/** Where maps are taken from and written to, and with how much memory. `id`, `site`, `missing` and the like are about a table of scans. */
export interface MapsPlace
  extends
    RunOptions,
    Pick<FileTableOptions, 'id' | 'site' | 'family' | 'missing' | 'sameSite' | 'sameLevel' | 'ageCap'> {
  /** The folder to write into. Maps keep their names and formats, and their places below {@link MapsPlace.root}. */
  readonly out: string;
  /**
   * The folder that all files are in.
   *
   * @defaultValue the deepest folder that all of them are in
   */
  readonly root?: string;
  /**
   * Replace files of an earlier run, and begin anew where one was stopped.
   *
   * @defaultValue `false`
   */
  readonly overwrite?: boolean;
  /**
   * About how many megabytes of values are held at a time. Results are the same for any.
   *
   * @defaultValue `192`
   */
  readonly memory?: number;
  /** Where `entries` is a table: the column that says who was scanned, where persons were scanned several times. */
  readonly person?: string;
  /** Where `entries` is a table: its columns of files, which are the names of the parts. Relative files begin at its folder. */
  readonly files?: readonly string[];
}

/**
 * Options of {@link harmonizeMaps}: those of `fitCombat`, but that λ is not given feature by feature; and with `personEffects`
 * those of `combat.fitLongitudinal`.
 */
export interface HarmonizeMapsOptions
  extends Omit<LongitudinalOptions, 'smoothing' | 'smoothingSeed'>, MapsPlace {
  /**
   * Longitudinal ComBat, for persons with several scans: what sets each person apart, a level and, with `randomSlope`, a slope, is
   * found by restricted maximum likelihood vertex by vertex, and stays. Whose scans they are is said by `person`.
   *
   * @defaultValue `false`
   */
  readonly personEffects?: boolean;
  /**
   * Covariates with one value per entry, in the same order. Of a table, those that the other options name are read; what kind they
   * are, and their unit, may be said here.
   */
  readonly covariates?: readonly (Covariate | CovariateSpec)[];
  /**
   * How straight curves are: see `fitCombat`. The search of neuroHarmonize (`kfold`) needs all values at once, and is refused.
   *
   * @defaultValue `'reml'`
   */
  readonly smoothing?: 'reml' | 'gcv' | number;
  /**
   * Continue a run that was stopped, if there is one.
   *
   * @defaultValue `false`
   */
  readonly resume?: boolean;
  /**
   * Where temporary files go until all is written: as large as the values. It is removed at the end.
   *
   * @defaultValue the name of `out` with `.unfinished`
   */
  readonly work?: string;
  /**
   * Also write what was done as maps: the shift and the factor of each site, and F of site before and after, which counts persons
   * with several scans as audits do (an issue says how).
   *
   * @defaultValue `false`
   */
  readonly effects?: boolean;
  /**
   * Which vertices are cortex, by the names of the parts: FreeSurfer's labels (`{ lh: 'lh.cortex.label', rh: … }`), or maps in
   * which they are neither 0 nor missing. All others, those of the medial wall, are left as they are: a map is not always 0 there.
   *
   * @defaultValue all vertices that are not 0 or missing in every scan
   */
  readonly cortex?: Readonly<Record<string, string>>;
  /**
   * How many vertices each part must have, by its name, where that is known: as the geometry has that effects will be drawn on. Maps
   * of another number are refused before any work.
   */
  readonly vertices?: Readonly<Record<string, number>>;
  /**
   * Audit so many vertices, drawn at random from those that were harmonized.
   *
   * @defaultValue `0`: no audit
   */
  readonly auditVertices?: number;
  /**
   * The seed of that draw, and of the audit.
   *
   * @defaultValue `1`
   */
  readonly seed?: number;
}

/**
 * Refuses, by name, what is not chosen vertex by vertex.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requirePerVertex({ smoothing }: { readonly smoothing?: unknown }): void {
  if (smoothing === undefined || smoothing === 'reml' || smoothing === 'gcv') return;
  if (typeof smoothing === 'number') return;
  throw new ConcordError(
    'invalid-option',
    `invalid smoothing for maps: ${JSON.stringify(smoothing).slice(0, 40)}, which is not chosen vertex by vertex`,
    { remedy: advise`choose ${option('smoothing', 'reml', 'gcv')}, or one penalty for all` },
  );
}

/**
 * Refuses what is said of effects of persons where there are none.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requirePersonEffects(options: HarmonizeMapsOptions): void {
  if (options.personEffects === true) return;
  for (const name of ['randomSlope', 'residualVariance'] as const) {
    if (options[name] === undefined) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: scans are taken as those of as many persons`, {
      remedy: advise`leave it out, or choose ${option('personEffects', true)}`,
    });
  }
}
