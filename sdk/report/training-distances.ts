import type { FeatureCohort } from '../data/cohort';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { TrainingRange } from '../methods/method-command';

/** A feature of new subjects beside what a model was fitted on. `NaN` where there is no value. */
export interface RangedFeature {
  readonly feature: string;
  /** Mean and standard deviation in training, on the model's scale. */
  readonly mean: number;
  readonly sd: number;
  /** Means of the new subjects, on the same scale. */
  readonly meanBefore: number;
  readonly meanAfter: number;
  /** Their distances from the training's, in its standard deviations. */
  readonly before: number;
  readonly after: number;
  /**
   * The share (0–1) of values before harmonization that are more than 4 standard deviations from the training's mean.
   */
  readonly far: number;
}

/** Values farther than this from the training's mean are counted, in standard deviations. */
const farAway = 4;

/**
 * How far the features of new subjects are from those that a model was fitted on: (mean − mean in training) / SD of the
 * model. Features that did not vary in training are left out; the farthest after harmonization come first.
 */
export function trainingDistances(
  range: TrainingRange,
  before: FeatureCohort,
  after: FeatureCohort,
): readonly RangedFeature[] {
  const kept = new Set(after.participants.ids);
  const rows = [...before.participants.ids.keys()].filter((row) => kept.has(before.participants.ids[row]));
  const found = range.features.flatMap((feature, at): RangedFeature[] => {
    const mean = range.means[at];
    const sd = range.sds[at];
    const values = column(before.features, feature, { rows, range });
    const made = column(after.features, feature, { rows: [...after.participants.ids.keys()], range });
    if (!(sd > 0) || !Number.isFinite(mean) || values === undefined || made === undefined) return [];
    const meanBefore = meanOf(values);
    const meanAfter = meanOf(made);
    const far = values.filter((value) => Math.abs(value - mean) > farAway * sd).length / values.length;
    const distance = (value: number): number => (value - mean) / sd;
    return [
      {
        feature,
        mean,
        sd,
        meanBefore,
        meanAfter,
        far,
        before: distance(meanBefore),
        after: distance(meanAfter),
      },
    ];
  });
  const size = ({ after: value }: RangedFeature): number => (Number.isNaN(value) ? -1 : Math.abs(value));
  return found.sort((a, b) => size(b) - size(a));
}

/** The values of a feature that are there, on the model's scale. */
function column(
  matrix: FeatureMatrix,
  feature: string,
  { rows, range }: { readonly rows: readonly number[]; readonly range: TrainingRange },
): readonly number[] | undefined {
  const at = matrix.features.indexOf(feature);
  if (at < 0) return undefined;
  const width = matrix.features.length;
  return rows
    .map((row) => matrix.values[row * width + at])
    .map((value) => (range.scale === 'logarithm' ? Math.log(value) : value))
    .filter(Number.isFinite);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
