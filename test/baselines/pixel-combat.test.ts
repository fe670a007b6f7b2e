import assert from 'node:assert/strict';
import { applyPixelCombat } from '../../sdk/baselines/pixel-combat/apply-pixel-combat';
import { fitPixelCombat } from '../../sdk/baselines/pixel-combat/fit-pixel-combat';
import {
  pixelCombatFromStored,
  pixelCombatToStored,
} from '../../sdk/baselines/pixel-combat/pixel-combat-stored';
import { smoothEffects } from '../../sdk/baselines/pixel-combat/smooth-effects';
import { pixelCombatHarmonizer } from '../../sdk/baselines/pixel-combat/pixel-combat-harmonizer';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { ImageCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, makeImageCohort, makeVolumeCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeAffine } from '../../sdk/data/images/affine';
import type { JsonObject } from '../../sdk/data/json';
import { makeVolume } from '../../sdk/data/images/volume';
import { harmonizeVolumes } from '../../sdk/methods/harmonize-volumes';
import { toImages } from '../../sdk/preprocess/to-images';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

const shape = [6, 5, 2] as const;
const voxels = 6 * 5 * 2;
const table = simulateFeatureCohort({ seed: 4, sites: 3, subjects: 31, features: voxels }).cohort;
const { participants } = table;

/** Volumes whose voxels are the cells of a table; outside of the mask there is 0. */
function volumesOf(
  inMask: (row: number, voxel: number) => boolean = () => true,
): ReturnType<typeof makeVolumeCohort> {
  const scans = participants.ids.map((id, row) => {
    const mask = Uint8Array.from({ length: voxels }, (_, voxel) => Number(inMask(row, voxel)));
    const data = Float32Array.from(mask, (is, voxel) =>
      is === 1 ? table.features.values[row * voxels + voxel] : 0,
    );
    const volume = makeVolume(data, { shape, affine: makeAffine([1, 1, 2]) }, { mask });
    return { id, subject: id, suffix: 'T1w', open: () => Promise.resolve(volume) };
  });
  return makeVolumeCohort(participants, scans);
}

/** The numbers of one scan's images, sorted: whatever way round slices lie, they are the same. */
function sortedOf({ images }: ImageCohort, scan: string): number[] {
  const size = images.shape[1] * images.shape[2];
  return images.slices
    .flatMap((slice, i) => (slice.scan === scan ? [...images.data.subarray(i * size, (i + 1) * size)] : []))
    .sort((a, b) => a - b);
}

