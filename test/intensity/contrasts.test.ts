import assert from 'node:assert/strict';
import { contrastOf, contrasts } from '../../sdk/data/images/contrast';
import type { Contrast } from '../../sdk/data/images/contrast';
import { makeAffine } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { fcmNormalize } from '../../sdk/intensity/fcm-normalize';
import { kdeNormalize } from '../../sdk/intensity/kde-normalize';
import { whiteStripe } from '../../sdk/intensity/white-stripe';
import { makeRandom } from '../../sdk/math/random';

/** Fluid, gray and white matter as each contrast shows them, and how many voxels of 64,000 are of each. */
const intensities: Readonly<Record<Contrast, readonly [csf: number, gm: number, wm: number]>> = {
  T1w: [60, 300, 450],
  T2w: [600, 350, 250],
  FLAIR: [40, 330, 270],
  PDw: [420, 400, 300],
};
const counts = [7_400, 22_600, 34_000];

/** A brain of three tissues with noise, all of it inside the mask: white matter comes last. */
function brain(contrast: Contrast): Volume {
  const random = makeRandom(1);
  const data = new Float32Array(40 ** 3);
  let at = 0;
  counts.forEach((count, tissue) => {
    for (let i = 0; i < count; i++) data[at++] = intensities[contrast][tissue] + 8 * random.normal();
  });
  const grid = { shape: [40, 40, 40] as const, affine: makeAffine([2, 2, 2]) };
  return makeVolume(data, grid, { mask: new Uint8Array(data.length).fill(1) });
}

function whiteMean({ data }: Volume): number {
  const white = data.subarray(data.length - counts[2]);
  return white.reduce((sum, value) => sum + value, 0) / white.length;
}

describe('white matter of every contrast', () => {
  for (const contrast of contrasts) {
    it(`${contrast}: becomes 1, and the middle of the white stripe`, () => {
      const volume = brain(contrast);
      for (const verb of [kdeNormalize, fcmNormalize]) {
        const mean = whiteMean(verb(volume, { contrast }));
        // Fluid and gray matter of PDw overlap, so that the border of the classes of c-means is inside white matter's tail.
        assert.ok(Math.abs(mean - 1) < 0.025, `${verb.name} ${mean}`);
      }
      const stripe = whiteMean(whiteStripe(volume, { contrast }));
      assert.ok(Math.abs(stripe) < 1.5, `${stripe} standard deviations of the stripe`);
    });
  }

  it('is known from a suffix of any case, and from no other', () => {
    assert.deepEqual(['flair', 'T1W', 'pdw', 'UNIT1', 'inplaneT2', 'T2starw', 'bold', ''].map(contrastOf), [
      'FLAIR',
      'T1w',
      'PDw',
      'T1w',
      'T2w',
      undefined,
      undefined,
      undefined,
    ]);
    const wrong = { contrast: 'T2starw' as Contrast };
    for (const verb of [kdeNormalize, fcmNormalize, whiteStripe]) {
      assert.throws(() => verb(brain('T1w'), wrong), {
        code: 'invalid-option',
        message: /invalid contrast: "T2starw"/,
      });
    }
  });
});
