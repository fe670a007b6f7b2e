import assert from 'node:assert/strict';
import type { Affine } from '../../../sdk/data/images/affine';
import { composeAffines, invertAffine, makeAffine, transformPoint } from '../../../sdk/data/images/affine';
import type { Volume, VolumeHeader } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import {
  applyRegistration,
  invertRegistration,
} from '../../../sdk/preprocess/registration/apply-registration';
import { register } from '../../../sdk/preprocess/registration/register';
import { registerAffine } from '../../../sdk/preprocess/registration/register-affine';
import { reorient } from '../../../sdk/preprocess/reorient';
import { makePhantom } from '../../../sdk/simulate/phantom/phantom';

const identity = makeAffine([1, 1, 1]);
const c = Math.cos(Math.PI / 18);
const s = Math.sin(Math.PI / 18);

/** 10° about x and 10° about z, 8 mm to the right and 5 back. */
const rigid: Affine = composeAffines(
  [c, -s, 0, 8, s, c, 0, -5, 0, 0, 1, 0, 0, 0, 0, 1],
  [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0, 0, 0, 0, 1],
);

/** The same, and 8 % longer along one axis, 5 % shorter along another. */
const affine: Affine = composeAffines(rigid, [1.08, 0, 0, 0, 0, 0.95, 0, 0, 0, 0, 1.03, 0, 0, 0, 0, 1]);

/** The volume lying where `moved` takes it: the truth is exact, and the grid is oblique, or sheared. */
function movedBy(moved: Affine, { data, shape, affine, mask }: Volume): Volume {
  const grid = { shape, affine: composeAffines(moved, affine) };
  return makeVolume(data, grid, mask === undefined ? {} : { mask });
}