describe('ComBat by pixels', () => {
  it('is ComBat of the table that has a column for each pixel, which equals R', async () => {
    const slices = await toImages(volumesOf());
    const options = { preserve: ['age'] };
    const model = await fitPixelCombat(slices, options);
    const after = await applyPixelCombat(model, slices);
    const rounded = makeFeatureMatrix(
      Float64Array.from(table.features.values, Math.fround),
      table.features.subjects,
      table.features.features,
    );
    const same = makeFeatureCohort(participants, rounded);
    const expected = await applyCombat(await fitCombat(same, options), same);
    participants.ids.forEach((id, row) => {
      const own = [...expected.features.values.subarray(row * voxels, (row + 1) * voxels)];
      const wanted = own.map(Math.fround).sort((a, b) => a - b);
      assert.deepEqual(sortedOf(after, id), wanted);
    });
  });
  it('spreads the effects of sites by a Gaussian in millimeters, as the sums written out', async () => {
    const slices = await toImages(volumesOf((row, voxel) => voxel !== 7 || row % 2 === 0));
    const [own] = [...new Set(participants.sites)];
    const options = { reference: own };
    const apart = (await fitPixelCombat(slices, options)).combat;
    const effectFwhm = 3;
    const model = await fitPixelCombat(slices, { ...options, effectFwhm });
    const { features, pooledSd, sites } = apart;
    // Rows and columns are 1 mm apart, slices 2 mm; weights reach four standard deviations, and never the whole side.
    const sigma = effectFwhm / 2.354820045;
    const places = features.map((name) => (/^s(\d+)r(\d+)c(\d+)$/.exec(name) ?? []).slice(1).map(Number));
    const weight = (a: number, b: number): number =>
      [2, 5, 6].reduce((product, side, axis) => {
        const spacing = axis === 0 ? 2 : 1;
        const distance = Math.abs(places[a][axis] - places[b][axis]);
        const radius = Math.min(side - 1, Math.max(1, Math.floor((4 * sigma) / spacing + 0.5)));
        return distance > radius ? 0 : product * Math.exp(-((distance * spacing) ** 2) / (2 * sigma ** 2));
      }, 1);
    sites.forEach(({ name }, site) => {
      const at = (feature: number): number => site * features.length + feature;
      const mean = (of: number, value: (feature: number) => number): number => {
        const weights = features.map((_, feature) => weight(of, feature));
        const sum = weights.reduce((total, one, feature) => total + one * value(feature), 0);
        return sum / weights.reduce((total, one) => total + one, 0);
      };
      features.forEach((_, feature) => {
        const shift = mean(feature, (other) => apart.gammaStar[at(other)] * pooledSd[other]);
        const ratio = Math.exp(mean(feature, (other) => Math.log(apart.deltaStar[at(other)])));
        const expected = name === own ? [0, 1] : [shift / pooledSd[feature], ratio];
        assert.ok(Math.abs(model.combat.gammaStar[at(feature)] - expected[0]) < 1e-5);
        assert.ok(Math.abs(model.combat.deltaStar[at(feature)] - expected[1]) < 1e-5 * expected[1]);
      });
    });
    const { description, arrays } = pixelCombatToStored(model);
    assert.deepEqual(pixelCombatFromStored(description, arrays).combat.gammaStar, model.combat.gammaStar);
    assert.throws(() => pixelCombatFromStored({ ...description, effectFwhm: -1 }, arrays), /effectFwhm/);
    await assert.rejects(applyPixelCombat(model, slices, { unseen: 'estimate' }), {
      code: 'invalid-option',
      message: /would not be spread/,
    });
    await assert.rejects(fitPixelCombat(slices, { effectFwhm: NaN }), { code: 'invalid-option' });
    assert.ok(!model.issues.some(({ code }) => code === 'uneven-effects'));
  });
  it('keeps the pixels of a large model as numbers beside its JSON, and reads those that have them as names', async () => {
    const slices = await toImages(volumesOf());
    const model = await fitPixelCombat(slices, {});
    const { description, arrays } = pixelCombatToStored(model, 0);
    const combat = description['combat'] as JsonObject;
    assert.deepEqual([combat['features'], combat['status']], [undefined, undefined]);
    assert.deepEqual(pixelCombatFromStored(description, arrays), model);
    const { features, status } = model.combat;
    const named = new Map([...arrays].filter(([name]) => name !== 'places' && name !== 'status'));
    const before = { ...description, schema: 1, combat: { ...combat, features, status } };
    assert.deepEqual(pixelCombatFromStored(before, named), model);
    for (const [name, value] of [
      ['places', 60],
      ['places', 0.5],
      ['status', 3],
    ] as const) {
      const data = Float64Array.from(features, (_, place) => (place === 0 ? value : 0));
      const broken = new Map([...arrays, [name, { shape: [features.length], data }]]);
      assert.throws(() => pixelCombatFromStored(description, broken), /arrays of places and status/);
    }
    const alone = new Map([...arrays].filter(([name]) => name !== 'status'));
    assert.throws(() => pixelCombatFromStored(description, alone), /arrays of places and status/);
  });
  it('says where the effects of a site are those of tissues, and no shading that can be spread', async () => {
    const [, other] = [...new Set(participants.sites)];
    // Every second pixel is far brighter at one site: a contrast of its own.
    const contrast = (row: number, voxel: number): number =>
      100 + wave(row, voxel) + (siteOf(row) === other && voxel % 2 === 0 ? 40 : 0);
    const slices = await toImages(holed(contrast));
    const found = async (effectFwhm: number): Promise<readonly (string | undefined)[]> => {
      const { issues } = await fitPixelCombat(slices, { effectFwhm });
      return issues.filter(({ code }) => code === 'uneven-effects').map(({ where }) => where.site);
    };
    assert.ok((await found(6)).includes(other));
    assert.deepEqual(await found(0), []);
  });
  it('does not take pixels that hardly vary by chance for uneven effects', async () => {
    const [own] = [...new Set(participants.sites)];
    // One pixel has next to no spread, and another mean at one site: in its own standard deviations that is a thousand.
    const slices = await toImages(
      holed((row, voxel) =>
        voxel === 9 ? 100 + 0.001 * wave(row, voxel) + Number(siteOf(row) === own) : 100 + wave(row, voxel),
      ),
    );
    const { issues } = await fitPixelCombat(slices, { effectFwhm: 6, eb: 'none' });
    assert.deepEqual(
      issues.filter(({ code }) => code === 'uneven-effects'),
      [],
    );
  });
  it('spreads no ratio of variances from pixels that are the same in all scans of a site', async () => {
    const [own] = [...new Set(participants.sites)];
    const slices = await toImages(
      holed((row, voxel) => {
        const spread = siteOf(row) === own ? 0.01 : 1;
        return 100 + (siteOf(row) === own && voxel === 20 ? 3 : spread * wave(row, voxel));
      }),
    );
    const { combat } = await fitPixelCombat(slices, { effectFwhm: 2, eb: 'none' });
    const ratios = combat.features.map(
      (_, feature) =>
        combat.deltaStar[
          combat.sites.findIndex(({ name }) => name === own) * combat.features.length + feature
        ],
    );
    assert.equal(ratios.filter((ratio) => ratio === 1).length, 1);
    const others = ratios.filter((ratio) => ratio !== 1);
    assert.ok(
      others.every((ratio) => ratio < 0.01),
      String(Math.max(...others)),
    );
  });
  it('spreads nothing by a width that reaches no neighbor, evens all out by a huge one, and ends when aborted', async () => {
    const slices = await toImages(volumesOf());
    const { combat: apart, plane, grid } = await fitPixelCombat(slices);
    const canceled = smoothEffects(apart, { plane, grid, fwhm: 3, signal: AbortSignal.abort() });
    await assert.rejects(canceled, { code: 'aborted' });
    for (const effectFwhm of [0.01, 1e-300]) {
      const { combat } = await fitPixelCombat(slices, { effectFwhm });
      combat.gammaStar.forEach((shift, at) => assert.ok(Math.abs(shift - apart.gammaStar[at]) < 1e-5));
    }
    const { combat } = await fitPixelCombat(slices, { effectFwhm: 1e6 });
    const shifts = combat.features.map((_, at) => combat.gammaStar[at] * combat.pooledSd[at]);
    assert.ok(Math.max(...shifts) - Math.min(...shifts) < 1e-5);
    for (const wrong of ['12', -1, Infinity]) {
      const effectFwhm = wrong as number;
      await assert.rejects(fitPixelCombat(slices, { effectFwhm }), {
        code: 'invalid-option',
        message: /effectFwhm/,
      });
    }
  });
  it('knows a pixel by its place in the grid, however images are padded', async () => {
    const volumes = volumesOf();
    const plain = await toImages(volumes);
    const padded = await toImages(volumes, { size: [12, 9], fill: 0 });
    const model = await fitPixelCombat(plain);
    const one = await applyPixelCombat(model, plain);
    const other = await applyPixelCombat(model, padded);
    const { ids } = participants;
    for (const id of ids) {
      assert.deepEqual(
        sortedOf(other, id).filter((value) => value !== 0),
        sortedOf(one, id).filter((value) => value !== 0),
      );
    }
    assert.deepEqual((await fitPixelCombat(padded)).combat.gammaStar, model.combat.gammaStar);
  });
  it('takes what is outside of a mask for missing, and counts what it does not know', async () => {
    // Voxel 7 is in few masks of the first site, voxel 8 in one less than all.
    const cut = await toImages(
      volumesOf((row, voxel) => !((voxel === 7 && row > 2 && row < 9) || (voxel === 8 && row === 0))),
    );
    const model = await fitPixelCombat(cut);
    assert.equal(model.combat.features.length, voxels - 1);
    const after = await applyPixelCombat(model, cut);
    const left = after.issues.filter(({ code }) => code === 'pixels-left');
    assert.equal(left.length, 1);
    // 25 scans have the voxel in their masks: 25 of 31 × 60 − 7 pixels.
    assert.match(left[0].message, /^1\.35 % of the pixels/);
    assert.equal((await fitPixelCombat(cut, { share: 1 })).combat.features.length, voxels - 2);
  });
  it('counts holes and pixels that turned dark', async () => {
    // Every pixel has its fluid in one scan of a site that varies little, and is brought to one that varies much.
    const cohort = await toImages(
      holed((row, voxel) => {
        if (row === 9 + (voxel % 16)) return 80;
        return 100 + (row < 9 ? 60 : 1) * wave(row, voxel);
      }),
    );
    const after = await applyPixelCombat(await fitPixelCombat(cohort, { reference: siteOf(0) }), cohort);
    const found = after.issues.filter(({ code }) => code === 'pixel-holes');
    const { data } = after.images;
    const negative = data.filter((value, i) => value < 0 && cohort.images.data[i] >= 0).length;
    assert.ok(negative > 0, String(negative));
    assert.match(found[0].message, new RegExp(`^${negative} pixels of .* fell below 0`));
    assert.equal(
      after.issues.some(({ code }) => code === 'negative-values'),
      false,
    );
  });
  it('refuses scans that do not lie over each other, with the way out', async () => {
    const volumes = volumesOf();
    const shifted = volumes.scans.map((scan, row) =>
      row === 0
        ? scan
        : {
            ...scan,
            open: async () => ({ ...(await scan.open()), affine: makeAffine([1, 1, 2], [1, 0, 0]) }),
          },
    );
    const cohort = await toImages({ ...volumes, scans: shifted });
    await assert.rejects(fitPixelCombat(cohort), {
      code: 'invalid-option',
      message: /not aligned.*is on another grid.*register all scans to one template/,
    });
    const model = await fitPixelCombat(await toImages(volumes));
    await assert.rejects(applyPixelCombat(model, cohort), {
      message: /the scans that the model was fitted on/,
    });
    await assert.rejects(applyPixelCombat(model, await toImages(volumes, { plane: 'coronal' })), {
      message: /has coronal slices/,
    });
    const three = await toImages(volumes, { channels: 3 });
    await assert.rejects(fitPixelCombat(three), { message: /images of 3 channels/ });
    await assert.rejects(fitPixelCombat(cohort, { share: 0 }), { message: /invalid share: 0/ });
    const other = makeImageCohort(participants, (await toImages(volumes)).images, {
      suffixes: participants.ids.map(() => 'T2w'),
    });
    await assert.rejects(applyPixelCombat(model, other), { message: /T2w scans do not fit the model/ });
  });
  it('harmonizes whole scans as it does their slices, one at a time', async () => {
    const volumes = volumesOf();
    const slices = await toImages(volumes);
    const model = await fitPixelCombat(slices);
    const after = await applyPixelCombat(model, slices);
    const scans = harmonizeVolumes(model, volumes);
    const { id } = scans.scans[5];
    const { data } = await scans.scans[5].open();
    assert.deepEqual(
      [...data].sort((a, b) => a - b),
      sortedOf(after, id),
    );
    for (const unseen of ['estimate', 'own-priors', 'creb'] as const) {
      assert.throws(() => harmonizeVolumes(model, volumes, { unseen }), {
        message: /estimated from all its scans at once/,
      });
    }
  });
  it('says that the covariates of curves are preserved, and has the curves in its provenance', async () => {
    const options = { preserve: ['sex'], smooth: ['age'] };
    assert.deepEqual(pixelCombatHarmonizer(options).preserves, ['sex', 'age']);
    const { provenance } = await fitPixelCombat(await toImages(volumesOf()), options);
    assert.deepEqual(provenance.at(-1)?.options['smooth'], ['age']);
  });
});

function siteOf(row: number): string {
  return participants.sites[row];
}

/** A number between −1 and 1 that seems random. */
function wave(row: number, voxel: number): number {
  return Math.sin(12.9898 * row + 78.233 * voxel + row * voxel);
}

function holed(value: (row: number, voxel: number) => number): ReturnType<typeof makeVolumeCohort> {
  const scans = participants.ids.map((id, row) => {
    const data = Float32Array.from({ length: voxels }, (_, voxel) => value(row, voxel));
    const mask = new Uint8Array(voxels).fill(1);
    const volume = makeVolume(data, { shape, affine: makeAffine([1, 1, 2]) }, { mask });
    return { id, subject: id, suffix: 'T1w', open: () => Promise.resolve(volume) };
  });
  return makeVolumeCohort(participants, scans);
}
