import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { applyScaling, fitScaling } from '../evaluate/splits/scaling';
import type { StandardizedFeatures } from '../math/linear/principal-components';
import { principalComponents, scores } from '../math/linear/principal-components';
import { randomRows } from './random-rows';

/** Options of {@link plotPca}. */
export interface PcaOptions {
  /**
   * `site`, or the name of a covariate.
   *
   * @defaultValue `'site'`
   */
  readonly colorBy?: string;
  /**
   * Whose components span the picture. `own`: each state its own, so that what is left of the site shows wherever
   * it is now. `before`: both the components of the raw data; this shows how subjects moved, but flatters, since
   * the directions of the site effect are those that were removed.
   *
   * @defaultValue `'own'`
   */
  readonly axes?: 'own' | 'before';
  /**
   * Above this many subjects a random part of them is used and drawn.
   *
   * @defaultValue `2000`
   */
  readonly maxSubjects?: number;
  /**
   * The seed of that choice.
   *
   * @defaultValue `0`
   */
  readonly seed?: number;
}

/** The scores of one state on two components, with what they explain. */
export interface PcaState {
  readonly cohort: FeatureCohort;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly explained: readonly number[];
  readonly imputed: number;
}

/** The states on their components: all that {@link plotPca} draws but the colors. */
export interface PcaProjection {
  /** The whole cohort before, of which the states may hold a part. */
  readonly before: FeatureCohort;
  /** Before and after, or the one that was given alone. */
  readonly states: readonly PcaState[];
  readonly axes: 'own' | 'before';
}

/** Finds the scores of one state or both on the first two principal components, see {@link plotPca}. */
export function projectOnComponents(
  before: FeatureCohort,
  after: FeatureCohort | null,
  options: Omit<PcaOptions, 'colorBy'> = {},
): PcaProjection {
  const { axes = 'own', maxSubjects = 2000, seed = 0 } = options;
  const raw = thin(before, maxSubjects, seed);
  const first = projected(raw, raw);
  if (after === null) return { before, states: [first], axes };
  const harmonized = thin(after, maxSubjects, seed);
  const second = aligned(projected(harmonized, axes === 'own' ? harmonized : raw), first);
  return { before, states: [first, second], axes };
}

/** A random part of a cohort's subjects, in their order. */
function thin(cohort: FeatureCohort, most: number, seed: number): FeatureCohort {
  const rows = cohort.participants.ids.length;
  return rows <= most ? cohort : takeSubjects(cohort, randomRows(rows, most, seed));
}

/** Scores of a cohort on the first two components of another (or itself). */
function projected(cohort: FeatureCohort, basis: FeatureCohort): PcaState {
  const scaling = fitScaling(basis.features);
  const standardized = ({ features }: FeatureCohort): StandardizedFeatures => ({
    values: applyScaling(scaling, features),
    rows: features.subjects.length,
    columns: features.features.length,
  });
  const spanning = standardized(basis);
  const own = cohort === basis ? spanning : standardized(cohort);
  const { directions, explained } = principalComponents(spanning, 2);
  const [x, y] = [0, 1].map((k) =>
    k < directions.length ? scores(own, directions[k]) : new Float64Array(own.rows),
  );
  return { cohort, x, y, explained, imputed: countMissing(cohort.features.values) };
}

function countMissing(values: Float64Array): number {
  let missing = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) missing++;
  return missing;
}

/** The state with each component's sign turned to agree with another state of the same subjects. */
function aligned(state: PcaState, other: PcaState): PcaState {
  const turn = (own: Float64Array, reference: Float64Array): Float64Array => {
    if (own.length !== reference.length) return own;
    const agreement = own.reduce((sum, value, i) => sum + value * reference[i], 0);
    return agreement < 0 ? own.map((value) => -value) : own;
  };
  return { ...state, x: turn(state.x, other.x), y: turn(state.y, other.y) };
}
