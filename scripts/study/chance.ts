// What the area under the curve of the audit makes of noise, and of a true difference: npm run study:chance -- [tables]
// Tables of two sites; the area as `evaluateTable` takes it, within sites and folds, and pooled within sites alone.
import { categorical, makeFeatureCohort, makeFeatureMatrix, makeParticipants } from 'concord-mri';
import { areaWithinGroups } from '../../sdk/evaluate/predictors/classification-scores';
import { makeTargets } from '../../sdk/evaluate/predictors/prediction-target';
import type { PredictionTarget } from '../../sdk/evaluate/predictors/prediction-target';
import { summarizeClassification } from '../../sdk/evaluate/predictors/summarize-predictions';
import { crossValidate } from '../../sdk/evaluate/splits/cross-validate';
import { givenFeatures } from '../../sdk/evaluate/splits/fold-source';
import type { HeldOutPredictions } from '../../sdk/evaluate/splits/held-out';
import type { SplitPlan } from '../../sdk/evaluate/splits/split-plan';
import { planSplits } from '../../sdk/evaluate/splits/split-plan';
import { makeRandom } from '../../sdk/math/random';

interface Kind {
  readonly persons: number;
  readonly features: number;
  /** By how many SDs the first two features differ between the levels. */
  readonly effect: number;
}

const kinds: readonly Kind[] = [
  { persons: 24, features: 2, effect: 0 },
  { persons: 24, features: 20, effect: 0 },
  { persons: 48, features: 2, effect: 0 },
  { persons: 120, features: 10, effect: 0 },
  { persons: 300, features: 10, effect: 0 },
  { persons: 24, features: 2, effect: 1.2 },
  { persons: 48, features: 2, effect: 0.8 },
  { persons: 120, features: 10, effect: 0.6 },
];

interface Found {
  readonly area: number;
  readonly pooled: number;
  readonly low: number;
  readonly high: number;
}

/** The areas of one table; `undefined` where a level has too few persons at both sites. */
async function areasOf({ persons, features, effect }: Kind, seed: number): Promise<Found | undefined> {
  const random = makeRandom(seed);
  const ids = Array.from({ length: persons }, (_, row) => `p${row}`);
  const sexes = ids.map(() => (random.uniform() < 0.5 ? 'F' : 'M'));
  const values = Float64Array.from({ length: persons * features }, (_, cell) => {
    const differs = cell % features < 2 && sexes[Math.floor(cell / features)] === 'M';
    return random.normal() + (differs ? effect : 0);
  });
  const names = Array.from({ length: features }, (_, feature) => `f${feature}`);
  const people = makeParticipants(
    ids,
    ids.map((_, row) => 'AB'[row % 2]),
    [categorical('sex', sexes)],
  );
  const cohort = makeFeatureCohort(people, makeFeatureMatrix(values, ids, names));
  const plan = planSplits(cohort, { seed, seeds: 5, folds: 5, covariates: ['sex'], maxSubjects: 2000 });
  const { targets } = makeTargets(cohort, plan, ['sex']);
  const source = givenFeatures(cohort, 'raw');
  const made = await crossValidate(plan, { probes: [], targets }, { source, run: {} });
  const predictions = { target: targets[0], held: made.targets[0] };
  const about = { protocol: 'raw', scheme: 'within-site', seed } as const;
  const found = summarizeClassification(plan, predictions, about);
  if (found === undefined) return undefined;
  const { estimate, low, high } = found.auc;
  return {
    area: estimate,
    pooled: mean(made.targets[0].map((held) => pooled(plan, targets[0], held))),
    low,
    high,
  };
}

/** The area from scores of all folds within each site. */
function pooled(plan: SplitPlan, { outcome }: PredictionTarget, { predicted }: HeldOutPredictions): number {
  const rows = [...outcome.keys()].filter((at) => !Number.isNaN(predicted[at]));
  return areaWithinGroups(
    rows.map((at) => predicted[at]),
    rows.map((at) => outcome[at] > 0),
    rows.map((at) => plan.sites[at]),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean and standard error. */
function summary(values: readonly number[]): string {
  const center = mean(values);
  const spread = Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
  return `${center.toFixed(3)} ± ${(spread / Math.sqrt(values.length - 1)).toFixed(3)}`;
}

async function main(): Promise<void> {
  const tables = Number(process.argv[2] ?? 200);
  console.log('| persons | features | effect | mean area | pooled | intervals with 0.5 | mean width |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const kind of kinds) {
    const all: Found[] = [];
    for (let seed = 1; seed <= tables; seed++) {
      const found = await areasOf(kind, seed);
      if (found !== undefined) all.push(found);
    }
    const inside = all.filter(({ low, high }) => low <= 0.5 && high >= 0.5).length;
    const cells = [
      kind.persons,
      kind.features,
      kind.effect,
      summary(all.map(({ area }) => area)),
      summary(all.map((found) => found.pooled)),
      `${((100 * inside) / all.length).toFixed(0)} %`,
      mean(all.map(({ low, high }) => high - low)).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

void main();
