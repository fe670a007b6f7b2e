import assert from 'node:assert/strict';
import { applyCombat } from '../../../sdk/combat/apply-combat';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import { applyLongitudinal } from '../../../sdk/combat/longitudinal/apply-longitudinal';
import { fitLongitudinal } from '../../../sdk/combat/longitudinal/fit-longitudinal';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { makeRandom } from '../../../sdk/math/random';

// A simulated truth: levels of persons of variance 0.8, scans of variance 0.2 about them, sites that shift each feature by N(0, 0.5²).

const width = 8;
const random = makeRandom(12);

interface Drawn {
  readonly cohort: FeatureCohort;
  readonly truth: Float64Array;
}

function draw(persons: number, scans: number, sites: readonly string[], name: string): Drawn {
  const shifts = new Map(
    sites.map((site) => [site, Array.from({ length: width }, () => 0.5 * random.normal())]),
  );
  const rows = Array.from({ length: persons * scans }, (_, row) => ({
    person: `${name}${Math.floor(row / scans)}`,
    site: sites[(Math.floor(row / scans) + row) % sites.length],
  }));
  const levels = new Map<string, number[]>();
  const truth = rows.flatMap(({ person }) => {
    const own =
      levels.get(person) ?? Array.from({ length: width }, () => 10 + Math.sqrt(0.8) * random.normal());
    levels.set(person, own);
    return own.map((level) => level + Math.sqrt(0.2) * random.normal());
  });
  const values = truth.map(
    (value, at) => value + (shifts.get(rows[Math.floor(at / width)].site)?.[at % width] ?? NaN),
  );
  const ids = rows.map(({ person }, row) => `${person}_${row}`);
  const people = makeParticipants(
    ids,
    rows.map(({ site }) => site),
    [],
    { persons: rows.map(({ person }) => person) },
  );
  const names = Array.from({ length: width }, (_, w) => `f${w}`);
  return {
    cohort: makeFeatureCohort(people, makeFeatureMatrix(Float64Array.from(values), ids, names)),
    truth: Float64Array.from(truth),
  };
}

/** Mean of each feature of what harmonized values have beside the truth. */
function beside(after: FeatureCohort, { truth }: Drawn): Float64Array {
  const sums = new Float64Array(width);
  truth.forEach((value, at) => (sums[at % width] += after.features.values[at] - value));
  return sums.map((sum) => (sum * width) / truth.length);
}

describe('a new site with several scans of each person', () => {
  const training = draw(150, 3, [...'ABCDEFGH'], 't');

  /** By how much the shift of a new site is missed, root mean square, and what is said of that. */
  async function missed(
    apply: (cohort: FeatureCohort) => Promise<FeatureCohort>,
    sds: Float64Array,
  ): Promise<{ readonly met: number; readonly said: number; readonly message: string }> {
    const usual = beside(await apply(training.cohort), training);
    let squares = 0;
    let message = '';
    const draws = 40;
    for (let at = 0; at < draws; at++) {
      const fresh = draw(7, 3, ['new'], `n${at}_`);
      const after = await apply(fresh.cohort);
      message = after.issues.find(({ code }) => code === 'unseen-site')?.message ?? '';
      beside(after, fresh).forEach((value, w) => (squares += ((value - usual[w]) / sds[w]) ** 2));
    }
    const said = Number(/about ([\d.]+) standard deviations/.exec(message)?.[1]);
    return { met: Math.sqrt(squares / (draws * width)), said, message };
  }

  it('is known no better than its persons are many: longitudinal ComBat counts in deviations of scans of one person', async () => {
    const model = await fitLongitudinal(training.cohort);
    const { pooledSd } = model.combat;
    for (const unseenPersons of ['own-visits', 'zero'] as const) {
      const { met, said, message } = await missed(
        (cohort) => applyLongitudinal(model, cohort, { unseen: 'estimate', unseenPersons }),
        pooledSd,
      );
      // 320 effects: four standard errors of a root mean square are 4 / √640 = 16 %.
      assert.ok(Math.abs(said / met - 1) < 0.2, `${said} ${met}`);
      // As 21 independent scans it would be below √(1 / 21) = 0.22.
      assert.ok(met > 0.6);
      assert.match(
        message,
        /from the 21 scans of 7 persons given, .* standard deviations of scans of one person/,
      );
    }
    const left = await applyLongitudinal(model, draw(7, 3, ['new'], 'm').cohort, { unseen: 'covariates' });
    assert.match(left.issues.find(({ code }) => code === 'unseen-site')?.message ?? '', /left as they are/);
  });

  it('so it is of plain ComBat', async () => {
    const model = await fitCombat(training.cohort);
    const { met, said } = await missed(
      (cohort) => applyCombat(model, cohort, { unseen: 'estimate' }),
      model.pooledSd,
    );
    assert.ok(Math.abs(said / met - 1) < 0.2, `${said} ${met}`);
    assert.ok(met > 0.24);
  });
});
