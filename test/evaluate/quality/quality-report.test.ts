import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { VolumeCohort } from '../../../sdk/data/cohort';
import { makeVolumeCohort } from '../../../sdk/data/cohort';
import { makeParticipants } from '../../../sdk/data/people/participants';
import type { Scan } from '../../../sdk/data/images/scan';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import { qualityFigures } from '../../../sdk/evaluate/quality/quality-figures';
import { qualityReport } from '../../../sdk/evaluate/quality/quality-report';
import { intensityScales } from '../../../sdk/evaluate/quality/intensity-scales';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { makeRandom } from '../../../sdk/math/random';
import { sharedData } from '../../support/shared-data';
import { skipWithout } from '../../support/skipping';
import { tissueValues, tissueVolume } from '../../support/tissue-values';

function near(found: number | null, expected: number, tolerance: number): void {
  assert.ok(found !== null && Math.abs(found - expected) <= tolerance, `${found} is not ${expected}`);
}

function cohortOf(volumes: readonly (Volume | Error)[], more: Partial<Scan> = {}): VolumeCohort {
  const ids = volumes.map((_, i) => `s${i}`);
  const scans = volumes.map((volume, i) => ({
    id: ids[i],
    subject: ids[i],
    open: () => (volume instanceof Error ? Promise.reject(volume) : Promise.resolve(volume)),
    ...more,
  }));
  return makeVolumeCohort(
    makeParticipants(
      ids,
      ids.map(() => 'a'),
    ),
    scans,
  );
}

/** Seven scans that differ a little, and those given. */
function severalScans(...more: readonly (Volume | Error)[]): VolumeCohort {
  const usual = [0, 1, 2, 3, 4, 5, 6].map((i) =>
    tissueVolume(tissueValues(4001 + 13 * i).map((value) => (1 + 0.01 * i) * value)),
  );
  return cohortOf([...usual, ...more]);
}

describe('a site on several scales of intensity', () => {
  const scaled = (by: number): readonly Volume[] =>
    [0, 1, 2, 3].map((i) =>
      tissueVolume(tissueValues(4001 + 13 * i).map((value) => by * (1 + 0.01 * i) * value)),
    );

  it('is said to be one, with the scans that differ from most; none of them stands apart for it', async () => {
    const { issues, scans } = await qualityReport(severalScans(...scaled(2.9)));
    const [own] = issues.filter(({ code }) => code === 'several-scales');
    assert.match(
      own.message,
      /^the scans of site "a" are on 2 scales of intensity: the white matter of 4 \("s7", "s8", "s9", "s10"\) is 2\.9 times as bright as that of the other 7$/,
    );
    assert.deepEqual(
      scans.map(({ outlying }) => outlying),
      scans.map(() => ''),
    );
  });

  it('is found in the brains of HH, where the scanner was changed early in the study [long]', async function () {
    const folder = sharedData('brains-219');
    if (folder === undefined) skipWithout(this, 'real data');
    const { issues, scans } = await qualityReport(await loadBids(folder));
    const found = issues.filter(({ code }) => code === 'several-scales');
    assert.deepEqual(
      found.map(({ where }) => where.site),
      ['HH'],
    );
    // SOURCES: 15 of these 152 scans, all up to IXI094 but IXI072, 079 and 092.
    assert.match(
      found[0].message,
      /white matter of 15 \(.* and 7 more\) is \d\.\d times as bright .* the other 137$/,
    );
    const byIntensity = scans.filter(({ outlying }) => /Peak/.test(outlying));
    assert.ok(
      byIntensity.length < 10,
      byIntensity.map(({ scan, outlying }) => `${scan} ${outlying}`).join('\n'),
    );
  });

  it('is not seen in scans of one scale, however much they differ', () => {
    const random = makeRandom(4);
    for (let study = 0; study < 200; study++) {
      const scans = Array.from({ length: 5 + (study % 60) }, () => ({
        whitePeak: 100 * Math.exp(0.3 * random.normal()),
      }));
      const sites = scans.map(() => 'a');
      assert.deepEqual(intensityScales(scans, sites), [], `study ${study}`);
    }
  });
});

