import assert from 'node:assert/strict';
import * as concord from '../../../sdk/index';

describe('joinImages', () => {
  it('puts cohorts one after the other, under names that tell them apart', async () => {
    const { cohort } = await concord.simulateSlices({ subjects: 1, slices: 2, size: 16, pixelSize: 12 });
    const one = concord.takeSubjects(cohort, [0]);
    const joined = concord.joinImages({ all: cohort, first: one });
    const { ids } = cohort.participants;
    assert.deepEqual(joined.participants.ids, [...ids.map((id) => `all ${id}`), 'first']);
    assert.deepEqual(joined.participants.sites.at(-1), cohort.participants.sites[0]);
    assert.deepEqual(joined.subjects, [...cohort.subjects, cohort.subjects[0]]);
    const [last] = concord.networks.imageSource(joined).slices.slice(-1);
    assert.equal(last.scan, 'first');
    const size = one.images.data.length;
    assert.deepEqual(joined.images.data.subarray(-size), one.images.data);
    assert.deepEqual(joined.images.mask?.subarray(-size), one.images.mask);
  });

  it('refuses nothing, and images of different sizes', async () => {
    assert.throws(() => concord.joinImages({}), { code: 'invalid-option' });
    const of = async (size: number): Promise<concord.ImageCohort> =>
      (await concord.simulateSlices({ subjects: 1, slices: 1, size, pixelSize: 12 })).cohort;
    const small = await of(16);
    const large = await of(20);
    assert.throws(() => concord.joinImages({ small, large }), {
      code: 'invalid-option',
      message: /"large" are 20 × 20 × 1, those of "small" 16 × 16 × 1/,
    });
  });
});
