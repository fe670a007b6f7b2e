import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { closedForm, jointPrior } from '../../sdk/combat/frame/closed-form';
import { newSiteError } from '../../sdk/combat/new-site-error';
import type { NewSiteEstimate } from '../../sdk/combat/new-site-policy';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { Random } from '../../sdk/math/random';
import { makeRandom } from '../../sdk/math/random';
import { smallCohort } from '../support/small-cohort';

// A simulated truth: residuals of SD 1 about 10; sites shift each feature by N(0, 0.5²) and widen it by factors about 1.

const features = 24;

interface Truth {
  readonly shift: readonly number[];
  readonly width: readonly number[];
}

function drawTruth(random: Random): Truth {
  const each = <Value>(of: () => Value): readonly Value[] => Array.from({ length: features }, of);
  return { shift: each(() => 0.5 * random.normal()), width: each(() => Math.exp(0.2 * random.normal())) };
}

function drawCohort(sites: Readonly<Record<string, Truth>>, scans: number, random: Random): FeatureCohort {
  const names = Object.keys(sites).flatMap((site) => Array.from({ length: scans }, () => site));
  const ids = names.map((site, row) => `${site}-${row}`);
  const values = names.flatMap((site) =>
    sites[site].shift.map((shift, w) => 10 + shift + sites[site].width[w] * random.normal()),
  );
  const matrix = makeFeatureMatrix(
    Float64Array.from(values),
    ids,
    sites[names[0]].shift.map((_, w) => `f${w}`),
  );
  return makeFeatureCohort(makeParticipants(ids, names), matrix);
}

describe('a new site from few scans', () => {
  const random = makeRandom(7);
  let model: CombatModel;
  before(async () => {
    const sites = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`S${i}`, drawTruth(random)]));
    model = await fitCombat(drawCohort(sites, 120, random));
  });

  /** By how much applying the model really misses the effects of new sites: root mean squares over many draws. */
  async function seen(unseen: NewSiteEstimate, scans: number): Promise<{ shift: number; scale: number }> {
    const sums = { count: 0, shift: 0, scale: 0 };
    for (let draw = 0; draw < 45; draw++) {
      const truth = drawTruth(random);
      const cohort = drawCohort({ new: truth }, scans, random);
      const after = await applyCombat(model, cohort, { unseen });
      // out = (y − grand mean − shift) / widening + grand mean: two scans say both.
      for (let w = 0; w < features; w++) {
        const [a, b] = [cohort, after].map(({ features: { values } }) => [values[w], values[features + w]]);
        const factor = (b[1] - b[0]) / (a[1] - a[0]);
        const [mean, sd] = [model.grandMean[w], model.pooledSd[w]];
        const shift = a[0] - mean - (b[0] - mean) / factor;
        sums.count++;
        sums.shift += ((shift - (10 + truth.shift[w] - mean)) / sd) ** 2;
        sums.scale += Math.log(1 / factor / (truth.width[w] / sd)) ** 2;
      }
    }
    return { shift: Math.sqrt(sums.shift / sums.count), scale: Math.sqrt(sums.scale / sums.count) };
  }

  for (const unseen of ['estimate', 'own-priors', 'creb'] as const) {
    for (const scans of [4, 20]) {
      it(`${unseen} says by how much ${scans} scans miss its effects`, async () => {
        const [said, met] = [await newSiteError(model, { unseen, scans }), await seen(unseen, scans)];
        assert.ok(Math.abs(said.shift / met.shift - 1) < 0.1, `${said.shift} ${met.shift}`);
        assert.ok(Math.abs(said.scale / met.scale - 1) < 0.1, `${said.scale} ${met.scale}`);
      });
    }
  }

  it('says by how much several scans of few persons miss its shift', async () => {
    // Four persons, five scans each: seven tenths of the variance are of persons.
    const [persons, each] = [4, 5];
    for (const unseen of ['estimate', 'creb'] as const) {
      let [squares, count, said] = [0, 0, 0];
      const draws = 30;
      for (let draw = 0; draw < draws; draw++) {
        const { shift } = drawTruth(random);
        const own = Array.from({ length: persons }, () => shift.map(() => Math.sqrt(0.7) * random.normal()));
        const names = Array.from({ length: persons * each }, (_, scan) => `p${scan % persons}`);
        const ids = names.map((_, scan) => `new-${scan}`);
        const values = names.flatMap((_, scan) =>
          shift.map((center, w) => 10 + center + own[scan % persons][w] + Math.sqrt(0.3) * random.normal()),
        );
        const matrix = makeFeatureMatrix(
          Float64Array.from(values),
          ids,
          shift.map((_, w) => `f${w}`),
        );
        const people = makeParticipants(
          ids,
          ids.map(() => 'new'),
          [],
          { persons: names },
        );
        const cohort = makeFeatureCohort(people, matrix);
        const after = await applyCombat(model, cohort, { unseen });
        const text = after.issues.find(({ code }) => code === 'unseen-site')?.message ?? '';
        said += Number(/by about ([\d.]+) standard/.exec(text)?.[1]) / draws;
        shift.forEach((center, w) => {
          const [a, b] = [cohort, after].map(({ features: { values: all } }) => [all[w], all[features + w]]);
          const factor = (b[1] - b[0]) / (a[1] - a[0]);
          const [grand, sd] = [model.grandMean[w], model.pooledSd[w]];
          squares += ((a[0] - grand - (b[0] - grand) / factor - (10 + center - grand)) / sd) ** 2;
          count++;
        });
      }
      const met = Math.sqrt(squares / count);
      assert.ok(Math.abs(said / met - 1) < 0.1, `${unseen}: ${said} ${met}`);
    }
  });

  it('says it in the issue, once for each new site', async () => {
    const cohort = drawCohort({ new: drawTruth(random) }, 4, random);
    const { issues } = await applyCombat(model, cohort, { unseen: 'creb' });
    const said = issues.find(({ code }) => code === 'unseen-site')?.message ?? '';
    const { shift, scale } = await newSiteError(model, { unseen: 'creb', scans: 4 });
    assert.ok(said.includes(`by about ${shift.toFixed(2)} standard deviations`), said);
    assert.ok(said.includes(`by about ${(100 * scale).toFixed(0)} %`), said);
  });

  it('misses less with more scans, the same each time', async () => {
    for (const unseen of ['estimate', 'own-priors', 'creb'] as const) {
      const few = await newSiteError(model, { unseen, scans: 3 });
      const many = await newSiteError(model, { unseen, scans: 100 });
      assert.ok(many.shift < few.shift && many.scale < few.scale, unseen);
      assert.deepEqual(await newSiteError({ ...model }, { unseen, scans: 3 }), few);
    }
  });

  it('knows nothing where the reference is the only site with several scans', async () => {
    const small = smallCohort({ sizes: { A: 12, B: 2 } });
    const lone = await fitCombat(small, { reference: 'A' });
    assert.deepEqual(await newSiteError(lone, { unseen: 'creb', scans: 5 }), { shift: NaN, scale: NaN });
  });

  it('takes CREB for a single scan, and for models without empirical Bayes', async () => {
    const cohort = drawCohort({ new: drawTruth(random) }, 1, random);
    for (const eb of ['parametric', 'none'] as const) {
      const own = await fitCombat(smallCohort({ features }), { eb });
      const after = await applyCombat(own, cohort, { unseen: 'creb' });
      assert.ok(after.features.values.every(Number.isFinite));
    }
  });
});

