import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { applyNestedCombat } from '../../sdk/combat/batches/apply-nested-combat';
import { fitNestedCombat } from '../../sdk/combat/batches/fit-nested-combat';
import { mixtureName } from '../../sdk/combat/batches/mixture-split';
import type { NestedCombatOptions } from '../../sdk/combat/batches/nested-combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { jointPrior } from '../../sdk/combat/frame/closed-form';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';

// What fixtures/combat/batches.py makes of the same table, which shares nothing with sdk: see there.

type Table = readonly (readonly number[])[];

interface InOrder {
  readonly tried: readonly { readonly order: readonly string[]; readonly differing: number }[];
  readonly order: readonly string[];
  readonly harmonized: Table;
}

interface Fixture extends Readonly<Record<'nested' | 'mixtureBatch' | 'mixturePreserve', InOrder>> {
  readonly batches: Readonly<Record<'vendor' | 'kernel' | 'field', readonly string[]>>;
  readonly age: readonly number[];
  readonly values: Table;
  readonly mixture: { readonly feature: number; readonly parts: Table };
  readonly newAge: readonly number[];
  readonly newValues: Table;
  readonly creb: {
    readonly prior: Readonly<Record<'strength' | 'shape' | 'meanScale', number>>;
    readonly harmonized: Table;
  };
}

const path = resolve(__dirname, '../../fixtures/combat/batches.json');
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
const features = fixture.values[0].map((_, w) => `f${w}`);

function cohortOf(values: Table, sites: readonly string[], age: readonly number[]): FeatureCohort {
  const ids = sites.map((site, row) => `${site}-${row}`);
  const { kernel, field } = fixture.batches;
  const batches =
    sites.length === kernel.length ? [categorical('kernel', kernel), categorical('field', field)] : [];
  const people = makeParticipants(ids, sites, [continuous('age', age, 'years'), ...batches]);
  return makeFeatureCohort(people, makeFeatureMatrix(Float64Array.from(values.flat()), ids, features));
}

/** The largest difference, in the unit of the features: their standard deviations are about 2. */
function differenceFrom(after: FeatureCohort, known: Table): number {
  return known
    .flat()
    .reduce((most, value, at) => Math.max(most, Math.abs(value - after.features.values[at])), 0);
}

describe('several batch variables against an independent implementation', () => {
  const cohort = cohortOf(fixture.values, fixture.batches.vendor, fixture.age);
  const options: NestedCombatOptions = { batches: ['site', 'kernel', 'field'], preserve: ['age'] };

  /** What Concord calls a variable of the program. */
  const named = (groups: string): ((name: string) => string) => {
    const names: Readonly<Record<string, string>> = { vendor: 'site', groups };
    return (name) => names[name] ?? name;
  };

  for (const [mixture, key] of [
    ['none', 'nested'],
    ['batch', 'mixtureBatch'],
    ['preserve', 'mixturePreserve'],
  ] as const) {
    it(`tries the same orders, counts the same and harmonizes alike: mixture ${mixture}`, async () => {
      const model = await fitNestedCombat(cohort, { ...options, mixture });
      const own = named(model.split === undefined ? '' : mixtureName(model.split));
      const known = fixture[key];
      assert.deepEqual(
        model.tried,
        known.tried.map(({ order, differing }) => ({ order: order.map(own), differing })),
      );
      assert.deepEqual(
        model.steps.map(({ batch }) => batch),
        known.order.map(own),
      );
      const most = differenceFrom(await applyNestedCombat(model, cohort), known.harmonized);
      assert.ok(most <= 1e-11, `${most}`);
    });
  }

  it('finds the two groups that an optimizer finds on the likelihood', async () => {
    const { split } = await fitNestedCombat(cohort, { ...options, mixture: 'batch', order: 'given' });
    assert.equal(split?.feature, features[fixture.mixture.feature]);
    split.parts.forEach(({ weight, mean, sd }, i) => {
      [weight, mean, sd].forEach((value, k) => {
        assert.ok(Math.abs(value - fixture.mixture.parts[i][k]) <= 2e-6, `${value}`);
      });
    });
  });
});

describe('a new site by CREB against an independent implementation', () => {
  it('has the prior of its moments and the posterior means of an integration', async () => {
    const { prior, harmonized } = fixture.creb;
    const model = await fitCombat(cohortOf(fixture.values, fixture.batches.vendor, fixture.age), {
      preserve: ['age'],
    });
    const own = jointPrior(model);
    assert.ok(own !== undefined);
    for (const name of ['strength', 'shape', 'meanScale'] as const) {
      assert.ok(Math.abs(own[name] / prior[name] - 1) <= 1e-9, `${name} ${own[name]} ${prior[name]}`);
    }
    const sites = fixture.newAge.map(() => 'new');
    const scans = cohortOf(fixture.newValues, sites, fixture.newAge);
    const most = differenceFrom(await applyCombat(model, scans, { unseen: 'creb' }), harmonized);
    assert.ok(most <= 1e-8, `${most}`);
  });
});
