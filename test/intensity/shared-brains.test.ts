import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { intensityHarmonizer } from '../../sdk/baselines/intensity-harmonizer';
import type { IntensityMethod } from '../../sdk/baselines/intensity-model';
import { invertAffine, transformPoint } from '../../sdk/data/images/affine';
import type { VolumeCohort } from '../../sdk/data/cohort';
import { makeVolumeCohort } from '../../sdk/data/cohort';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { applyHistogramMatching, fitHistogramMatching } from '../../sdk/intensity/histogram-matching';
import { fcmNormalize } from '../../sdk/intensity/fcm-normalize';
import { kdeNormalize } from '../../sdk/intensity/kde-normalize';
import { applyNyul, fitNyul } from '../../sdk/intensity/nyul';
import { percentileScale } from '../../sdk/intensity/percentile-scale';
import { whiteStripe } from '../../sdk/intensity/white-stripe';
import { zScore } from '../../sdk/intensity/z-score';
import { readVolume } from '../../sdk/io/volumes/read-volume';
import { quantile, sortedValues } from '../../sdk/math/statistics/quantiles';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';

/** The median intensity of deep white matter, by its place in MNI space: known without looking at the histogram. */
function deepWhiteMatter({ data, shape, affine }: Volume): number {
  const toVoxel = invertAffine(affine);
  const found: number[] = [];
  for (const x of [-28, -26, -24, -22, 22, 24, 26, 28]) {
    for (let y = -36; y < 12; y += 2) {
      for (let z = 24; z < 36; z += 2) {
        const [i, j, k] = transformPoint(toVoxel, [x, y, z]).map(Math.round);
        found.push(data[i + shape[0] * (j + shape[1] * k)]);
      }
    }
  }
  return quantile(sortedValues(found), 0.5);
}

/** One of the shared brains, whose mask is what is not 0. */
async function readBrain(folder: string, id: string): Promise<Volume> {
  const read = await readVolume(join(folder, id, 'anat', `${id}_space-MNI152_desc-brain_T1w.nii.gz`));
  const mask = Uint8Array.from(read.data, (value) => (value === 0 ? 0 : 1));
  return makeVolume(read.data, read, { mask });
}

function zAmong(value: number, others: readonly number[]): number {
  const mean = others.reduce((sum, other) => sum + other) / others.length;
  const squares = others.reduce((sum, other) => sum + (other - mean) ** 2, 0);
  return (value - mean) / Math.sqrt(squares / (others.length - 1));
}

