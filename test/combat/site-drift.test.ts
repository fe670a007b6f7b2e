import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants, withPersons } from '../../sdk/data/people/participants';
import type { Random } from '../../sdk/math/random';
import { makeRandom } from '../../sdk/math/random';

const sites = ['A', 'B', 'C', 'D'];

interface Drawn {
  readonly perSite: number;
  readonly features: number;
  readonly correlation: number;
  /** Sites × features. */
  readonly effects: readonly number[];
  /** What the second site has changed by. */
  readonly drift?: number;
}

/** Persons of four sites of other spreads and ages, with features that share a factor. */
function draw(random: Random, { perSite, features, correlation, effects, drift = 0 }: Drawn): FeatureCohort {
  const ids = Array.from({ length: sites.length * perSite }, (_, row) => `p${row}`);
  const age = ids.map((_, row) => 20 + 60 * random.uniform() + 3 * (row % 4));
  const values = new Float64Array(ids.length * features);
  ids.forEach((_, row) => {
    const common = Math.sqrt(correlation) * random.normal();
    for (let w = 0; w < features; w++) {
      const noise = common + Math.sqrt(1 - correlation) * random.normal();
      const site = effects[(row % 4) * features + w] + (row % 4 === 1 ? drift : 0);
      values[row * features + w] = 40 + site + (1 + 0.3 * (row % 4)) * noise - 0.02 * age[row];
    }
  });
  const names = Array.from({ length: features }, (_, w) => `f${w}`);
  const covariates = [
    continuous('age', age, 'years'),
    categorical(
      'sex',
      ids.map(() => (random.uniform() < 0.5 ? 'F' : 'M')),
    ),
  ];
  const people = makeParticipants(
    ids,
    ids.map((_, row) => sites[row % 4]),
    covariates,
  );
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, names));
}

const fit = (cohort: FeatureCohort): Promise<CombatModel> => fitCombat(cohort, { preserve: ['age', 'sex'] });

async function driftsOf(model: CombatModel, cohort: FeatureCohort): Promise<readonly string[]> {
  const { issues } = await applyCombat(model, cohort);
  return issues.flatMap(({ code, message }) => (code === 'site-drift' ? [message] : []));
}

describe('a site that changed since a ComBat model was fitted', () => {
  it('is warned of wrongly in at most 1 of 1,000 tables, where features are nearly one', async () => {
    const random = makeRandom(11);
    let alarms = 0;
    for (let round = 0; round < 1000; round++) {
      const effects = Array.from({ length: 12 }, () => random.normal());
      const drawn = { features: 3, correlation: 0.98, effects };
      const model = await fit(draw(random, { ...drawn, perSite: 10 + 5 * (round % 2) }));
      alarms += (await driftsOf(model, draw(random, { ...drawn, perSite: 12 + 9 * (round % 3) }))).length;
    }
    assert.ok(alarms <= 1, `${alarms} of 1000`);
  });

  it('is named with how far it is, from 10 persons on and half a standard deviation', async () => {
    const random = makeRandom(3);
    const effects = Array.from({ length: 80 }, () => random.normal());
    const drawn = { features: 20, correlation: 0.4, effects };
    const before = draw(random, { ...drawn, perSite: 60 });
    const model = await fit(before);
    assert.deepEqual(await driftsOf(model, before), []);
    // The standard deviation at the second site is 1.3.
    const drifted = draw(random, { ...drawn, perSite: 15, drift: 2 });
    const [message, ...others] = await driftsOf(model, drifted);
    assert.match(
      message,
      /^15 scans at site "B" are 1\.\d standard deviations \(root mean square over 20 features\) from where/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(await driftsOf(model, draw(random, { ...drawn, perSite: 9, drift: 2 })), []);
    assert.deepEqual(await driftsOf(model, draw(random, { ...drawn, perSite: 400, drift: 0.3 })), []);
    // Three scans of each of five persons are five persons.
    const persons = drifted.participants.ids.map((_, row) => `q${row % 20}`);
    const repeated = { ...drifted, participants: withPersons(drifted.participants, persons) };
    assert.deepEqual(await driftsOf(model, repeated), []);
  });
});