describe('the closed form of a joint prior', () => {
  it('is the posterior mean, as integrated on a grid', () => {
    const prior = { strength: 3, shape: 4, meanScale: 1.2 };
    const values = [0.4, 1.1, -0.3, 0.9];
    const location = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - location) ** 2, 0);
    const sums = { all: 0, gamma: 0, delta: 0 };
    const scale = prior.meanScale * (prior.shape - 1);
    // Midpoints of γ from −6 to 6, and of log δ² from −5 to 5, whose density has one factor δ² more.
    for (let i = 0; i < 600; i++) {
      const gamma = -6 + (12 * (i + 0.5)) / 600;
      const distance =
        values.reduce((sum, value) => sum + (value - gamma) ** 2, 0) + prior.strength * gamma ** 2;
      for (let k = 0; k < 600; k++) {
        const log = -5 + (10 * (k + 0.5)) / 600;
        const power = prior.shape + 1 + (values.length + 1) / 2 - 1;
        const weight = Math.exp(-power * log - (scale + distance / 2) / Math.exp(log));
        sums.all += weight;
        sums.gamma += weight * gamma;
        sums.delta += weight * Math.exp(log);
      }
    }
    const input = {
      name: 'new',
      subjects: 4,
      features: Int32Array.of(0),
      location: Float64Array.of(location),
      squares: Float64Array.of(squares),
      counts: Float64Array.of(4),
    };
    const own = closedForm(input, prior, { scaled: true });
    assert.ok(Math.abs(own.gammaStar[0] - sums.gamma / sums.all) <= 1e-6);
    assert.ok(Math.abs(own.deltaStar[0] - sums.delta / sums.all) <= 1e-3);
  });

  it('finds the prior that effects were drawn from, though chance adds to them', async () => {
    const random = makeRandom(3);
    const sites = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`S${i}`, drawTruth(random)]));
    const prior = jointPrior(await fitCombat(drawCohort(sites, 12, random)));
    assert.ok(prior !== undefined);
    // δ² has mean exp(2 · 0.2²); γ has variance 0.25, which is meanScale / strength in units of the pooled variance.
    assert.ok(
      Math.abs(prior.meanScale / prior.strength / (0.25 / Math.exp(0.08)) - 1) < 0.15,
      `${prior.strength}`,
    );
    // Var δ² / mean² = exp(4 · 0.2²) − 1 = 1 / (a₀ − 2).
    const spread = 1 / (prior.shape - 2);
    assert.ok(Math.abs(spread / (Math.exp(0.16) - 1) - 1) < 0.35, `${spread}`);
  });
});
