import assert from 'node:assert/strict';
import { distanceTransform } from '../../../sdk/math/images/distance-transform';
import { fillHoles, largestComponent } from '../../../sdk/math/images/morphology';
import { Anatomy } from '../../../sdk/simulate/phantom/anatomy/anatomy';
import type { Phantom } from '../../../sdk/simulate/phantom/phantom';
import { makePhantom } from '../../../sdk/simulate/phantom/phantom';
import { expectedTraits, phantomEffects } from '../../../sdk/simulate/phantom/phantom-traits';

const brain = ['csf', 'grayMatter', 'whiteMatter', 'deepGray'] as const;

function tissueVolume({ volumes }: Phantom): number {
  return volumes.grayMatter + volumes.whiteMatter + volumes.deepGray;
}

/** The median distance, over voxels of white matter under the cortex, to the nearest fluid: a slab high in the brain. */
function measuredThickness(thickness: number): number {
  const anatomy = new Anatomy({ ...expectedTraits(30, 'F'), thickness }, 5);
  const spacing = 0.6;
  const shape = [230, 150, 18] as const;
  const fluid = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const white = new Uint8Array(fluid.length);
  for (let k = 0, at = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, at++) {
        anatomy.at(spacing * i - 69, spacing * j - 50, spacing * k + 42, spacing);
        const [csf, gray, wm] = anatomy.found;
        if (csf > 0.5 || csf + gray + wm < 0.5) fluid[at] = 1;
        if (wm > 0.5) white[at] = 1;
      }
    }
  }
  const distance = distanceTransform(fluid, shape, [spacing, spacing, spacing]);
  const other = white.map((value) => 1 - value);
  const depth = distanceTransform(other, shape, [spacing, spacing, spacing]);
  const found: number[] = [];
  const layer = shape[0] * shape[1];
  for (let at = 5 * layer; at < 13 * layer; at++)
    if (white[at] === 1 && depth[at] < 1.1 * spacing) found.push(distance[at]);
  found.sort((a, b) => a - b);
  // From the middle of the last fluid voxel to the middle of the first white one: half a voxel more at either end.
  return found[found.length >> 1] - spacing;
}

