import assert from 'node:assert/strict';
import { categorical, continuous, metrics } from '../../sdk/index';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import { innerProducts } from '../../sdk/math/linear/inner-products';
import { ridgeSolver } from '../../sdk/math/linear/ridge';
import { makeRandom } from '../../sdk/math/random';
import { predictFromPixels } from '../../sdk/evaluate/probes/pixel-prediction';
import { travelingImages } from '../support/traveling-images';

/** Scans of persons, each with a ramp over the image that grows with age. */
function aging(count: number): Parameters<typeof metrics.imageProbe>[0] {
  const made = travelingImages(Array.from({ length: count }, (_, i) => ({ subject: `p${i}`, site: 'a' })));
  const random = makeRandom(3);
  const ages = Array.from({ length: count }, () => 20 + 60 * random.uniform());
  const { images } = made;
  const [, height, width] = images.shape;
  const perScan = 2 * height * width;
  // The person in a third of its strength, a pattern that all have, and a ramp that grows with age.
  const data = images.data.map((value, i) => {
    const row = Math.floor(i / width) % height;
    return value / 3 + Math.sin(row / 3) + (0.03 * ages[Math.floor(i / perScan)] * (i % width)) / width;
  });
  const covariates = [
    continuous('age', ages, 'years'),
    categorical(
      'decade',
      ages.map((age) => (age < 40 ? 'young' : age < 60 ? 'middle' : 'old')),
    ),
    categorical(
      'sex',
      ages.map((_, i) => (i % 2 === 0 ? 'F' : 'M')),
    ),
  ];
  return {
    ...made,
    images: makeImageSet(data, images.shape, images),
    participants: { ...made.participants, covariates },
  };
}

describe('prediction from pixels', () => {
  it('is ridge regression on the pixels themselves, solved from the normal equations of fewer pixels than scans', () => {
    const [scans, pixels] = [40, 7];
    const random = makeRandom(1);
    const x = Float64Array.from({ length: scans * pixels }, (_, at) => random.normal() + (at % pixels));
    const outcome = Float64Array.from(
      { length: scans },
      (_, i) => x[i * pixels] - x[i * pixels + 3] + random.normal(),
    );
    const train = [...Array(30).keys()];
    const test = [...Array(10).keys()].map((i) => 30 + i);
    const means = [...Array(pixels).keys()].map(
      (k) => train.reduce((sum, i) => sum + x[i * pixels + k], 0) / 30,
    );
    const centered = Float64Array.from(x, (value, at) => value - means[at % pixels]);
    const { weights, intercept } = ridgeSolver(centered.subarray(0, 30 * pixels), pixels).fit(
      outcome.subarray(0, 30),
    );
    const expected = test.map((i) =>
      weights.reduce((sum, weight, k) => sum + weight * centered[i * pixels + k], intercept),
    );
    const products = { values: innerProducts(x, x, pixels), scans };
    const found = predictFromPixels(products, { train, test }, outcome.slice(0, 30));
    expected.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-9, `${found[i]} for ${value}`));
  });

  it('says the mean where all scans are alike', () => {
    const products = { values: new Float64Array(25).fill(4), scans: 5 };
    const outcome = Float64Array.of(1, 2, 6);
    assert.deepEqual(
      predictFromPixels(products, { train: [0, 1, 2], test: [3, 4] }, outcome),
      Float64Array.of(3, 3),
    );
  });

  it('learns nothing of twins from their twins, where families are known', async () => {
    const smooth = travelingImages(
      Array.from({ length: 80 }, (_, i) => ({ subject: `p${Math.floor(i / 2)}`, site: 'a' })),
    );
    const random = makeRandom(5);
    const ages = Array.from({ length: 40 }, () => 20 + 60 * random.uniform());
    const perPair = Array.from({ length: 40 }, (_, pair) => makeRandom(100 + pair));
    const perScan = smooth.images.data.length / 80;
    const detail = perPair.map((own) => Array.from({ length: perScan }, () => 0.3 * own.normal()));
    const data = smooth.images.data.map(
      (value, i) => value + detail[Math.floor(i / perScan / 2)][i % perScan],
    );
    const cohort = { ...smooth, images: makeImageSet(data, smooth.images.shape, smooth.images) };
    const { ids, sites } = cohort.participants;
    // Two scans of one brain each, said to be of two persons of one age.
    const participants = makeParticipants(
      ids,
      sites,
      [
        continuous(
          'age',
          Float64Array.from(ids, (_, i) => ages[Math.floor(i / 2)]),
        ),
      ],
      { families: ids.map((_, i) => `f${Math.floor(i / 2)}`) },
    );
    const options = { target: 'age', predictor: 'pixels', seeds: [1] } as const;
    const probe = (families?: readonly string[]): ReturnType<typeof metrics.imageProbe> =>
      metrics.imageProbe({ ...cohort, subjects: ids, participants: { ...participants, families } }, options);
    const [strangers, twins] = [await probe(), await probe(participants.families)];
    assert.ok(
      strangers.value.estimate < 0.8 * strangers.chance,
      `${strangers.value.estimate} of ${strangers.chance}`,
    );
    assert.ok(twins.value.estimate > 0.9 * twins.chance, `${twins.value.estimate} of ${twins.chance}`);
  });

  it('finds what changes with age, and nothing of what does not show', async () => {
    const cohort = aging(60);
    const probe = (target: string): ReturnType<typeof metrics.imageProbe> =>
      metrics.imageProbe(cohort, { target, predictor: 'pixels' });
    const age = await probe('age');
    assert.ok(age.value.high < age.chance / 2 && (age.correlation ?? 0) > 0.9, JSON.stringify(age.value));
    assert.deepEqual([age.network, age.steps], ['ridge regression on pixels', 0]);
    const decade = await probe('decade');
    assert.ok(decade.score === 'balanced-accuracy' && decade.value.low > 0.5);
    const sex = await probe('sex');
    assert.ok(sex.score === 'area-under-curve' && sex.value.low < 0.5 && sex.value.high > 0.5);
  });

  it('refuses scans of different numbers of slices, and names that', async () => {
    const { images, ...rest } = aging(12);
    const [, height, width] = images.shape;
    const left = images.shape[0] - 1;
    const { slices, mask } = images;
    const fewer = makeImageSet(images.data.slice(0, left * height * width), [left, height, width, 1], {
      slices: slices.slice(0, left),
      mask: mask?.slice(0, left * height * width),
    });
    await assert.rejects(
      metrics.imageProbe({ ...rest, images: fewer }, { target: 'age', predictor: 'pixels' }),
      {
        code: 'invalid-option',
        message: /different numbers of slices/,
      },
    );
    const stray = { predictor: 'svm' as 'cnn' };
    await assert.rejects(metrics.imageProbe(aging(12), stray), { code: 'invalid-option' });
  });
});
