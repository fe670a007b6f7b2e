import assert from 'node:assert/strict';
import { intensityHarmonizer } from '../../sdk/baselines/intensity-harmonizer';
import {
  intensityHarmonizerModelFromJson,
  intensityHarmonizerModelToJson,
} from '../../sdk/baselines/intensity-model-stored';
import type { FittedMethod, IntensityModel } from '../../sdk/baselines/intensity-model';
import { makeAffine } from '../../sdk/data/images/affine';
import type { ImageCohort, VolumeCohort } from '../../sdk/data/cohort';
import { makeVolumeCohort } from '../../sdk/data/cohort';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { makeVolume } from '../../sdk/data/images/volume';
import { makeRandom } from '../../sdk/math/random';
import { allMethods } from '../../sdk/methods/methods';
import { preprocess } from '../../sdk/preprocess/preprocess';
import { toImages } from '../../sdk/preprocess/to-images';
import { steps } from '../../sdk/steps';
import { rejectsWith } from '../io/rejects-with';

const looking = ['white-stripe', 'kde-mode', 'fcm'] as const;
const ids = ['a', 'b'];
/** Intensities of fluid, gray and white matter in T2w scans, whose bright fluid is not white matter. */
const tissues = [600, 350, 250];
const counts = [3000, 9000, 15_000];

/** Two scans of three tissues, white matter last. */
function cohortOf(suffix: string | undefined): VolumeCohort {
  const scans = ids.map((id, at) => {
    const random = makeRandom(at + 1);
    const data = new Float32Array(30 ** 3);
    let next = 0;
    counts.forEach((count, tissue) => {
      for (let i = 0; i < count; i++) data[next++] = tissues[tissue] + 8 * random.normal();
    });
    const grid = { shape: [30, 30, 30], affine: makeAffine([2, 2, 2]) } as const;
    const volume = makeVolume(data, grid, { mask: new Uint8Array(data.length).fill(1) });
    return { id, subject: id, suffix, open: () => Promise.resolve(volume) };
  });
  return makeVolumeCohort(
    makeParticipants(
      ids,
      ids.map(() => 'here'),
    ),
    scans,
  );
}

/** The scans as slices. */
function slicesOf(suffix: string | undefined): Promise<ImageCohort> {
  return toImages(cohortOf(suffix), { plane: 'axial', at: { every: 1 } });
}

function contrastIn({ targets }: IntensityModel): string | undefined {
  const fitted: FittedMethod = targets[0].fitted;
  return 'settings' in fitted && 'contrast' in fitted.settings ? fitted.settings.contrast : undefined;
}

describe('the contrast in which a method looks for a tissue', () => {
  for (const name of looking) {
    it(`is that of the scans, in volumes, slices and on the command line: ${name}`, async () => {
      const volumes = cohortOf('T2w');
      const images = await slicesOf('T2w');
      assert.equal(contrastIn(await intensityHarmonizer(name, { kind: 'volumes' }).fit(volumes)), 'T2w');
      assert.equal(contrastIn(await intensityHarmonizer(name, { kind: 'images' }).fit(images)), 'T2w');
      const method = allMethods().find((one) => one.name === name);
      const scans = method?.command?.scans;
      assert.ok(method !== undefined && scans !== undefined);
      // As `concord compare` makes it, without options and with one that says nothing of the contrast.
      const values = Object.fromEntries(
        Object.entries(scans.options).map(([key, { initial }]) => [key, initial]),
      );
      for (const fit of [undefined, scans.read({ ...values, ownUnit: true }).harmonizer?.fit]) {
        const harmonizer = method.harmonizers.images?.({ fit }) as Harmonizer<IntensityModel, 'images'>;
        assert.equal(contrastIn(await harmonizer.fit(images)), 'T2w');
      }
      // As `concord harmonize` fits it.
      const call = scans.read({ ...values, target: 'here' });
      const fitted = await call.fit?.(volumes, {});
      assert.equal(contrastIn(fitted as IntensityModel), 'T2w');
    });

    it(`is what was said, and T1w where nothing is known: ${name}`, async () => {
      const said = await intensityHarmonizer(name, { kind: 'volumes', contrast: 'PDw' }).fit(cohortOf('T2w'));
      assert.equal(contrastIn(said), 'PDw');
      const unknown = await intensityHarmonizer(name, { kind: 'volumes' }).fit(cohortOf(undefined));
      assert.equal(contrastIn(unknown), 'T1w');
    });

    it(`is refused where the suffix does not say it: ${name}`, async () => {
      const harmonizer = intensityHarmonizer(name, { kind: 'volumes' });
      await rejectsWith(harmonizer.fit(cohortOf('T2starw')), {
        code: 'invalid-option',
        says: ['the suffix "T2starw" does not say which tissue is bright', 'contrast: "T1w" or "T2w"'],
      });
    });
  }

  it('is that of each scan in the steps of preprocessing', async () => {
    const plan = {
      whiteStripe: steps.whiteStripe(),
      kdeNormalize: steps.kdeNormalize(),
      fcmNormalize: steps.fcmNormalize(),
    };
    for (const [name, step] of Object.entries(plan)) {
      const prepared = await preprocess(cohortOf('T2w'), [step]).scans[0].open();
      assert.equal(prepared.provenance.at(-1)?.options['contrast'], 'T2w');
      // White matter, not bright fluid, is brought to where it belongs.
      const white = prepared.data.subarray(counts[0] + counts[1]);
      const mean = white.reduce((sum, value) => sum + value, 0) / white.length;
      assert.ok(Math.abs(mean - (name === 'whiteStripe' ? 0 : 1)) < 0.1, `${name}: ${mean}`);
      await rejectsWith(preprocess(cohortOf('bold'), [step]).scans[0].open(), {
        code: 'invalid-option',
        says: ['the suffix "bold"'],
      });
    }
    const told = preprocess(cohortOf('bold'), [steps.kdeNormalize({ contrast: 'T2w' })]);
    assert.equal((await told.scans[0].open()).provenance.at(-1)?.options['contrast'], 'T2w');
  });
});

describe('a model of intensities', () => {
  for (const name of ['z-score', 'nyul', 'kde-mode'] as const) {
    it(`is not applied to scans of another contrast: ${name}`, async () => {
      const harmonizer = intensityHarmonizer(name, { kind: 'volumes' });
      const model = intensityHarmonizerModelFromJson(
        intensityHarmonizerModelToJson(await harmonizer.fit(cohortOf('T2w'))),
      );
      assert.equal(model.suffix, 'T2w');
      await rejectsWith(harmonizer.apply(model, cohortOf('T1w')), {
        code: 'invalid-option',
        says: ['was fitted on T2w scans and cannot be applied to T1w scans', 'suffix: "T2w"'],
      });
      // Another name of the same, or none, is no other contrast.
      for (const suffix of ['t2W', 'inplaneT2', undefined]) {
        assert.equal((await harmonizer.apply(model, cohortOf(suffix))).scans.length, 2);
      }
    });
  }
});