describe('makePhantom', () => {
  it('makes tissue fractions that sum to one inside the brain', async () => {
    const { tissues } = await makePhantom({ seed: 3, spacing: 3 });
    assert.deepEqual(tissues.shape, [54, 66, 55]);
    let inside = 0;
    let brainVoxels = 0;
    let unlike = 0;
    for (let i = 0; i < tissues.mask.length; i++) {
      const sum = brain.reduce((total, tissue) => total + (tissues.fractions[tissue]?.[i] ?? 0), 0);
      for (const tissue of brain) assert.ok((tissues.fractions[tissue]?.[i] ?? -1) >= 0);
      assert.ok(sum < 1 + 1e-5);
      if (sum > 0.5) brainVoxels++;
      if (sum > 0.5 !== (tissues.mask[i] === 1)) unlike++;
      if (sum > 1 - 1e-5) inside++;
    }
    assert.ok(inside * 27 > 1.1e6, `${inside}`);
    // The mask is where more than half of a voxel is brain, but for holes filled and specks left out.
    assert.ok(unlike < 0.01 * brainVoxels, `${unlike} of ${brainVoxels}`);
  });

  it('has a mask of one solid piece, without holes in the volume or in slices of its middle', async () => {
    const { tissues } = await makePhantom({ seed: 3, spacing: 2 });
    const { mask, shape } = tissues;
    assert.deepEqual(largestComponent(mask, shape), mask);
    assert.deepEqual(fillHoles(mask, shape), mask);
    // Through the middle plane, where the fissure between the hemispheres is: filled from below to the top.
    const [nx, ny] = shape;
    const at = (y: number, z: number): number => {
      const { affine } = tissues;
      const j = Math.round((y - affine[7]) / 2);
      return mask[(nx >> 1) + nx * (j + ny * Math.round((z - affine[11]) / 2))];
    };
    for (const y of [-60, -30, 0, 30]) {
      for (let z = 0; z <= 45; z += 2) assert.equal(at(y, z), 1, `y ${y}, z ${z}`);
    }
  });

  it('is as large as brains are: gray and white matter each 420 to 750 mL', async () => {
    const { volumes } = await makePhantom({ seed: 8, spacing: 3 });
    for (const tissue of ['grayMatter', 'whiteMatter'] as const) {
      assert.ok(volumes[tissue] > 420 && volumes[tissue] < 750, `${tissue} ${volumes[tissue]} mL`);
    }
    // A bound of plausibility, not a measured range: somewhat more gray than white matter, the deep nuclei included.
    const ratio = (volumes.grayMatter + volumes.deepGray) / volumes.whiteMatter;
    assert.ok(ratio > 1.15 && ratio < 1.5, `${ratio}`);
  });

  it('makes the same bits from the same seed and another brain from another', async () => {
    const [one, same, other] = await Promise.all([4, 4, 5].map((seed) => makePhantom({ seed, spacing: 4 })));
    assert.deepEqual(one, same);
    const gray = one.tissues.fractions.grayMatter ?? [];
    const otherGray = other.tissues.fractions.grayMatter ?? [];
    let different = 0;
    for (let i = 0; i < gray.length; i++) if (Math.abs(gray[i] - otherGray[i]) > 0.2) different++;
    assert.ok(different > 3000, `${different}`);
  });

  it('has unlike hemispheres', async () => {
    const { tissues } = await makePhantom({ seed: 4, spacing: 4 });
    const gray = tissues.fractions.grayMatter ?? new Float32Array();
    const [nx, ny, nz] = tissues.shape;
    let different = 0;
    for (let row = 0; row < ny * nz; row++) {
      for (let i = 0; i < nx / 2; i++)
        if (Math.abs(gray[row * nx + i] - gray[row * nx + nx - 1 - i]) > 0.2) different++;
    }
    assert.ok(different > 1000, `${different}`);
  });

  it('grows the ventricles by the volume asked for', async () => {
    const [small, large] = await Promise.all(
      [12, 42].map((ventricleVolume) => makePhantom({ seed: 6, spacing: 2, traits: { ventricleVolume } })),
    );
    const grown = large.volumes.csf - small.volumes.csf;
    // Nothing else changes, so that all new fluid is in the ventricles.
    assert.ok(Math.abs(grown - 30) < 2, `${grown} mL`);
  });

  it('ages in known amounts: ventricles grow by their share a year', async () => {
    const ages = [25, 45, 65, 85];
    const fixed = { thickness: 2.5, sulcalWidth: 1 };
    const reference = 20;
    const phantoms = await Promise.all(
      ages.map((age) => {
        const { ventricleVolume } = expectedTraits(age, 'F');
        return makePhantom({ seed: 9, age, spacing: 2, traits: { ...fixed, ventricleVolume } });
      }),
    );
    const none = await makePhantom({ seed: 9, spacing: 2, traits: { ...fixed, ventricleVolume: reference } });
    const logs = phantoms.map(({ volumes }) => Math.log(volumes.csf - none.volumes.csf + reference));
    const slope = (logs[3] - logs[0]) / 60;
    const { ventricleGrowthPerYear } = phantomEffects;
    assert.ok(Math.abs(slope - ventricleGrowthPerYear) < 0.08 * ventricleGrowthPerYear, `${slope} per year`);
  });

  it('has a cortex as thick as asked for, thinner with age', () => {
    const [thin, thick] = [2.2, 3].map(measuredThickness);
    assert.ok(Math.abs(thin - 2.2) < 0.25, `${thin} mm`);
    assert.ok(Math.abs(thick - 3) < 0.25, `${thick} mm`);
    assert.ok(Math.abs(thick - thin - 0.8) < 0.2, `${thick - thin} mm`);
    const perYear = (expectedTraits(80, 'F').thickness - expectedTraits(20, 'F').thickness) / 60;
    assert.ok(Math.abs(perYear - phantomEffects.thicknessPerYear) < 1e-12);
  });

  it('makes men larger by a tenth', async () => {
    const [woman, man] = await Promise.all(
      (['F', 'M'] as const).map((sex) => makePhantom({ seed: 2, sex, spacing: 3 })),
    );
    const ratio = tissueVolume(man) / tissueVolume(woman);
    assert.ok(Math.abs(ratio - phantomEffects.maleVolume) < 0.03, `${ratio}`);
  });

  it('puts bone and scalp around a head', async () => {
    const { tissues, volumes } = await makePhantom({ spacing: 6, head: true });
    assert.ok(volumes.bone > 200 && volumes.scalp > 200);
    for (let i = 0; i < tissues.mask.length; i++) {
      let sum = 0;
      for (const map of Object.values(tissues.fractions)) sum += map[i];
      assert.ok(sum < 1 + 1e-5, `${sum}`);
    }
  });

  it('refuses what cannot be', async () => {
    const code = { code: 'invalid-option' };
    await assert.rejects(makePhantom({ age: 300 }), code);
    await assert.rejects(makePhantom({ spacing: 0 }), code);
    await assert.rejects(makePhantom({ seed: 0.5 }), code);
    await assert.rejects(makePhantom({ shape: [10, 0, 10] }), code);
    await assert.rejects(makePhantom({ traits: { thickness: -1 } }), code);
  });

  it('stops when cancelled', async () => {
    await assert.rejects(makePhantom({ spacing: 4 }, { signal: AbortSignal.abort() }), { code: 'aborted' });
  });
});
