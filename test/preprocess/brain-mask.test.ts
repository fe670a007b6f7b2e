import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { diceOverlap } from '../../sdk/math/images/dice-overlap';
import { makeRandom } from '../../sdk/math/random';
import { applyMask } from '../../sdk/preprocess/apply-mask';
import { brainMask } from '../../sdk/preprocess/brain-mask';
import { reorient } from '../../sdk/preprocess/reorient';
import { syntheticHead } from './brain-mask/synthetic-head';

async function maskOf(volume: Volume): Promise<Uint8Array> {
  const { mask } = await brainMask(volume);
  assert.ok(mask !== undefined);
  return mask;
}

describe('brainMask on a synthetic head', () => {
  const { head, truth } = syntheticHead();
  const seen: number[] = [];
  let usual: Uint8Array;

  it('finds the brain and leaves the intensities alone', async () => {
    const before = head.data.slice();
    const masked = await brainMask(head, {}, { onProgress: ({ done, total }) => seen.push(done / total) });
    assert.ok(masked.mask !== undefined);
    assert.ok(diceOverlap(masked.mask, truth) > 0.95);
    assert.equal(masked.data, head.data);
    assert.deepEqual(head.data, before);
    assert.deepEqual(masked.issues, []);
    usual = masked.mask;
    assert.deepEqual(
      masked.provenance.map(({ step, options }) => ({ step, options })),
      [{ step: 'brainMask', options: { contrast: 'T1w', fraction: 0.4 } }],
    );
  });

  it('finds the same in another unit of intensity, and in any orientation', async () => {
    const scaled = makeVolume(
      head.data.map((value) => 0.001 * value - 7),
      head,
    );
    const turned = reorient({ ...scaled, mask: usual }, { to: 'PIL' });
    assert.ok(turned.mask !== undefined);
    assert.ok(diceOverlap(await maskOf(turned), turned.mask) > 0.995);
  });

  it('finds the brain under the shading of a coil and heavy noise', async () => {
    const noisy = syntheticHead({ noise: 0.08 });
    const ny = noisy.head.shape[1];
    const shaded = makeVolume(
      noisy.head.data.map(
        (value, i) => value * (1.2 - (0.4 * (Math.floor(i / noisy.head.shape[0]) % ny)) / ny),
      ),
      noisy.head,
    );
    assert.ok(diceOverlap(await maskOf(shaded), noisy.truth) > 0.94);
  });

  it('reports progress and stops when told to', async () => {
    assert.ok(seen.length > 5 && seen.every((share, at) => at === 0 || share > seen[at - 1]));
    const controller = new AbortController();
    const stopped = brainMask(
      head,
      {},
      { signal: controller.signal, onProgress: ({ done }) => done > 0 && controller.abort() },
    );
    await assert.rejects(stopped, { code: 'aborted' });
  });

  it('keeps all of a brain whose skull was stripped before', async () => {
    const stripped = applyMask({ ...head, mask: truth });
    assert.deepEqual(await maskOf(stripped), truth);
    // Normalized before: 0 outside lies in the middle of the intensities.
    const normalized = makeVolume(
      stripped.data.map((value) => (value === 0 ? 0 : (value - 90) / 15)),
      head,
    );
    assert.deepEqual(await maskOf(normalized), truth);
  });

  it('doubts a brain that is too small or cut off', async () => {
    const small = makeVolume(head.data, { shape: head.shape, affine: makeAffine([2, 2, 2]) });
    assert.deepEqual(
      (await brainMask(small)).issues.map(({ code }) => code),
      ['doubtful-mask'],
    );
    const [nx, ny, nz] = head.shape;
    const half = makeVolume(head.data.slice(0, nx * ny * Math.round(0.62 * nz)), {
      shape: [nx, ny, Math.round(0.62 * nz)],
      affine: head.affine,
    });
    const cut = (await brainMask(half)).issues.filter(({ message }) => message.includes('field of view'));
    assert.equal(cut.length, 1);
  });
});

describe('brainMask where there is no brain', () => {
  const shape = [60, 70, 60] as const;
  const affine = makeAffine([3, 3, 3]);
  const random = makeRandom(2);
  const cases: Record<string, Float32Array> = {
    constant: new Float32Array(252000).fill(7),
    'not a number': new Float32Array(252000).fill(NaN),
    noise: Float32Array.from({ length: 252000 }, () => random.normal()),
    'one bright voxel': new Float32Array(252000).fill(5, 126030, 126031),
  };
  for (const [name, data] of Object.entries(cases)) {
    it(`says so: ${name}`, async () => {
      await assert.rejects(brainMask(makeVolume(data, { shape, affine })), {
        code: 'failed-step',
        message: /^no brain found: .*withMask/,
      });
    });
  }
  it('refuses options out of range', async () => {
    const { head } = syntheticHead({ spacing: 6 });
    await assert.rejects(brainMask(head, { fraction: 1 }), { code: 'invalid-option' });
    await assert.rejects(brainMask(head, { contrast: 'bold' as 'T1w' }), { code: 'invalid-option' });
  });
});