describe('the shared brains, of which HH034 and HH067 come scaled 2.7 times higher', () => {
  let cohort: VolumeCohort;
  const volumes: Volume[] = [];
  let peaks: readonly Volume[] | undefined;
  /** All of them after kdeNormalize, which two tests look at. */
  const afterPeaks = (): readonly Volume[] => (peaks ??= volumes.map((volume) => kdeNormalize(volume)));

  before(async function () {
    const folder = sharedData('brains');
    if (folder === undefined) {
      skipWithout(this, 'real data');
    }
    const ids = readdirSync(folder).filter((name) => name.startsWith('sub-'));
    for (const id of ids) {
      volumes.push(await readBrain(folder, id));
    }
    const scans = ids.map((id, i) => ({ id, subject: id, open: () => Promise.resolve(volumes[i]) }));
    cohort = makeVolumeCohort(
      makeParticipants(
        ids,
        ids.map((id) => id.replace(/^sub-|\d+$/g, '')),
      ),
      scans,
    );
  });

  /** The z-scores of the two among all others and among those of their own site. */
  function zOfTheTwo(values: readonly number[]): readonly number[] {
    const { ids, sites } = cohort.participants;
    const two = ['sub-HH034', 'sub-HH067'].map((id) => ids.indexOf(id));
    const others = values.filter((_, row) => !two.includes(row));
    const atHome = values.filter((_, row) => !two.includes(row) && sites[row] === 'HH');
    return two.flatMap((row) => [zAmong(values[row], others), zAmong(values[row], atHome)]);
  }

  it('are far from the other scans of their site as they come', () => {
    const [, one, , other] = zOfTheTwo(volumes.map(deepWhiteMatter));
    assert.ok(one > 10 && other > 10, `${one} and ${other}`);
  });

  const by =
    (normalize: (volume: Volume) => Volume): (() => readonly Volume[]) =>
    () =>
      volumes.map((volume) => normalize(volume));
  const each: Readonly<Record<string, () => readonly Volume[]>> = {
    zScore: by(zScore),
    percentileScale: by(percentileScale),
    whiteStripe: by(whiteStripe),
    kdeNormalize: afterPeaks,
    fcmNormalize: by(fcmNormalize),
  };
  for (const [name, normalized] of Object.entries(each)) {
    it(`have their white matter with the others after ${name}`, () => {
      const z = zOfTheTwo(normalized().map(deepWhiteMatter));
      assert.ok(
        z.every((value) => Math.abs(value) < 3),
        z.join(),
      );
    });
  }
  it('have their white matter with the others after Nyúl and after histogram matching', async () => {
    const nyul = await fitNyul(cohort);
    const matching = await fitHistogramMatching(cohort);
    for (const normalize of [
      (volume: Volume) => applyNyul(nyul, volume),
      (volume: Volume) => applyHistogramMatching(matching, volume),
    ]) {
      const z = zOfTheTwo(volumes.map((volume) => deepWhiteMatter(normalize(volume))));
      assert.ok(
        z.every((value) => Math.abs(value) < 3),
        z.join(),
      );
    }
  });
  it('show a peak of white matter, mode or shoulder, in every scan within a tenth of where it is', () => {
    for (const after of afterPeaks()) {
      const ratio = deepWhiteMatter(after);
      assert.ok(ratio > 0.9 && ratio < 1.1, `${ratio}`);
      assert.deepEqual(after.issues, []);
    }
  });

  const methods: readonly IntensityMethod[] = ['z-score', 'histogram-matching'];
  for (const method of methods) {
    it(`reach the white matter of a site by the harmonizer ${method}`, async () => {
      const harmonizer = intensityHarmonizer(method, { kind: 'volumes' });
      const model = await harmonizer.fit(cohort);
      const after = await harmonizer.apply(model, cohort, { target: 'UCLA' });
      const values: number[] = [];
      for (const scan of after.scans) values.push(deepWhiteMatter(await scan.open()));
      const { sites } = cohort.participants;
      const own = volumes.map(deepWhiteMatter).filter((_, row) => sites[row] === 'UCLA');
      const aim = own.reduce((sum, value) => sum + value) / own.length;
      assert.ok(values.every((value) => Math.abs(value / aim - 1) < 0.2));
    });
  }
});

describe('white matter of 219 brains', () => {
  it('is found within a tenth of where it is, or doubted: those whose peak noise splits or hides', async function () {
    const folder = sharedData('brains-219');
    if (folder === undefined) skipWithout(this, 'real data');
    const off: Record<string, string> = {};
    // The eight whose last peak was off or split, and three that are not. All 219: [long].
    const ids = 'HH013 NSK01 NSK26 NSK29 NSK30 NSK31 NSK36 NSK64 UCLA08 HH538 HH212'.split(' ');
    for (const id of ids) {
      const scan = await readBrain(folder, `sub-${id}`);
      const after = kdeNormalize(scan);
      const ratio = deepWhiteMatter(after);
      if (Math.abs(ratio - 1) > 0.1 || after.issues.length > 0)
        off[id] = `${ratio.toFixed(2)} ${after.issues.map(({ code }) => code).join()}`;
    }
    assert.deepEqual(off, { HH013: '1.16 doubtful-peak' });
  });

  it('is found in all of them [long]', async function () {
    const folder = sharedData('brains-219');
    if (folder === undefined) skipWithout(this, 'real data');
    const off: string[] = [];
    for (const id of readdirSync(folder).filter((name) => name.startsWith('sub-'))) {
      const after = kdeNormalize(await readBrain(folder, id));
      if (Math.abs(deepWhiteMatter(after) - 1) > 0.1 || after.issues.length > 0) off.push(id);
    }
    // HH175 has its ventricles where others have deep white matter.
    assert.deepEqual(off.sort(), ['sub-HH013', 'sub-HH175']);
  });
});
