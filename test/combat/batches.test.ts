import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { applyNestedCombat } from '../../sdk/combat/batches/apply-nested-combat';
import { fitNestedCombat } from '../../sdk/combat/batches/fit-nested-combat';
import { nestedCombatHarmonizer } from '../../sdk/combat/batches/nested-combat-harmonizer';
import {
  nestedCombatModelFromJson,
  nestedCombatModelToStored,
} from '../../sdk/combat/batches/nested-combat-model-json';
import { fitsOf } from '../../sdk/combat/batches/search-order';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { ConcordError } from '../../sdk/errors';
import { auditTable } from '../../sdk/evaluate/audit-table';
import { makeRandom } from '../../sdk/math/random';

const ids = Array.from({ length: 96 }, (_, row) => `p${row}`);
const features = Array.from({ length: 6 }, (_, w) => `f${w}`);
const vendors = ids.map((_, row) => ['GE', 'PH', 'SI'][row % 3]);
const kernels = ids.map((_, row) => ['sharp', 'soft'][Math.floor(row / 3) % 2]);
const fields = ids.map((_, row) => ['1.5', '3.0'][Math.floor(row / 12) % 2]);

/** Vendor (the site), kernel and field shift features, and age does. */
function batchCohort({
  more = [],
  hidden = 0,
  missing = false,
}: { more?: Parameters<typeof categorical>[]; hidden?: number; missing?: boolean } = {}): FeatureCohort {
  const random = makeRandom(11);
  const age = ids.map(() => 20 + 60 * random.uniform());
  const values = ids.flatMap((_, row) =>
    features.map((__, w) => {
      const batch = ['GE', 'PH', 'SI'].indexOf(vendors[row]) * (w % 2) + (kernels[row] === 'soft' ? 0.7 : 0);
      const third = fields[row] === '3.0' ? -0.5 : 0;
      const group = row % 7 < 3 ? hidden : 0;
      return 10 - 0.03 * age[row] + batch + third + group + random.normal();
    }),
  );
  if (missing) values[5] = NaN;
  const people = makeParticipants(ids, vendors, [
    continuous('age', age, 'years'),
    categorical('kernel', kernels),
    categorical('field', fields),
    ...more.map((one) => categorical(...one)),
  ]);
  return makeFeatureCohort(people, makeFeatureMatrix(Float64Array.from(values), ids, features));
}

const three = { batches: ['site', 'kernel', 'field'], preserve: ['age'] };

async function refusal(work: Promise<unknown>): Promise<ConcordError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ConcordError, String(error));
  return error;
}

