import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { continuous } from '../../sdk/data/people/covariate';
import { kinOf } from '../../sdk/data/people/families';
import { makeParticipants } from '../../sdk/data/people/participants';
import { resolveEvaluateOptions } from '../../sdk/evaluate/evaluate-options';
import { evaluateTable } from '../../sdk/evaluate/evaluate-table';
import { averageRows, personRows } from '../../sdk/evaluate/persons/person-rows';
import { bootstrapPredictions } from '../../sdk/evaluate/predictors/prediction-bootstrap';
import { siteProbe } from '../../sdk/evaluate/predictors/site-probe';
import { summarizeProbe } from '../../sdk/evaluate/predictors/summarize-probes';
import type { SplitRun } from '../../sdk/evaluate/splits/evaluate-splits';
import { designSplits, evaluateSplits } from '../../sdk/evaluate/splits/evaluate-splits';
import type { FoldSource } from '../../sdk/evaluate/splits/fold-source';
import { givenFeatures } from '../../sdk/evaluate/splits/fold-source';
import { planSplits } from '../../sdk/evaluate/splits/split-plan';
import { formatAudit } from '../../sdk/evaluate/rows/format-audit';
import { makeRandom } from '../../sdk/math/random';

const pairs = 40;

/**
 * Twins: each pair has features of its own, the same site, nearly the same age, and differs by little. Nothing of site or age
 * is in the features, so that a probe of the site does no better than chance, and the mean is the best guess of an age.
 */
function twins(known: boolean, width = 30): FeatureCohort {
  const random = makeRandom(3);
  const count = 2 * pairs;
  const values = new Float64Array(count * width);
  const ages = new Float64Array(count);
  for (let pair = 0; pair < pairs; pair++) {
    const shared = Array.from({ length: width }, () => random.normal());
    const age = 20 + 50 * random.uniform();
    for (const row of [2 * pair, 2 * pair + 1]) {
      shared.forEach((value, k) => (values[row * width + k] = value + 0.1 * random.normal()));
      ages[row] = age;
    }
  }
  const ids = Array.from(ages, (_, row) => `s${row}`);
  const families = ids.map((_, row) => `f${Math.floor(row / 2)}`);
  const sites = families.map((_, row) => (Math.floor(row / 2) % 2 === 0 ? 'A' : 'B'));
  const participants = makeParticipants(
    ...[ids, sites, [continuous('age', ages, 'years')], known ? { families } : {}],
  );
  return makeFeatureCohort(
    participants,
    makeFeatureMatrix(
      values,
      ids,
      Array.from({ length: width }, (_, k) => `x${k}`),
    ),
  );
}

const settings = { seeds: 2, folds: 5, covariates: ['age'] } as const;

async function figures(cohort: FeatureCohort): Promise<SplitRun> {
  const design = designSplits(cohort, resolveEvaluateOptions(cohort, settings));
  return evaluateSplits(design, givenFeatures(cohort, 'raw'), {});
}

