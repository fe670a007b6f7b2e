import assert from 'node:assert/strict';
import { areaWithinGroups } from '../../../sdk/evaluate/predictors/classification-scores';
import { makeTargets } from '../../../sdk/evaluate/predictors/prediction-target';
import { summarizeClassification } from '../../../sdk/evaluate/predictors/summarize-predictions';
import { errorOfTheMean, meanCorrelation } from '../../../sdk/evaluate/probes/probe-score';
import { crossValidate } from '../../../sdk/evaluate/splits/cross-validate';
import { givenFeatures } from '../../../sdk/evaluate/splits/fold-source';
import type { FeatureCohort } from '../../../sdk/index';
import type { SplitPlan } from '../../../sdk/evaluate/splits/split-plan';
import { planSplits } from '../../../sdk/evaluate/splits/split-plan';
import { randomCohort } from '../audit-cohorts';

/** A table of noise at two sites, and how sex is to be found in it. */
function noise(
  seed: number,
  subjects: number,
): ReturnType<typeof makeTargets> & { cohort: FeatureCohort; plan: SplitPlan } {
  const cohort = randomCohort({ seed, subjects, features: 2, sites: 2, siteEffect: 0 });
  const settings = { seed, seeds: 1, folds: 5, covariates: ['sex'], maxSubjects: 2000 };
  const plan = planSplits(cohort, settings);
  return { cohort, plan, ...makeTargets(cohort, plan, ['sex']) };
}

/** The area of sex where 24 persons are nothing but noise. */
async function areaOfNoise(seed: number): Promise<number | undefined> {
  const { cohort, plan, targets } = noise(seed, 24);
  const source = givenFeatures(cohort, 'raw');
  const { targets: held } = await crossValidate(plan, { probes: [], targets }, { source, run: {} });
  const about = { protocol: 'raw', scheme: 'within-site', seed } as const;
  return summarizeClassification(plan, { target: targets[0], held: held[0] }, about)?.auc.estimate;
}

describe('figures of held-out predictions of noise', () => {
  // Pooled over folds, as it was until now, the same tables have a mean of 0.41 ± 0.02.
  it('have an area of 0.5 on average, within three standard errors, however few the persons', async () => {
    const areas: number[] = [];
    for (let seed = 1; seed <= 80; seed++) areas.push((await areaOfNoise(seed)) ?? NaN);
    const known = areas.filter((area) => !Number.isNaN(area));
    const mean = known.reduce((sum, area) => sum + area, 0) / known.length;
    const variance = known.reduce((sum, area) => sum + (area - mean) ** 2, 0) / (known.length - 1);
    const error = Math.sqrt(variance / known.length);
    assert.ok(known.length > 60 && error < 0.04, `${known.length} tables, standard error ${error}`);
    assert.ok(Math.abs(mean - 0.5) < 3 * error, `${mean} ± ${error}`);
  });

  it('are said to say nearly nothing where they rest on few pairs', () => {
    const { issues } = noise(1, 24);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['too-few-subjects'],
    );
    assert.match(issues[0].message, /sex is classified within sites from \d+ pairs held out together/);
    assert.deepEqual(noise(1, 80).issues, []);
  });

  // One item held out at a time, and the mean of the others predicted: the textbook case of Parker et al. 2007.
  it('compare nothing where each has a model of its own', () => {
    const positive = [true, true, false, false, false];
    const means = positive.map((own) => (2 - Number(own)) / 4);
    const together = positive.map(() => 0);
    assert.equal(areaWithinGroups(means, positive, together), 0);
    assert.ok(Number.isNaN(areaWithinGroups(means, positive, [...positive.keys()])));
  });

  it('take the area from the pairs of each group, by their number', () => {
    // Two pairs in the first group, both right; three in the second, one right and one a tie: (2 + 1.5) / 5.
    const scores = [3, 1, 2, 5, 4, 5, 6];
    const positive = [true, false, false, true, false, false, false];
    assert.equal(areaWithinGroups(scores, positive, [0, 0, 0, 1, 1, 1, 1]), 0.7);
  });

  it('correlate within folds, so that the mean of the other folds is no answer', () => {
    const truth = Float64Array.of(20, 30, 40, 60, 70, 80);
    const folds = Int32Array.of(0, 0, 0, 1, 1, 1);
    // The means of the other folds are 70 and 30; what the probes add to them has correlations of 1 and −1 in the folds.
    const means = Float64Array.of(70, 70, 70, 30, 30, 30);
    const said = (
      added: readonly number[],
    ): { folds: Int32Array; answers: Float64Array[]; means: Float64Array } => ({
      folds,
      answers: added.map((more, row) => Float64Array.of(means[row] + more)),
      means,
    });
    assert.ok(Math.abs(meanCorrelation([said([-1, 0, 1, -1, 0, 1])], truth) - 1) < 1e-12);
    assert.ok(Math.abs(meanCorrelation([said([-1, 0, 1, 1, 0, -1])], truth)) < 1e-12);
    assert.equal(errorOfTheMean([said([0, 0, 0, 0, 0, 0])], truth), 40);
  });
});