/** The largest distance in mm over a brain between a registration and the truth, from the fixed to the moving volume. */
function worstDistance(found: Affine, truth: Affine): number {
  const back = invertAffine(found);
  let worst = 0;
  for (const x of [-65, 0, 65]) {
    for (const y of [-100, -16, 65]) {
      for (const z of [-40, 0, 70]) {
        const a = transformPoint(back, [x, y, z]);
        const b = transformPoint(truth, [x, y, z]);
        worst = Math.max(worst, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
    }
  }
  return worst;
}

const scannerHeader: VolumeHeader = {
  format: 'nifti1',
  datatype: 'float32',
  slope: 1,
  intercept: 0,
  sformCode: 0,
  qformCode: 1,
  frames: 1,
  frame: 0,
  description: '',
};
const quick = { resolutions: 2, iterations: 80, samples: 1500 };
const failed = (error: unknown): boolean => error instanceof ConcordError && error.code === 'failed-step';

describe('registration', () => {
  // A digital brain of 3 mm in the contrast of a T1-weighted scan, without and with its mask.
  let brain: Volume;
  let masked: Volume;
  before(async () => {
    const { tissues } = await makePhantom({ seed: 3, spacing: 3 });
    const { csf, grayMatter, whiteMatter, deepGray } = tissues.fractions;
    const data = tissues.fractions.csf?.map(
      (part, at) =>
        60 * part +
        250 * (grayMatter?.[at] ?? 0) +
        300 * (deepGray?.[at] ?? 0) +
        400 * (whiteMatter?.[at] ?? 0),
    );
    assert.ok(csf !== undefined && data !== undefined);
    brain = makeVolume(data, tissues);
    masked = makeVolume(data, tissues, { mask: tissues.mask });
  });

  it('finds a known rigid transform from moving to fixed in RAS mm, and back', async () => {
    const found = await registerAffine(movedBy(rigid, brain), brain, { ...quick, transform: 'rigid' });
    assert.ok(worstDistance(found.matrix, rigid) < 0.7, `${worstDistance(found.matrix, rigid)} mm`);
    assert.ok(found.metric.after > found.metric.before + 0.1);
    const back = invertRegistration(found);
    assert.ok(worstDistance(back.matrix, invertAffine(rigid)) < 0.7);
    assert.deepEqual(back.fixedGrid, found.movingGrid);
  });

  it('finds a known affine transform whatever the orientation, and samples the volume there', async () => {
    const moving = reorient(movedBy(affine, masked), { to: 'PSL' });
    const found = await registerAffine(moving, reorient(brain, { to: 'LIA' }), quick);
    assert.ok(worstDistance(found.matrix, affine) < 1, `${worstDistance(found.matrix, affine)} mm`);
    const moved = reorient(applyRegistration(found, moving, { interpolation: 'cubic' }));
    assert.deepEqual(moved.shape, brain.shape);
    const error = moved.data.reduce((sum, value, at) => sum + Math.abs(value - brain.data[at]), 0);
    assert.ok(error / moved.data.length < 5, `mean difference ${error / moved.data.length} of 400`);
    const both = moved.mask?.reduce((sum, value, at) => sum + (value & (masked.mask?.[at] ?? 0)), 0) ?? 0;
    const each = [moved.mask, masked.mask].map((mask) => mask?.reduce((sum, value) => sum + value, 0) ?? 0);
    assert.ok((2 * both) / (each[0] + each[1]) > 0.98);
    const there = applyRegistration(found, brain, { inverse: true });
    assert.deepEqual([there.shape, there.affine], [moving.shape, moving.affine]);
  });

  it('starts from the centers of mass, so that volumes far apart are found', async () => {
    const far = composeAffines(makeAffine([1, 1, 1], [400, -300, 250]), rigid);
    const moving = movedBy(far, masked);
    const found = await registerAffine(moving, masked, { ...quick, transform: 'rigid' });
    assert.ok(worstDistance(found.matrix, far) < 0.7);
    await assert.rejects(registerAffine(moving, masked, { ...quick, start: 'header' }), failed);
  });

  it('gives the same bits for the same seed and leaves nothing running', async () => {
    const options = { resolutions: 1, iterations: 10, samples: 500, transform: 'rigid' } as const;
    const moving = movedBy(rigid, brain);
    const one = await registerAffine(moving, brain, options);
    assert.deepEqual(await registerAffine(moving, brain, options), one);
    const other = await registerAffine(moving, brain, { ...options, seed: 2 });
    assert.notDeepEqual(one.matrix, other.matrix);
    assert.equal(one.provenance[0].seed, 1);
    const held = process.getActiveResourcesInfo().filter((resource) => /worker|message/i.test(resource));
    assert.deepEqual(held, []);
  });

  it('aligns brains where there are masks, whatever lies around them', async () => {
    const data = brain.data.map((value, at) => (at % brain.shape[0] < 8 ? 3000 : value));
    const moving = movedBy(rigid, makeVolume(data, brain, { mask: masked.mask }));
    const found = await registerAffine(moving, brain, { ...quick, transform: 'rigid' });
    assert.ok(worstDistance(found.matrix, rigid) < 1, `${worstDistance(found.matrix, rigid)} mm`);
  });

  it('leaves volumes that lie over each other already where they are', async () => {
    const scanned = { ...brain, header: scannerHeader };
    const found = await registerAffine(scanned, brain, { resolutions: 1, iterations: 5, samples: 200 });
    assert.deepEqual(found.spaces, { moving: 1, fixed: 0 });
    assert.ok(worstDistance(found.matrix, identity) < 1e-9);
    assert.equal(found.metric.after, found.metric.before);
  });

  it('says so when there is nothing to align', async () => {
    const flat = makeVolume(new Float32Array(1000).fill(3), { shape: [10, 10, 10], affine: identity });
    await assert.rejects(registerAffine(flat, brain), failed);
    await assert.rejects(registerAffine(brain, flat), failed);
    const empty = makeVolume(brain.data, brain, { mask: new Uint8Array(brain.data.length) });
    await assert.rejects(registerAffine(empty, brain), failed);
    const noise = makeVolume(
      brain.data.map((_, at) => Math.sin(at * at)),
      brain,
    );
    await assert.rejects(registerAffine(noise, brain, { ...quick, iterations: 20 }), failed);
  });

  it('can be cancelled at once and refuses options that make no sense', async () => {
    const controller = new AbortController();
    const labels: string[] = [];
    const run = registerAffine(
      brain,
      brain,
      { iterations: 1000000 },
      {
        signal: controller.signal,
        onProgress: ({ label, done }) => {
          labels.push(label);
          if (done === 2) setTimeout(() => controller.abort(), 300);
        },
      },
    );
    await assert.rejects(run, (error) => error instanceof ConcordError && error.code === 'aborted');
    assert.deepEqual(labels, ['registering', 'registering']);
    const wrong = [{ iterations: 0 }, { samples: 1.5 }, { spacing: -1 }, { transform: 'warp' as 'affine' }];
    for (const options of wrong) {
      await assert.rejects(
        registerAffine(brain, brain, options),
        (error) => error instanceof ConcordError && error.code === 'invalid-option',
      );
    }
  });

  it('is one step in a pipeline, with the transform in its record', async () => {
    const moving = { ...movedBy(rigid, masked), header: scannerHeader };
    const result = await register(moving, {
      to: { ...brain, header: { ...scannerHeader, sformCode: 4 } },
      ...quick,
      transform: 'rigid',
      interpolation: 'cubic',
    });
    assert.deepEqual([result.shape, result.affine], [brain.shape, brain.affine]);
    assert.deepEqual([result.header?.sformCode, result.header?.qformCode], [4, 4]);
    assert.equal(result.provenance.length, 1);
    const { step, options, seed } = result.provenance[0];
    assert.deepEqual([step, seed, options['interpolation']], ['register', 1, 'cubic']);
    assert.ok(worstDistance(options['matrix'] as Affine, rigid) < 0.7);
    assert.ok(result.mask?.includes(1));
  });
});