describe('twins in an evaluation', () => {
  const [strangers, families] = [twins(false), twins(true)];
  let flattered: SplitRun;
  let honest: SplitRun;

  before(async () => {
    flattered = await figures(strangers);
    honest = await figures(families);
  });

  it('flatter a probe of the site unless they are known to be twins', () => {
    // A curve can follow each pair; a plane is less free.
    const rbf = ({ probes }: SplitRun): number => probes[1].balancedAccuracy.estimate;
    assert.ok(rbf(flattered) > 0.9, `${rbf(flattered)}`);
    assert.ok(rbf(honest) < 0.6, `${rbf(honest)}`);
  });

  it('flatter predictions of age too', () => {
    const within = ({ regressions }: SplitRun): number =>
      regressions.find(({ scheme }) => scheme === 'within-site')?.r2 ?? NaN;
    assert.ok(within(flattered) > 0.4, `${within(flattered)}`);
    assert.ok(within(honest) < 0, `${within(honest)}`);
  });

  it('are told from strangers in records and words', async () => {
    const audit = await evaluateTable(families, families, { ...settings, seeds: 1, method: 'none' });
    assert.equal(audit.families, pairs);
    assert.match(formatAudit(audit), /80 subjects of 40 families/);
    const [said] = audit.issues.filter(({ code }) => code === 'counted-by-family');
    assert.match(said.message, /80 persons of 40 families, 80 of them with relatives: folds .* go by family/);
    const [tests] = audit.issues.filter(({ code }) => code === 'counted-by-person');
    assert.match(
      tests.message,
      /^80 persons of 40 families: .* slopes count one person of each of 40 families/,
    );
    assert.equal((await siteProbe(strangers, { ...settings, seeds: 1 })).issues.length, 0);
  });

  it('are one row of the tests of features, which else find sites where there are none', () => {
    // Two sites, 600 features of noise: Student's t by its definition, of which one in twenty is beyond 2.0 (38 or 78 degrees of freedom).
    const width = 600;
    const [alone, together] = [false, true].map((known) => {
      const cohort = twins(known, width);
      const { groups, note } = personRows(cohort.participants);
      assert.match(note, known ? /^count one person of each of 40 families$/ : /^$/);
      const rows = averageRows(cohort, groups);
      const beyond = Array.from({ length: width }, (_, k) => {
        const [a, b] = ['A', 'B'].map((site) =>
          rows.participants.sites.flatMap((own, row) =>
            own === site ? [rows.features.values[row * width + k]] : [],
          ),
        );
        const mean = (values: readonly number[]): number =>
          values.reduce((sum, x) => sum + x, 0) / values.length;
        const squares = [a, b].flatMap((own) => own.map((x) => (x - mean(own)) ** 2));
        const variance = (mean(squares) * squares.length) / (squares.length - 2);
        return Number((mean(a) - mean(b)) ** 2 > 4 * variance * (1 / a.length + 1 / b.length));
      });
      return beyond.reduce((sum, one) => sum + one, 0) / width;
    });
    assert.ok(alone > 0.12, `${alone}`);
    assert.ok(together > 0.03 && together < 0.08, `${together}`);
  });

  it('are stood for by a person whose covariates are known, where the first has none', () => {
    const sites = ['A', 'A', 'B', 'B'];
    const ids = ['a1', 'a2', 'b1', 'b2'];
    const age = continuous('age', [NaN, 30, 40, NaN], 'years');
    const participants = makeParticipants(ids, sites, [age], { families: ['1', '1', '2', '2'] });
    assert.deepEqual(personRows(participants).groups, [[1], [2]]);
  });

  it('are drawn together: intervals are those of half as many persons', () => {
    // Both twins are right, or both wrong, so that the variance is twice that of strangers.
    const plans = [strangers, families].map((cohort) =>
      planSplits(cohort, resolveEvaluateOptions(cohort, settings)),
    );
    const right = Int32Array.from({ length: 2 * pairs }, (_, row) => Number(Math.floor(row / 4) % 3 > 0));
    const [alone, together] = plans.map((plan) => {
      const named = plan.sites.map((site, at) => (right[at] === 1 ? site : 1 - site));
      const about = { probe: 'linear', protocol: 'raw', seed: 1, auditSites: ['A', 'B'] } as const;
      const { low, high } = summarizeProbe(plan, [named, named], about).overSubjects;
      return high - low;
    });
    assert.ok(together / alone > 1.25 && together / alone < 1.6, `${together / alone}`);
    const errors = Float64Array.from(right, (one) => 1 + one);
    const [narrow, wide] = plans.map((plan) => {
      const mean = (weights: Float64Array): number =>
        weights.reduce((sum, weight, at) => sum + weight * errors[at], 0) /
        weights.reduce((sum, weight) => sum + weight, 0);
      const persons = Array.from(plan.units, String);
      const { low, high } = bootstrapPredictions({ persons, repeats: 1 }, mean, { seed: 1 });
      return high - low;
    });
    assert.ok(wide / narrow > 1.25 && wide / narrow < 1.6, `${wide / narrow}`);
  });
});

