import assert from 'node:assert/strict';
import { siteScaling } from '../../sdk/baselines/site-scaling';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, selectFeatures } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';

function cohort(sites: readonly string[], rows: readonly (readonly number[])[]): FeatureCohort {
  const ids = sites.map((_, i) => `s${i}`);
  const names = rows[0].map((_, k) => `f${k}`);
  return makeFeatureCohort(
    makeParticipants(ids, sites),
    makeFeatureMatrix(Float64Array.from(rows.flat()), ids, names),
  );
}

describe('siteScaling', () => {
  const raw = cohort(
    ['a', 'a', 'a', 'b', 'b', 'c'],
    [
      [1, 5],
      [2, 5],
      [3, NaN],
      [10, 1],
      [14, 3],
      [100, 9],
    ],
  );
  it('gives every site the pooled mean and deviation', async () => {
    const harmonizer = siteScaling();
    const two = cohort(['a', 'a', 'a', 'b', 'b'], [[1], [2], [3], [10], [14]]);
    const after = await harmonizer.apply(await harmonizer.fit(two), two);
    // Pooled: mean 6, deviation √32.5. Site a: mean 2, deviation 1; site b: mean 12, deviation √8.
    const sd = Math.sqrt(32.5);
    const expected = [6 - sd, 6, 6 + sd, 6 - sd / Math.SQRT2, 6 + sd / Math.SQRT2];
    after.features.values.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-12));
    assert.equal(after.provenance.at(-1)?.step, 'siteScaling');
  });
  it('only shifts where there is no spread, leaves missing cells missing, and says so', async () => {
    const harmonizer = siteScaling();
    const model = await harmonizer.fit(raw);
    const after = await harmonizer.apply(model, raw);
    const pooled = (5 + 5 + 1 + 3 + 9) / 5;
    assert.equal(after.features.values[1], pooled);
    assert.ok(Number.isNaN(after.features.values[5]));
    assert.equal(after.features.values[11], pooled);
    assert.deepEqual(
      after.issues.map(({ code, where }) => [code, where.site]),
      [
        ['zero-variance-at-site', 'a'],
        ['zero-variance-at-site', 'c'],
      ],
    );
    assert.deepEqual(harmonizer.targets(model), ['average']);
  });
  it('refuses a site or features it was not fitted on', async () => {
    const harmonizer = siteScaling();
    const model = await harmonizer.fit(raw);
    await assert.rejects(harmonizer.apply(model, cohort(['d'], [[1, 2]])), { code: 'unknown-site' });
    await assert.rejects(harmonizer.apply(model, selectFeatures(raw, ['f0'])), {
      code: 'unknown-column',
      message: /^missing features: the model was fitted on "f1", which the cohort does not have/,
    });
    const { participants, features } = raw;
    const renamed = makeFeatureCohort(participants, { ...features, features: ['f0', 'F1'] });
    await assert.rejects(harmonizer.apply(model, renamed), {
      problem:
        'missing features: the model was fitted on "f1", which the cohort does not have (is its "F1" the "f1"?)',
    });
  });
  it('says which values became missing where the model knows nothing', async () => {
    const harmonizer = siteScaling();
    const holes = cohort(
      ['a', 'a', 'b', 'b'],
      [
        [1, 5],
        [2, 7],
        [3, NaN],
        [4, NaN],
      ],
    );
    const after = await harmonizer.apply(
      await harmonizer.fit(holes),
      cohort(
        ['a', 'b'],
        [
          [1, 5],
          [2, 7],
        ],
      ),
    );
    assert.ok(Number.isNaN(after.features.values[3]));
    const { code, message } = after.issues[after.issues.length - 1];
    assert.equal(code, 'site-not-estimable');
    assert.equal(
      message,
      '1 cell of site "b" became missing: the model has no values of these features there',
    );
  });
  it('can be cancelled and watched, in fit and in apply', async () => {
    const harmonizer = siteScaling();
    const model = await harmonizer.fit(raw);
    const signal = AbortSignal.abort();
    await assert.rejects(harmonizer.fit(raw, { signal }), { code: 'aborted' });
    await assert.rejects(harmonizer.apply(model, raw, { signal }), { code: 'aborted' });
    const controller = new AbortController();
    const halfway = harmonizer.fit(raw, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 1) controller.abort();
      },
    });
    await assert.rejects(halfway, { code: 'aborted' });
  });
});