describe('qualityFigures', () => {
  it('has the SNR and CNR that numpy 2.4.6 has in the classes of scikit-fuzzy 0.5.0', () => {
    const found = qualityFigures(tissueVolume(tissueValues(4000)), 'T1w');
    near(found.snrFluid, 3.140977827208322, 1e-3);
    near(found.snrGray, 8.947918072737279, 1e-3);
    near(found.snrWhite, 22.495084828419508, 1e-3);
    near(found.cnr, 4.3507195636289095, 1e-3);
    near(found.whitePeak, 110.78661603784153, 0.01);
    near(found.grayPeak, 71.37994412883796, 0.01);
    near(found.contrast, 0.21632220465132068, 1e-4);
    near(found.entropyFocus, 0.7204823743728328, 1e-6);
    assert.equal(found.airSd, 0);
  });
  it('knows that white matter is dark in T2w, and does not guess at other contrasts', () => {
    const dark = qualityFigures(tissueVolume(tissueValues(4000)), 'T2w');
    near(dark.snrWhite, 3.140977827208322, 1e-3);
    near(dark.cnr, 4.1337316546760015, 1e-3);
    const other = qualityFigures(tissueVolume(tissueValues(4000)), 'bold');
    assert.deepEqual([other.snrWhite, other.cnr, other.whitePeak], [null, null, null]);
    near(other.maskVolume, 32, 1e-9);
  });
  it('measures the mask in millilitres and how much of it the grid cuts off', () => {
    const data = new Float32Array(1000).fill(1);
    const mask = new Uint8Array(1000);
    const grid = { shape: [10, 10, 10], affine: makeAffine([2, 2, 5]) } as const;
    for (let k = 0; k < 6; k++) mask[5 + 10 * (5 + 10 * k)] = 1;
    const { maskVolume, cutOff } = qualityFigures(makeVolume(data, grid, { mask }), 'bold');
    near(maskVolume, 0.12, 1e-12);
    near(cutOff, 1 / 6, 1e-12);
  });
  it('has entropy focus 1 of even energy and 0 of a single voxel', () => {
    const grid = { shape: [5, 5, 4], affine: makeAffine([1, 1, 1]) } as const;
    near(qualityFigures(makeVolume(new Float32Array(100).fill(3), grid), 'T1w').entropyFocus, 1, 1e-6);
    const point = new Float32Array(100);
    point[7] = 9;
    near(qualityFigures(makeVolume(point, grid), 'T1w').entropyFocus, 0, 1e-9);
  });
  it('takes the noise from the corners, outside the mask', () => {
    const grid = { shape: [16, 16, 16], affine: makeAffine([1, 1, 1]) } as const;
    const data = Float32Array.from({ length: 4096 }, (_, i) => (i % 2 === 0 ? 4 : 6));
    // 64 corner voxels, half of them 4 and half 6: a sample variance of 64 / 63.
    near(qualityFigures(makeVolume(data, grid), 'T1w').airSd, Math.sqrt(64 / 63), 1e-9);
    const loud = Float32Array.from(data);
    loud[0] = 500;
    const mask = Uint8Array.from({ length: 4096 }, (_, i) => (i < 2 ? 1 : 0));
    near(qualityFigures(makeVolume(loud, grid, { mask }), 'bold').airSd, Math.sqrt(62 / 61), 1e-9);
  });
});