/** Persons with up to three scans at up to three sites, in families of up to five, some of which share a person. */
function people(seed: number): FeatureCohort {
  const random = makeRandom(seed);
  const rows = Array.from({ length: 60 }, (_, person) => {
    const family = random.uniform() < 0.2 ? '' : `f${random.integer(25)}`;
    const home = random.integer(3);
    return Array.from({ length: 1 + random.integer(3) }, (__, scan) => ({
      id: `p${person}-${scan}`,
      person: `p${person}`,
      // Now and then a scan names another family of the person.
      family: random.uniform() < 0.03 ? `f${random.integer(25)}` : family,
      site: 'ABC'[random.uniform() < 0.1 ? random.integer(3) : home],
      age: 20 + random.integer(60),
    }));
  }).flat();
  const participants = makeParticipants(
    rows.map(({ id }) => id),
    rows.map(({ site }) => site),
    [
      continuous(
        'age',
        Float64Array.from(rows, ({ age }) => age),
      ),
    ],
    { persons: rows.map(({ person }) => person), families: rows.map(({ family }) => family) },
  );
  const values = Float64Array.from({ length: 2 * rows.length }, () => random.normal());
  return makeFeatureCohort(participants, makeFeatureMatrix(values, participants.ids, ['x', 'y']));
}

describe('families in splits', () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

  /** Whether two rows share a person, or a known family. */
  function areRelated({ participants }: FeatureCohort, one: number, other: number): boolean {
    const { persons, families = [] } = participants;
    return persons[one] === persons[other] || (families[one] !== '' && families[one] === families[other]);
  }

  it('are groups: whoever is related directly has one name, and nobody else without a chain between', () => {
    for (const seed of seeds) {
      const cohort = people(seed);
      const kin = kinOf(cohort.participants);
      // By spreading from row to row, as an independent way.
      kin.forEach((name, row) => {
        const met = new Set([row]);
        const open = [row];
        for (let at = open.pop(); at !== undefined; at = open.pop()) {
          const from = at;
          kin.forEach((_, other) => {
            if (met.has(other) || !areRelated(cohort, from, other)) return;
            met.add(other);
            open.push(other);
          });
        }
        assert.deepEqual(
          [...met].sort((a, b) => a - b),
          [...kin.keys()].filter((other) => kin[other] === name),
        );
      });
    }
  });

  it('are never on both sides of a fold, nor of a site left out', async () => {
    let splits = 0;
    for (const seed of seeds) {
      const cohort = people(seed);
      const kin = kinOf(cohort.participants);
      const apart: FoldSource = {
        ...givenFeatures(cohort, 'raw'),
        given: undefined,
        split(train, test, run) {
          const tested = new Set(Array.from(test, (row) => kin[row]));
          assert.ok(Array.from(train).every((row) => !tested.has(kin[row])));
          splits++;
          return givenFeatures(cohort, 'raw').split(train, test, run);
        },
      };
      const design = designSplits(cohort, resolveEvaluateOptions(cohort, { seeds: 2, folds: 3, seed }));
      await evaluateSplits({ ...design, targets: design.targets }, apart, {});
      const limited = resolveEvaluateOptions(cohort, { maxSubjects: 40, folds: 3, seed });
      const taken = new Set(Array.from(planSplits(cohort, limited).rows, (row) => kin[row]));
      const { rows } = planSplits(cohort, limited);
      assert.ok(rows.length < kin.length);
      assert.equal(rows.length, kin.filter((name) => taken.has(name)).length);
    }
    assert.ok(splits > 12 * 6);
  });

  it('count where a site has too few, and who is of a family at several sites is said', () => {
    const whole = twins(true);
    // Three pairs at A, two at B.
    const few = takeSubjects(whole, [0, 1, 4, 5, 8, 9, 2, 3, 6, 7]);
    const { siteNames, issues } = planSplits(few, resolveEvaluateOptions(few, { folds: 3 }));
    assert.deepEqual(siteNames, ['A']);
    assert.match(issues.map(({ message }) => message).join('\n'), /site "B" has 2 families and is left out/);
    const [said] = planSplits(people(1), resolveEvaluateOptions(people(1), { folds: 3 })).issues;
    assert.match(said.message, /\d+ families have members at several sites, and nobody of a family tested/);
  });

  it('change nothing where nobody is related', () => {
    const { participants, features } = twins(true);
    const alone = { ...participants, families: participants.ids.map((id, row) => (row % 3 === 0 ? '' : id)) };
    const plan = (cohort: FeatureCohort): unknown =>
      planSplits(cohort, resolveEvaluateOptions(cohort, settings));
    assert.deepEqual(plan(makeFeatureCohort(alone, features)), plan(twins(false)));
  });
});
