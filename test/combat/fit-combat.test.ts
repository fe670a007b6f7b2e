import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, selectFeatures, takeSubjects } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { ConcordError } from '../../sdk/errors';
import { smallCohort, valueOf } from '../support/small-cohort';

const both: CombatOptions = { preserve: ['age', 'sex'] };

async function harmonize(cohort: FeatureCohort, options: CombatOptions = both): Promise<FeatureCohort> {
  return applyCombat(await fitCombat(cohort, options), cohort);
}

function codes(items: readonly { code: string }[]): string[] {
  return items.map((item) => item.code);
}

async function rejects(work: Promise<unknown>, code: string, ...parts: string[]): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof ConcordError, String(error));
    assert.equal(error.code, code);
    for (const part of parts) assert.ok(error.message.includes(part), `${error.message} should say ${part}`);
    return true;
  });
}

function largest(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
}

describe('fitCombat', () => {
  it('brings the sites together and leaves its input alone', async () => {
    const cohort = smallCohort({ sizes: { A: 80, B: 60 } });
    const before = cohort.features.values.slice();
    const after = await harmonize(cohort);
    assert.deepEqual(cohort.features.values, before);
    const refitted = await fitCombat(after, { ...both, eb: 'none' });
    const spread = (values: Float64Array): number => Math.max(...values.map(Math.abs));
    const raw = await fitCombat(cohort, { ...both, eb: 'none' });
    assert.ok(spread(refitted.gammaHat) < 0.1 * spread(raw.gammaHat));
  });

  it('without shrinkage gives every site the same mean and variance', async () => {
    const after = await harmonize(smallCohort(), { eb: 'none' });
    const model = await fitCombat(after, { eb: 'none' });
    assert.ok(model.gammaHat.every((gamma) => Math.abs(gamma) < 1e-12));
    assert.ok(largest(model.deltaHat.subarray(8, 16), model.deltaHat.subarray(0, 8)) < 1e-12);
    assert.ok(largest(model.deltaHat.subarray(16, 24), model.deltaHat.subarray(0, 8)) < 1e-12);
  });

  it('gives the same bits again', async () => {
    const one = await harmonize(smallCohort());
    const two = await harmonize(smallCohort());
    assert.deepEqual(one.features.values, two.features.values);
  });

  it('does not depend on the order of subjects', async () => {
    const cohort = smallCohort();
    const order = cohort.participants.ids.map((_, row) => row).reverse();
    const turned = await harmonize(takeSubjects(cohort, order));
    const back = takeSubjects(turned, order);
    assert.ok(largest(back.features.values, (await harmonize(cohort)).features.values) < 1e-11);
  });

  it('does not depend on how features fall into blocks', async () => {
    // 3 sites and 2 columns make blocks of 6,553 features: these are two.
    const wide = smallCohort({ features: 7000, sizes: { A: 9, B: 8, C: 7 } });
    const options: CombatOptions = { ...both, eb: 'none' };
    const whole = await harmonize(wide, options);
    const names = wide.features.features.slice(6540, 6570);
    const part = await harmonize(selectFeatures(wide, names), options);
    assert.deepEqual(selectFeatures(whole, names).features.values, part.features.values);
  });

  it('does not depend on the reference level of a covariate', async () => {
    const options = (reference: string): CombatOptions => ({ preserve: ['age', { name: 'sex', reference }] });
    const f = await harmonize(smallCohort(), options('F'));
    const m = await harmonize(smallCohort(), options('M'));
    assert.ok(largest(f.features.values, m.features.values) < 1e-11);
    const model = await fitCombat(smallCohort(), options('F'));
    assert.deepEqual(model.columns, ['age', 'sex=M']);
  });

  it('keeps its precision on values around 100,000', async () => {
    const shifted = await harmonize(smallCohort({ change: (value) => value + 1e5 }));
    const plain = await harmonize(smallCohort());
    assert.ok(
      largest(
        shifted.features.values.map((value) => value - 1e5),
        plain.features.values,
      ) < 1e-8,
    );
  });

  it('leaves the reference site bit for bit and moves the others', async () => {
    const cohort = smallCohort();
    const after = await harmonize(cohort, { ...both, reference: 'B' });
    cohort.participants.sites.forEach((site, row) => {
      const same = valueOf(cohort, row, 'f3') === valueOf(after, row, 'f3');
      assert.equal(same, site === 'B');
    });
  });

  it('says so when the iteration does not reach its tolerance', async () => {
    const model = await fitCombat(smallCohort(), { ...both, tolerance: 1e-15, maxIterations: 2 });
    assert.equal(codes(model.issues).filter((code) => code === 'not-converged').length, 3);
    assert.deepEqual(
      model.sites.map((site) => site.iterations),
      [2, 2, 2],
    );
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    await rejects(fitCombat(smallCohort(), { signal: controller.signal }), 'aborted');
  });

  it('reports progress to the end', async () => {
    const seen: number[] = [];
    await fitCombat(smallCohort(), {
      eb: 'nonparametric',
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    assert.equal(seen.at(-1), 1);
    assert.ok(seen.every((share, i) => i === 0 || share >= seen[i - 1]));
  });
});

describe('fitCombat on what makes its peers fail', () => {
  it('fits a feature on the cells it has and leaves a missing cell missing', async () => {
    const holes = smallCohort({
      change: (value, row, feature) => (row === 3 && feature === 2 ? NaN : value),
    });
    const after = await harmonize(holes);
    assert.deepEqual(
      after.features.values.reduce<number[]>((at, value, i) => (Number.isNaN(value) ? [...at, i] : at), []),
      [3 * 8 + 2],
    );
    assert.ok(codes(after.issues).length === 0);
    assert.ok(codes((await fitCombat(holes, both)).issues).includes('missing-cells'));
    // Without shrinkage the feature's fit is that of a table without the subject, but for a constant: sites weigh
    // in the grand mean by all their subjects, as in the published codes.
    const options: CombatOptions = { ...both, eb: 'none' };
    const rows = holes.participants.ids.map((_, row) => row).filter((row) => row !== 3);
    const without = await harmonize(takeSubjects(holes, rows), options);
    const own = await harmonize(holes, options);
    const shifts = rows.map((row, i) => valueOf(own, row, 'f2') - valueOf(without, i, 'f2'));
    assert.ok(Math.max(...shifts) - Math.min(...shifts) < 1e-11);
  });

  it('adjusts only the location of a site with one subject', async () => {
    const cohort = smallCohort({ sizes: { A: 14, B: 9, lone: 1 } });
    const model = await fitCombat(cohort, both);
    assert.deepEqual(
      model.sites.map((site) => site.adjusts),
      ['location-and-scale', 'location-and-scale', 'location'],
    );
    assert.ok(model.deltaStar.subarray(16).every((delta) => delta === 1));
    assert.deepEqual(codes(model.issues), ['single-subject-site']);
    const after = await applyCombat(model, cohort);
    assert.ok(after.features.values.every(Number.isFinite));
  });

  it('passes a constant feature through and keeps it out of the priors', async () => {
    const cohort = smallCohort({ change: (value, _, feature) => (feature === 4 ? 1 / 3 : value) });
    const model = await fitCombat(cohort, both);
    assert.equal(model.status[4], 'constant');
    assert.deepEqual(codes(model.issues), ['constant-feature']);
    const after = await applyCombat(model, cohort);
    assert.ok(cohort.participants.ids.every((_, row) => valueOf(after, row, 'f4') === 1 / 3));
    const others = cohort.features.features.filter((name) => name !== 'f4');
    const alone = await harmonize(selectFeatures(cohort, others));
    assert.deepEqual(selectFeatures(after, others).features.values, alone.features.values);
  });

  it('turns empirical Bayes off for a single feature', async () => {
    const cohort = selectFeatures(smallCohort(), ['f0']);
    const model = await fitCombat(cohort, both);
    assert.deepEqual(codes(model.issues), ['single-feature']);
    assert.deepEqual(model.gammaStar, model.gammaHat);
    assert.ok((await applyCombat(model, cohort)).features.values.every(Number.isFinite));
  });

  it('names subject and covariate when a covariate value is missing, or leaves the subject out', async () => {
    const cohort = smallCohort({
      covariates: (sites) => [
        continuous(
          'age',
          sites.map((_, row) => (row === 5 ? NaN : 30 + row)),
        ),
      ],
    });
    await rejects(fitCombat(cohort, { preserve: ['age'] }), 'missing-value', 'age', 'A5', 'drop');
    const model = await fitCombat(cohort, { preserve: ['age'], missingCovariates: 'drop' });
    assert.deepEqual(codes(model.issues), ['dropped-subject']);
    await rejects(applyCombat(model, cohort), 'missing-value', 'A5');
    const after = await applyCombat(model, cohort, { missingCovariates: 'drop' });
    assert.equal(after.participants.ids.length, 33);
    assert.ok(!after.participants.ids.includes('A5'));
  });

  it('names the covariate and the sites that coincide', async () => {
    const cohort = smallCohort({
      covariates: (sites) => [
        categorical(
          'vendor',
          sites.map((site) => (site === 'B' ? 'GE' : 'Siemens')),
        ),
      ],
    });
    await rejects(fitCombat(cohort, { preserve: ['vendor'] }), 'confounded', 'vendor=GE', '"A", "C"', '"B"');
  });

  it('names covariates that follow from each other, and from each other and the sites', async () => {
    const random = (row: number): number => Math.sin(7 * row + 1);
    const repeated = smallCohort({
      covariates: (sites) => [
        continuous(
          'age',
          sites.map((_, row) => random(row)),
        ),
        continuous(
          'months',
          sites.map((_, row) => 12 * random(row)),
        ),
      ],
    });
    await rejects(
      fitCombat(repeated, { preserve: ['age', 'months'] }),
      'confounded',
      'age',
      'months',
      'one of them',
    );
    const mixed = smallCohort({
      covariates: (sites) => [
        continuous(
          'age',
          sites.map((_, row) => random(row)),
        ),
        continuous(
          'dose',
          sites.map((site, row) => 3 * random(row) + (site === 'C' ? 5 : 0)),
        ),
      ],
    });
    await rejects(fitCombat(mixed, { preserve: ['age', 'dose'] }), 'confounded', 'once', '"A", "B"', '"C"');
  });

  it('warns of a covariate that is almost a function of the sites', async () => {
    const cohort = smallCohort({
      covariates: (sites) => [
        continuous(
          'age',
          sites.map((site, row) => 100 * 'ABC'.indexOf(site) + Math.sin(row)),
        ),
      ],
    });
    const model = await fitCombat(cohort, { preserve: ['age'] });
    assert.deepEqual(codes(model.issues), ['nearly-confounded']);
  });

  it('says that a covariate is the same for all, and goes on', async () => {
    const cohort = smallCohort({
      covariates: (sites) => [
        continuous(
          'age',
          sites.map(() => 40),
        ),
      ],
    });
    const model = await fitCombat(cohort, { preserve: ['age'] });
    assert.deepEqual(codes(model.issues), ['constant-covariate']);
    assert.deepEqual(model.columns, []);
  });

  it('refuses a wrong reference site, one site, too few subjects and wrong options', async () => {
    await rejects(
      fitCombat(smallCohort(), { reference: 'Z' }),
      'unknown-site',
      'reference site: "Z"',
      '"A", "B", "C"',
    );
    await rejects(fitCombat(smallCohort({ sizes: { A: 10 } })), 'too-little-data', 'only "A"', 'two');
    await rejects(fitCombat(smallCohort({ sizes: { A: 2, B: 2 } }), both), 'too-little-data', '4', '5');
    await rejects(fitCombat(smallCohort(), { preserve: ['agee'] }), 'unknown-column', '"agee"', '"age"');
    await rejects(fitCombat(smallCohort(), { preserve: ['age', 'age'] }), 'invalid-option', 'twice');
    await rejects(
      fitCombat(smallCohort(), { preserve: 'age' as unknown as string[] }),
      'invalid-option',
      '"age"',
      'list',
    );
    await rejects(
      fitCombat(smallCohort(), { eb: 'bayes' as 'none' }),
      'invalid-option',
      '"bayes"',
      '"nonparametric"',
    );
    const huge = smallCohort({ change: (value, _, feature) => (feature === 1 ? value * 1e160 : value) });
    await rejects(fitCombat(huge), 'invalid-number', 'f1', 'unit');
    await rejects(fitCombat(smallCohort(), { tolerance: 0 }), 'invalid-option', 'tolerance');
    await rejects(
      fitCombat(smallCohort(), { preserve: [{ name: 'sex', reference: 'X' }] }),
      'unknown-level',
      '"X"',
    );
  });

  it('does not underflow on a large site without parametric priors', async () => {
    const cohort = smallCohort({ sizes: { A: 900, B: 30 }, features: 5 });
    const after = await harmonize(cohort, { ...both, eb: 'nonparametric' });
    assert.ok(after.features.values.every(Number.isFinite));
  });

  it('passes through a feature that cannot be fitted on its cells', async () => {
    const cohort = smallCohort({
      change: (value, row, feature) => (feature === 1 && row % 12 !== 0 ? NaN : value),
    });
    const model = await fitCombat(cohort, both);
    assert.equal(model.status[1], 'not-estimable');
    assert.ok(codes(model.issues).includes('feature-not-estimable'));
    const after = await applyCombat(model, cohort);
    assert.equal(valueOf(after, 0, 'f1'), valueOf(cohort, 0, 'f1'));
  });

  it('makes missing what it has no model of: a feature without values at a site', async () => {
    const cohort = smallCohort({
      change: (value, row, feature) => (feature === 1 && row >= 23 ? NaN : value),
    });
    const model = await fitCombat(cohort, both);
    assert.ok(codes(model.issues).includes('site-not-estimable'));
    const whole = await applyCombat(model, smallCohort());
    assert.ok(codes(whole.issues).includes('site-not-estimable'));
    whole.participants.sites.forEach((site, row) => {
      assert.equal(Number.isNaN(valueOf(whole, row, 'f1')), site === 'C');
    });
  });

  it('only shifts a site whose scans are all alike, whatever is shrunk', async () => {
    // B's nine scans are the same: no feature has spread there.
    const flat = smallCohort({
      covariates: (sites) => [
        continuous(
          'age',
          sites.map((_, row) => 30 + (row % 7)),
        ),
      ],
      change: (value, row, feature) => (row >= 14 && row < 23 ? 5 + feature : value),
    });
    for (const eb of ['parametric', 'nonparametric', 'none'] as const) {
      const model = await fitCombat(flat, { eb });
      assert.deepEqual(codes(model.issues), ['zero-variance-at-site'], eb);
      assert.ok(model.deltaStar.subarray(8, 16).every((delta) => delta === 1));
      assert.ok((await applyCombat(model, flat)).features.values.every(Number.isFinite), eb);
    }
  });

  it('keeps its own estimate of a scale that has no others to learn from', async () => {
    // At C only f0 has more than one value.
    const sparse = smallCohort({
      change: (value, row, feature) => (row > 23 && feature > 0 ? NaN : value),
    });
    for (const eb of ['parametric', 'nonparametric'] as const) {
      const model = await fitCombat(sparse, { eb });
      assert.ok(codes(model.issues).includes('single-feature'), eb);
      assert.equal(model.deltaStar[16], model.deltaHat[16]);
      const after = await applyCombat(model, sparse);
      after.features.values.forEach((value, i) => {
        assert.equal(Number.isNaN(value), Number.isNaN(sparse.features.values[i]), eb);
      });
    }
  });

  it('refuses a reference site of one subject and warns of a small one', async () => {
    const lone = smallCohort({ sizes: { A: 14, B: 9, Z: 1 } });
    await rejects(fitCombat(lone, { reference: 'Z' }), 'too-little-data', '"Z"', '1', '2');
    const small = await fitCombat(smallCohort({ sizes: { A: 14, B: 9, Z: 3 } }), { reference: 'Z' });
    assert.deepEqual(codes(small.issues), ['small-reference']);
    // Of 3 normal values: 1/√4 and 1/√3.
    assert.match(small.issues[0].message, /"Z" has 3 subjects.* off by about 50 %.* level by 58 % of/);
    const large = await fitCombat(smallCohort({ sizes: { A: 20, B: 9 } }), { reference: 'A' });
    assert.deepEqual(codes(large.issues), []);
  });

  it('shows what is invisible in the name of a site', async () => {
    const { issues } = await fitCombat(smallCohort({ sizes: { A: 14, B: 9, 'B\u200b\u00a0': 3 } }));
    const [{ message, where }] = issues.filter(({ code }) => code === 'small-site');
    assert.equal(message, String.raw`site "B\u{200b}\u{a0}" has 3 subjects`);
    assert.equal(where.site, 'B\u200b\u00a0');
  });

  it('says that a feature has no spread at the reference site', async () => {
    const cohort = smallCohort({
      change: (value, row, feature) => (row >= 14 && row < 23 && feature === 2 ? 5 : value),
    });
    const model = await fitCombat(cohort, { reference: 'B' });
    assert.equal(model.status[2], 'not-estimable');
    assert.ok(
      model.issues.some((issue) => issue.message.includes('no values or no spread at the reference site')),
    );
    assert.equal(valueOf(await applyCombat(model, cohort), 0, 'f2'), valueOf(cohort, 0, 'f2'));
  });

  it('only shifts a feature without spread at a site when nothing is shrunk', async () => {
    const cohort = smallCohort({
      change: (value, row, feature) => (feature === 0 && row >= 14 && row < 23 ? 5 : value),
    });
    const model = await fitCombat(cohort, { eb: 'none' });
    assert.deepEqual(codes(model.issues), ['zero-variance-at-site']);
    assert.ok((await applyCombat(model, cohort)).features.values.every(Number.isFinite));
  });
});

describe('applyCombat', () => {
  it('gives one subject what it gives all', async () => {
    const cohort = smallCohort();
    const model = await fitCombat(cohort, both);
    const all = await applyCombat(model, cohort);
    const one = await applyCombat(model, takeSubjects(cohort, [20]));
    assert.deepEqual(one.features.values, all.features.values.slice(160, 168));
  });

  it('finds covariates and features by name', async () => {
    const cohort = smallCohort();
    const model = await fitCombat(cohort, both);
    const turned = selectFeatures(
      {
        ...cohort,
        participants: { ...cohort.participants, covariates: [...cohort.participants.covariates].reverse() },
      },
      [...cohort.features.features].reverse(),
    );
    const after = await applyCombat(model, turned);
    assert.deepEqual(after.features.features, model.features);
    assert.deepEqual(after.features.values, (await applyCombat(model, cohort)).features.values);
  });

  it('refuses a cohort without the features or covariates of the model', async () => {
    const cohort = smallCohort();
    const model = await fitCombat(cohort, both);
    await rejects(applyCombat(model, selectFeatures(cohort, ['f0', 'f2'])), 'unknown-column', '"f1"');
    const people = { ...cohort.participants, covariates: cohort.participants.covariates.slice(1) };
    await rejects(applyCombat(model, makeFeatureCohort(people, cohort.features)), 'unknown-column', '"age"');
    const other = [
      categorical(
        'sex',
        cohort.participants.ids.map(() => 'X'),
      ),
      cohort.participants.covariates[0],
    ];
    const strange = makeFeatureCohort({ ...cohort.participants, covariates: other }, cohort.features);
    await rejects(applyCombat(model, strange), 'unknown-level', 'sex', '"X"', '"F", "M"', 'A0');
    const numeric = [
      continuous(
        'sex',
        cohort.participants.ids.map(() => 1),
      ),
      cohort.participants.covariates[0],
    ];
    const kinds = makeFeatureCohort({ ...cohort.participants, covariates: numeric }, cohort.features);
    await rejects(applyCombat(model, kinds), 'invalid-option', 'sex', 'continuous', 'categorical');
  });

  it('leaves out a feature that the model does not know, with an Issue', async () => {
    const cohort = smallCohort();
    const model = await fitCombat(selectFeatures(cohort, ['f0', 'f1', 'f2']), both);
    const after = await applyCombat(model, selectFeatures(cohort, ['f0', 'f1', 'f2', 'f3']));
    assert.deepEqual(after.features.features, ['f0', 'f1', 'f2']);
    assert.deepEqual(codes(after.issues), ['unused-column']);
  });

  it('treats a site it does not know as it is told', async () => {
    const cohort = smallCohort({ sizes: { A: 60, B: 60, C: 60, D: 60 }, features: 40 });
    const rows = (name: string): number[] =>
      cohort.participants.sites.flatMap((site, row) => (site === name ? [row] : []));
    const model = await fitCombat(takeSubjects(cohort, ['A', 'B', 'C'].flatMap(rows)), both);
    const fresh = takeSubjects(cohort, rows('D'));
    await rejects(applyCombat(model, fresh), 'unknown-site', '"D"', '"A", "B", "C"', 'estimate');
    const asIs = await applyCombat(model, fresh, { unseen: 'covariates' });
    assert.deepEqual(asIs.features.values, fresh.features.values);
    assert.ok(codes(asIs.issues).includes('unseen-site'));
    const estimated = await applyCombat(model, fresh, { unseen: 'estimate' });
    assert.ok(codes(estimated.issues).includes('unseen-site'));
    // The new site now differs little from the mean of the others, feature by feature.
    const offset = (of: FeatureCohort): number => {
      const joined = makeFeatureCohort(of.participants, of.features);
      const residual = joined.features.values.map((value, i) => {
        const row = Math.floor(i / 40);
        const feature = i % 40;
        const age = cohort.participants.covariates[0];
        const sex = cohort.participants.covariates[1];
        if (age.kind !== 'continuous' || sex.kind !== 'categorical') return NaN;
        const at = rows('D')[row];
        const x = [age.values[at] - model.columnMeans[0], sex.codes[at] - model.columnMeans[1]];
        const fit =
          x[0] * model.coefficients[feature] +
          (model.columns[1] === 'sex=M' ? 1 : -1) * x[1] * model.coefficients[40 + feature];
        return value - model.grandMean[feature] - fit;
      });
      return Array.from({ length: 40 }, (_, feature) =>
        Math.abs(residual.reduce((sum, value, i) => sum + (i % 40 === feature ? value / 60 : 0), 0)),
      ).reduce((sum, value) => sum + value / 40, 0);
    };
    assert.ok(offset(estimated) < 0.25 * offset(fresh), `${offset(estimated)} of ${offset(fresh)}`);
    const one = await applyCombat(model, takeSubjects(fresh, [0]), { unseen: 'estimate' });
    assert.ok(one.features.values.every(Number.isFinite));
    await rejects(applyCombat(model, fresh, { unseen: 'guess' as 'error' }), 'invalid-option', '"guess"');
  });

  it('says when covariates lie outside the range fitted on', async () => {
    const cohort = smallCohort();
    const age = cohort.participants.covariates[0];
    assert.ok(age.kind === 'continuous');
    const young = cohort.participants.ids.flatMap((_, row) => (age.values[row] < 60 ? [row] : []));
    const model = await fitCombat(takeSubjects(cohort, young), both);
    const after = await applyCombat(model, cohort);
    assert.deepEqual(codes(after.issues), ['outside-training-range']);
    assert.ok(after.issues[0].message.includes('years'));
  });

  it('counts values that fall below zero, and the log model prevents them', async () => {
    const positive = smallCohort({ change: (value) => Math.exp(value - 12) });
    const after = await harmonize(positive, { ...both, eb: 'none' });
    assert.ok(after.features.values.some((value) => value < 0));
    assert.deepEqual(codes(after.issues), ['negative-values']);
    const logged = await harmonize(positive, { ...both, eb: 'none', transform: 'log' });
    assert.ok(logged.features.values.every((value) => value > 0));
    const direct = await harmonize(smallCohort({ change: (value) => value - 12 }), { ...both, eb: 'none' });
    assert.ok(largest(logged.features.values.map(Math.log), direct.features.values) < 1e-10);
    await rejects(
      fitCombat(smallCohort({ change: (value) => value - 12 }), { transform: 'log' }),
      'invalid-number',
      'A0',
      'above 0',
    );
  });

  it('records how the result was made', async () => {
    const after = await harmonize(smallCohort());
    assert.deepEqual(
      after.provenance.map((step) => step.step),
      ['applyCombat'],
    );
    assert.deepEqual(after.provenance[0].options['unseen'], 'error');
  });
});