describe('qualityReport', () => {
  it('gives a row per scan, in plain numbers and words', async () => {
    const report = await qualityReport(severalScans());
    assert.equal(report.scans.length, 7);
    const [row] = report.scans;
    assert.equal(row.scan, 's0');
    assert.equal(row.suffix, 'T1w');
    assert.equal(row.voxels, '12 × 12 × 43');
    assert.equal(row.spacing, '2 × 2 × 2');
    assert.equal(row.outlying, '');
    assert.ok(Object.values(row).every((value) => typeof value !== 'object'));
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });
  it('names the scan that is scaled unlike the others, and its figures', async () => {
    const scaled = tissueVolume(tissueValues(4050).map((value) => 2.7 * value));
    const report = await qualityReport(severalScans(scaled));
    assert.deepEqual(
      report.scans.map(({ outlying }) => outlying),
      ['', '', '', '', '', '', '', 'whitePeak, grayPeak'],
    );
    const [issue] = report.issues;
    assert.equal(issue.code, 'outlying-scan');
    assert.deepEqual(issue.where, { subject: 's7', site: 'a' });
    assert.match(issue.message, /^s7: whitePeak 299\.\d is \d+\.\d robust deviations above the median 11\d/);
    const lenient = await qualityReport(severalScans(scaled), { threshold: 1000 });
    assert.deepEqual(lenient.issues, []);
  });
  it('judges T1w scans by T1w scans, whatever else the site has measured', async () => {
    const scaled = tissueVolume(tissueValues(4050).map((value) => 2.7 * value));
    const others = [0, 1, 2, 3, 4, 5, 6].map((i) =>
      tissueVolume(tissueValues(4101 + i).map((value) => (4 + 0.02 * i) * value)),
    );
    const mixed = severalScans(scaled, ...others);
    const scans = mixed.scans.map((scan, row) => ({ ...scan, suffix: row < 8 ? 'T1w' : 'T2w' }));
    const report = await qualityReport(makeVolumeCohort(mixed.participants, scans));
    // Among both kinds its gray peak would be the median.
    assert.equal(report.scans[7].outlying, 'whitePeak, grayPeak');
    assert.deepEqual(
      report.scans.filter(({ outlying }) => /Peak/.test(outlying)).map(({ scan }) => scan),
      ['s7'],
    );
  });
  it('names a scan on another grid and a brain that is cut off', async () => {
    const usual = tissueVolume(tissueValues(4030));
    const finer = makeVolume(
      usual.data,
      { shape: usual.shape, affine: makeAffine([1, 1, 1]) },
      { mask: usual.mask },
    );
    const mask = Uint8Array.from(usual.mask ?? []).fill(1, 0, 144);
    const cut = makeVolume(usual.data, usual, { mask });
    const { scans, issues } = await qualityReport(severalScans(finer, cut));
    assert.match(scans[7].outlying, /grid/);
    assert.match(scans[8].outlying, /cutOff/);
    const messages = issues.map(({ message }) => message).join('\n');
    assert.match(
      messages,
      /s7: 12 × 12 × 43 voxels of 1 × 1 × 1 mm, where most scans of site "a" have 12 × 12 × 43/,
    );
    assert.match(messages, /s8: 3\.4% of the brain mask is at the edge of the image/);
  });
  it('goes on without a mask, and past a scan that cannot be had', async () => {
    const { data, shape, affine } = tissueVolume(tissueValues(4004));
    const bare = makeVolume(data, { shape, affine });
    const broken = new ConcordError('malformed-image', 's8.nii.gz: the file is truncated');
    const { scans, issues } = await qualityReport(severalScans(bare, broken));
    assert.equal(scans.length, 8);
    assert.equal(scans[7].maskVolume, null);
    assert.equal(scans[7].snrWhite, null);
    assert.ok(scans[7].entropyFocus > 0);
    assert.deepEqual(
      issues.map(({ code, where }) => [code, where.subject]),
      [
        ['unusable-scan', 's8'],
        ['incomplete-quality', 's7'],
      ],
    );
    await assert.rejects(qualityReport(severalScans(broken), { strict: true }), {
      code: 'malformed-image',
    });
  });
  it('reports a scan without tissue contrast as not usable', async () => {
    const flat = tissueVolume(new Float64Array(4000).fill(5));
    const { scans, issues } = await qualityReport(severalScans(flat));
    assert.equal(scans.length, 7);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['unusable-scan'],
    );
  });
  it('does not judge a site of two, says what other contrasts lack, refuses nonsense, can be cancelled', async () => {
    const pair = [1, 9].map((gain) => tissueVolume(tissueValues(4000).map((value) => gain * value)));
    assert.deepEqual((await qualityReport(cohortOf(pair))).issues, []);
    const { issues } = await qualityReport(cohortOf(pair, { suffix: 'FLAIR' }));
    assert.match(issues[0].message, /^s0: tissues of FLAIR cannot be separated$/);
    await assert.rejects(qualityReport(cohortOf(pair), { threshold: 0 }), { code: 'invalid-option' });
    const signal = AbortSignal.abort();
    await assert.rejects(qualityReport(cohortOf(pair), { signal }), { code: 'aborted' });
  });
});