describe('fitNestedCombat', () => {
  it('is ComBat by one variable after the other', async () => {
    const cohort = batchCohort();
    const model = await fitNestedCombat(cohort, { ...three, order: 'given' });
    let now = cohort;
    for (const sites of [vendors, kernels, fields]) {
      const { covariates } = cohort.participants;
      const people = makeParticipants(ids, sites, covariates.slice(0, 1));
      now = makeFeatureCohort(people, now.features);
      now = await applyCombat(await fitCombat(now, { preserve: ['age'] }), now);
    }
    const after = await applyNestedCombat(model, cohort);
    assert.deepEqual(after.features.values, now.features.values);
    assert.deepEqual(after.participants, cohort.participants);
    assert.deepEqual(model.tried, []);
  });

  it('tries every order of up to four variables, and keeps the first of those that leave the least', async () => {
    const model = await fitNestedCombat(batchCohort(), three);
    assert.deepEqual(
      model.tried.map(({ order }) => order.join()),
      [
        ...['site,kernel,field', 'site,field,kernel', 'kernel,site,field'],
        ...['kernel,field,site', 'field,site,kernel', 'field,kernel,site'],
      ],
    );
    const least = Math.min(...model.tried.map(({ differing }) => differing));
    const first = model.tried.find(({ differing }) => differing === least);
    assert.deepEqual(
      model.steps.map(({ batch }) => batch),
      first?.order,
    );
    const after = model.differing.reduce((sum, one) => sum + one.after, 0);
    const before = model.differing.reduce((sum, one) => sum + one.before, 0);
    assert.ok(after === least && before > after, `${before} ${after} ${least}`);
    const [last] = model.provenance.slice(-1);
    assert.deepEqual(last.options['tried'], model.tried);
  });

  it('takes the best next variable of more than four', async () => {
    const noise = (at: number, levels: number): [string, string[]] => {
      const random = makeRandom(at);
      return [`noise${at}`, ids.map(() => `level ${random.integer(levels)}`)];
    };
    const cohort = batchCohort({ more: [noise(1, 2), noise(2, 3)] });
    const reports: number[] = [];
    const model = await fitNestedCombat(cohort, {
      batches: [...three.batches, 'noise1', 'noise2'],
      onProgress: ({ done, total }) => reports.push(done / total),
    });
    assert.deepEqual(
      model.tried.map(({ order }) => order.length),
      [5, 4, 3, 2, 1].flatMap((left) => new Array<number>(left).fill(6 - left)),
    );
    assert.equal(fitsOf(5, 'searched'), 15);
    assert.ok(reports.every((share, at) => at === 0 || share >= reports[at - 1]) && reports.at(-1) === 1);
    for (let taken = 1; taken <= 5; taken++) {
      const there = model.tried.filter(({ order }) => order.length === taken);
      const least = Math.min(...there.map(({ differing }) => differing));
      const best = there.find(({ differing }) => differing === least);
      assert.deepEqual(
        best?.order,
        model.steps.slice(0, taken).map(({ batch }) => batch),
      );
    }
  });

  it('names its variables in what it refuses', async () => {
    const twin: Parameters<typeof categorical> = ['twin', fields.map((field) => `${field} T`)];
    const cohort = batchCohort({ more: [twin, ['same', ids.map(() => 'all')]] });
    const cases: readonly [Parameters<typeof fitNestedCombat>[1], string, RegExp][] = [
      [
        { batches: ['field', 'twin'] },
        'confounded',
        /"field" and "twin" group the scans alike \("1.5 = 1.5 T"/,
      ],
      [{ batches: ['site', 'same'] }, 'too-little-data', /"same" has one level only, "all"/],
      [{ batches: ['site', 'kernal'] }, 'unknown-column', /"kernal" \(did you mean "kernel"\?/],
      [{ batches: ['site', 'age'] }, 'invalid-option', /"age": it is a covariate of numbers/],
      [{ batches: ['site', 'site'] }, 'invalid-option', /"site" is listed twice/],
      [{ batches: [] }, 'invalid-option', /invalid batches/],
      [
        { batches: ['site', 'field'], preserve: ['field'] },
        'invalid-option',
        /"field" is among the covariates/,
      ],
      [
        { batches: ['site', 'field'], preserve: ['twin'] },
        'confounded',
        /batch variable "field": confounded with site/,
      ],
      [{ ...three, references: { kernel: 'hard' } }, 'unknown-level', /"kernel": "hard"/],
      [{ ...three, references: { kernl: 'soft' } }, 'invalid-option', /did you mean "kernel"/],
    ];
    for (const [options, code, message] of cases) {
      const error = await refusal(fitNestedCombat(cohort, options));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    }
  });

  it('keeps a covariate whose name has that of a batch variable in it', async () => {
    // longCombat takes it for the batch variable.
    const cohort = batchCohort({ more: [['kernel type', ids.map((_, row) => ['x', 'y'][row % 2])]] });
    const { settings } = await fitNestedCombat(cohort, {
      batches: ['site', 'kernel'],
      preserve: ['kernel type'],
    });
    assert.deepEqual(settings.preserve, ['kernel type']);
  });

  it('warns of a variable that follows from another, and of levels with few scans', async () => {
    const scanner = ids.map((_, row) => `${vendors[row]}${Math.floor(row / 24) % 2}`);
    const rare = ids.map((_, row) => (row < 3 ? 'rare' : ['a', 'b'][row % 2]));
    const cohort = batchCohort({
      more: [
        ['scanner', scanner],
        ['coil', rare],
      ],
    });
    const { issues } = await fitNestedCombat(cohort, { batches: ['site', 'scanner', 'coil'] });
    const said = (code: string): string => issues.find((issue) => issue.code === code)?.message ?? '';
    assert.match(said('confounded-batches'), /"site" follows from "scanner"/);
    assert.match(said('small-site'), /batch variable "coil": site "rare" has 3 subjects/);
  });

  it('leaves out, or refuses, scans without a level', async () => {
    const coil = ids.map((_, row) => (row === 4 ? null : ['a', 'b'][Math.floor(row / 5) % 2]));
    const cohort = batchCohort({ more: [['coil', coil]] });
    const options = { batches: ['site', 'coil'] };
    assert.match(
      (await refusal(fitNestedCombat(cohort, options))).message,
      /missing value of covariate coil .*"p4"/,
    );
    const model = await fitNestedCombat(cohort, { ...options, missingCovariates: 'drop' });
    const after = await applyNestedCombat(model, cohort, { missingCovariates: 'drop' });
    assert.equal(after.participants.ids.length, 95);
    assert.ok(!after.participants.ids.includes('p4'));
  });

  it('finds two groups that no column names, whatever the units, and takes them or keeps them', async () => {
    const cohort = batchCohort({ hidden: 6 });
    const [lower, upper] = [0, 1].map((code) => ids.filter((_, row) => Number(row % 7 < 3) === code));
    for (const mixture of ['batch', 'preserve'] as const) {
      const model = await fitNestedCombat(cohort, { ...three, mixture });
      assert.ok(model.split !== undefined);
      const sizes = model.split.parts.map(({ weight }) => Math.round(weight * ids.length));
      assert.deepEqual(sizes, [lower.length, upper.length]);
      assert.match(model.issues.find(({ code }) => code === 'mixture-groups')?.message ?? '', /two groups/);
      assert.equal(model.steps.length, mixture === 'batch' ? 4 : 3);
      const after = await applyNestedCombat(model, cohort);
      const mean = (own: readonly string[]): number =>
        own.reduce((sum, id) => sum + after.features.values[ids.indexOf(id) * features.length], 0) /
        own.length;
      const apart = mean(upper) - mean(lower);
      assert.ok(mixture === 'batch' ? Math.abs(apart) < 0.3 : apart > 5, `${mixture} ${apart}`);
      // One scan alone is of the group that its value says.
      const lone = await applyNestedCombat(model, takeSubjects(cohort, [8]));
      assert.ok(Math.abs(lone.features.values[0] - after.features.values[8 * features.length]) <= 1e-12);
    }
    const none = await fitNestedCombat(batchCohort(), { ...three, mixture: 'batch' });
    assert.equal(none.split, undefined);
    assert.match(
      none.issues.find(({ code }) => code === 'mixture-groups')?.message ?? '',
      /no feature is of two groups/,
    );
  });
});

describe('applyNestedCombat', () => {
  it('gives scans of all reference levels back bit for bit', async () => {
    const cohort = batchCohort();
    const references = { site: 'GE', kernel: 'soft', field: '3.0' };
    const model = await fitNestedCombat(cohort, { ...three, references });
    const after = await applyNestedCombat(model, cohort);
    const same = (row: number): boolean =>
      features.every((_, w) => after.features.values[row * 6 + w] === cohort.features.values[row * 6 + w]);
    ids.forEach((_, row) => {
      const own = vendors[row] === 'GE' && kernels[row] === 'soft' && fields[row] === '3.0';
      assert.equal(same(row), own, `${row}`);
    });
  });

  it('keeps a missing cell missing, and other features as without it', async () => {
    const [whole, holed] = await Promise.all(
      [batchCohort(), batchCohort({ missing: true })].map(async (cohort) =>
        applyNestedCombat(await fitNestedCombat(cohort, { ...three, order: 'given', eb: 'none' }), cohort),
      ),
    );
    holed.features.values.forEach((value, at) => {
      if (at === 5) assert.ok(Number.isNaN(value));
      else if (at % 6 !== 5) assert.equal(value, whole.features.values[at]);
    });
  });

  it('treats a level that it does not know by the policy, and names its variable', async () => {
    const cohort = batchCohort();
    const rows = [...ids.keys()];
    const known = takeSubjects(
      cohort,
      rows.filter((row) => fields[row] !== '3.0' || row < 60),
    );
    const odd = batchCohort({ more: [['field2', fields.map((field) => (field === '3.0' ? '7.0' : field))]] });
    const renamed = makeParticipants(ids, vendors, [
      ...odd.participants.covariates.filter(({ name }) => name === 'age' || name === 'kernel'),
      ...odd.participants.covariates
        .filter(({ name }) => name === 'field2')
        .map((one) => ({ ...one, name: 'field' })),
    ]);
    const strange = { ...odd, participants: renamed };
    const model = await fitNestedCombat(known, three);
    const error = await refusal(applyNestedCombat(model, strange));
    assert.equal(error.code, 'unknown-site');
    assert.match(
      error.message,
      /batch variable "field": unknown site: "7.0", the model was fitted on "1.5", "3.0"/,
    );
    const after = await applyNestedCombat(model, strange, { unseen: 'creb' });
    assert.match(
      after.issues.map(({ message }) => message).join('\n'),
      /batch variable "field": site "7.0" is unknown/,
    );
    assert.ok(after.features.values.every(Number.isFinite));
  });

  it('does the same after it was stored, with its arrays in the text or beside it', async () => {
    const cohort = batchCohort({ hidden: 6 });
    const model = await fitNestedCombat(cohort, {
      ...three,
      mixture: 'batch',
      references: { kernel: 'soft' },
    });
    const { description, arrays } = nestedCombatModelToStored(model);
    const text = JSON.stringify(description);
    assert.deepEqual(nestedCombatModelFromJson(JSON.parse(text) as typeof description, arrays), model);
    const [first, ...others] = model.steps;
    const broken = nestedCombatModelToStored({ ...model, steps: [first, first, ...others.slice(1)] });
    assert.throws(
      () => nestedCombatModelFromJson(broken.description),
      /not one for each of its batch variables/,
    );
  });
});

describe('nestedCombatHarmonizer', () => {
  it('has its variables left out of what an audit takes for biology', async () => {
    const harmonizer = nestedCombatHarmonizer({ ...three, unseen: 'estimate' });
    const audit = await auditTable(batchCohort(), harmonizer, { seeds: 1 });
    const shown = JSON.stringify([audit.regressions, audit.classifications, audit.issues]);
    assert.match(shown, /age/);
    assert.doesNotMatch(shown, /kernel (differs|is)/);
    assert.deepEqual(audit.classifications, []);
  });
});
