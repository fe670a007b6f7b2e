import assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeAffine } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { provenanceStep } from '../../sdk/data/provenance';
import { readVolume } from '../../sdk/io/volumes/read-volume';
import { deepWhiteMatter } from '../../sdk/math/images/deep-white-matter';
import { nonZeroMask } from '../../sdk/math/images/non-zero-mask';
import { doubtEvenness } from '../../sdk/preprocess/doubted-evenness';
import { steps } from '../../sdk/steps';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';

/** Balls of fluid, gray and white matter within one another, by their radii in voxels of 2 mm. */
function ballsOf(radii: readonly [fluid: number, gray: number, white: number], bias = 0): Volume {
  const side = 2 * radii[0] + 3;
  const data = new Float32Array(side ** 3);
  for (let at = 0; at < data.length; at++) {
    const place = [at % side, Math.floor(at / side) % side, Math.floor(at / side ** 2)];
    const far = Math.hypot(...place.map((one) => one - (side - 1) / 2));
    const tissue = radii.filter((radius) => far <= radius).length;
    // A ripple, since tissues of one intensity have no spread.
    data[at] = [0, 30, 70, 100][tissue] * (1 + 0.01 * (at % 5) + bias * (place[0] / side - 0.5));
  }
  return nonZeroMask(makeVolume(data, { shape: [side, side, side], affine: makeAffine([2, 2, 2]) }));
}

describe('white matter that comes to elsewhere than in other brains', () => {
  it('is found by its place, 2 mm from other tissues', () => {
    const volume = ballsOf([34, 32, 25]);
    const deep = deepWhiteMatter(volume) ?? [];
    const side = volume.shape[0];
    const neighbors = [1, side, side ** 2].flatMap((step) => [-step, step]);
    const isWhite = (at: number): boolean => volume.data[at] >= 100;
    const inside = [...volume.data.keys()].filter(
      (at) => isWhite(at) && neighbors.every((step) => isWhite(at + step)),
    );
    assert.deepEqual(deep, inside);
    assert.ok(deep.length > 50_000);
    assert.equal(deepWhiteMatter(ballsOf([18, 16, 12])), undefined);
  });

  it('is doubted where the mask holds much more fluid than brains have', async () => {
    const usual = await steps.zScore().run(ballsOf([34, 33, 25]), {}, 'T1w');
    const wide = ballsOf([44, 30, 24]);
    const after = await steps.zScore().run(wide, {}, 'T1w');
    assert.deepEqual(usual.issues, []);
    assert.deepEqual(
      after.issues.map(({ code }) => code),
      ['unlike-white-matter'],
    );
    assert.match(
      after.issues[0].message,
      /^after this step deep white matter is at \d\.\d\d; in other brains/,
    );
    assert.match(after.issues[0].suggestion, /fcmNormalize/);
    // White matter is not the brightest in T2w; of a scan of unknown contrast nothing is known.
    for (const suffix of ['T2w', ''])
      assert.deepEqual((await steps.zScore().run(wide, {}, suffix)).issues, []);
  });

  it('is not doubted in digital persons, and by the record where that says that the bias field was taken out', async () => {
    const said = async (step?: string): Promise<string> => {
      const uneven = ballsOf([50, 28, 24], 0.4);
      const provenance = step === undefined ? [] : [provenanceStep(step, {})];
      const { issues } = await steps.zScore().run({ ...uneven, provenance }, {}, 'T1w');
      return issues.map(({ message }) => message).join();
    };
    assert.match(await said(), /with their bias field it is at 1\.03/);
    assert.match(await said('correctBias'), /without a bias field it is at 0\.860/);
    assert.equal(await said('rescan'), '');
    // Places were measured in voxels of 2 mm.
    const coarse = ballsOf([50, 28, 24], 0.4);
    const affine = makeAffine([3, 3, 3]);
    const larger = nonZeroMask(makeVolume(coarse.data, { shape: coarse.shape, affine }));
    assert.deepEqual((await steps.zScore().run(larger, {}, 'T1w')).issues, []);
  });

  it('is doubted where it is less even after its bias field was taken out', () => {
    const [even, uneven] = [ballsOf([34, 32, 25]), ballsOf([34, 32, 25], 0.2)];
    assert.deepEqual(doubtEvenness(uneven, even, 'T1w').issues, []);
    const [issue, ...others] = doubtEvenness(even, uneven, 'T1w').issues;
    assert.deepEqual([issue.code, others], ['less-even', []]);
    assert.deepEqual(doubtEvenness(even, uneven, 'FLAIR').issues, []);
  });

  it('is named in the brains of a wide or torn mask by the methods that it leads astray', async function () {
    const folder = sharedData('brains-219');
    if (folder === undefined) skipWithout(this, 'real data');
    const said: Record<string, readonly string[]> = {};
    for (const id of ['UCLA08', 'NSK56', 'NSK02']) {
      const file = join(folder, `sub-${id}/anat/sub-${id}_space-MNI152_desc-brain_T1w.nii.gz`);
      const brain = nonZeroMask(await readVolume(file));
      const doubted: string[] = [];
      for (const step of [steps.zScore(), steps.percentileScale()]) {
        const { issues } = await step.run(brain, {}, 'T1w');
        if (issues.length > 0) doubted.push(step.name);
      }
      said[id] = doubted;
    }
    assert.deepEqual(said, {
      UCLA08: ['zScore', 'percentileScale'],
      NSK56: ['percentileScale'],
      NSK02: [],
    });
  });
});
