import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { intensityHarmonizer } from '../../../sdk/baselines/intensity-harmonizer';
import type { VolumeCohort } from '../../../sdk/data/cohort';
import { makeVolumeCohort } from '../../../sdk/data/cohort';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import type { Issue } from '../../../sdk/data/issue';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { writeBids } from '../../../sdk/io/bids/written/write-bids';
import { streamVolumes } from '../../../sdk/math/images/stream-volumes';
import { makeRandom } from '../../../sdk/math/random';
import { preprocess } from '../../../sdk/preprocess/preprocess';
import { steps } from '../../../sdk/steps';
import { temporaryFolder } from '../../support/temporary-folder';

const size = 16;

/** A ball that gets darker from its middle to its rim, with noise. */
function fading(seed: number, change: (value: number) => number): Volume {
  const random = makeRandom(seed);
  const data = new Float32Array(size ** 3);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
    const radius = Math.hypot(...at.map((position) => position - (size - 1) / 2));
    mask[i] = radius < 7 ? 1 : 0;
    data[i] = radius < 7 ? change(900 - 85 * radius + 60 * random.normal()) : 0;
  }
  return makeVolume(data, { shape: [size, size, size], affine: makeAffine([5, 5, 5]) }, { mask });
}

/** Eight scans of two sites: s2 is a copy of s1, s5 inverted, s6 a z-score; `good` has none of this. */
function scansOf(faulty: boolean): VolumeCohort {
  const ids = Array.from({ length: 8 }, (_, row) => `s${row}`);
  const changes: Readonly<Record<number, (value: number) => number>> = {
    5: (value) => 2000 - value,
    6: (value) => (value - 500) / 150,
  };
  const scans = ids.map((id, row) => ({
    ...{ id, subject: id, suffix: 'T1w' },
    open: () =>
      Promise.resolve(
        fading(faulty && row === 2 ? 1 : row, (faulty ? changes[row] : undefined) ?? ((value) => value)),
      ),
  }));
  return makeVolumeCohort(
    makeParticipants(
      ids,
      ids.map((_, row) => (row < 4 ? 'A' : 'B')),
    ),
    scans,
  );
}

function unlike(issues: readonly Issue[]): readonly string[] {
  return issues
    .filter(({ code }) => ['same-values', 'other-contrast', 'normalized-before', 'label-map'].includes(code))
    .map(({ code, where }) => `${code} ${where.subject}`);
}

const faults = ['same-values s2', 'other-contrast s5', 'normalized-before s6'];

describe('streaming volumes', () => {
  const folder = temporaryFolder();

  it('compares the scans with each other', async () => {
    assert.deepEqual(unlike((await streamVolumes(scansOf(true), () => undefined)).issues), faults);
    assert.deepEqual(unlike((await streamVolumes(scansOf(false), () => undefined)).issues), []);
  });

  it('compares scans as they were before steps and a stored model changed them', async () => {
    const prepared = preprocess(scansOf(true), [steps.zScore()]);
    assert.deepEqual(unlike((await streamVolumes(prepared, () => undefined)).issues), faults);
    const harmonizer = intensityHarmonizer('nyul', { kind: 'volumes' });
    const model = await harmonizer.fit(scansOf(false), {});
    for (const [cohort, expected] of [[scansOf(true), faults] as const, [scansOf(false), []] as const]) {
      const after = await harmonizer.apply(model, cohort, { target: 'A' });
      assert.deepEqual(unlike((await streamVolumes(after, () => undefined)).issues), expected);
    }
  });

  it('has marks in the sidecars of what is written, so that scans of earlier runs are compared, too', async () => {
    const root = folder.path('written');
    const after = preprocess(scansOf(true), [steps.zScore()]);
    assert.deepEqual(unlike((await writeBids(after, root, { desc: 'z' })).issues), faults);
    rmSync(join(root, 'sub-s6/anat/sub-s6_desc-z_T1w.json'));
    const again = await writeBids(after, root, { desc: 'z', resume: true });
    assert.equal(again.kept.length, 7);
    assert.deepEqual(unlike(again.issues), faults);
  });

  it('is the way to every scan, but where it is said why not', () => {
    // Who opens scans otherwise, and where they are compared instead.
    const others: Readonly<Record<string, string>> = {
      'baselines/intensity-harmonizer.ts': 'makes scans, which keep the mark',
      'cli/scans/draw-scans.ts': 'draws what was compared while it was written',
      'evaluate/images/image-source.ts': 'cuts pictures for audits, which compare sites',
      'io/bids/check-images.ts': 'opens one at a time to see whether it can be read',
      'io/bids/written/write-scans.ts': 'write-dataset compares all scans of the dataset, by their sidecars',
      'io/volumes/check-scans.ts': 'opens one at a time to see whether it can be read',
      'math/images/stream-volumes.ts': 'is the way itself',
      'methods/harmonize-volumes.ts': 'makes scans, which keep the mark',
      'plot/plot-intensities.ts': 'a picture, which has no issues',
      'preprocess/preprocess.ts': 'makes scans, which keep the mark',
      'preprocess/slices/cut-alike.ts': 'opens pairs, and compares them',
      'preprocess/slices/replace-slices.ts': 'makes scans, which keep the mark',
      'preprocess/volume-source.ts': 'opens again what it has compared',
      'report/scan-pictures.ts': 'draws a few of those that were compared',
      'report/scan-quality.ts': 'compares them with those that were measured before',
    };
    const opening = /streamUncompared\(|(scan|usable)\.open\(|scans\[[^\]]+\]\.open\(/;
    const found = readdirSync('sdk', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/^(dist|node_modules)\b|\.d\.ts$/.test(name))
      .filter((name) =>
        // Examples in comments open scans, too.
        opening.test(readFileSync(join('sdk', name), 'utf8').replace(/^ *\*.*$/gm, '')),
      );
    assert.deepEqual(found.sort(), Object.keys(others));
  });
});
