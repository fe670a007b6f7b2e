import assert from 'node:assert/strict';
import { scannerPreset } from '../../../sdk/simulate/phantom/scanner/scanner-presets';
import { simulateVolumeCohort } from '../../../sdk/simulate/phantom/simulate-volume-cohort';

const coarse = { spacing: 6 } as const;

describe('simulateVolumeCohort', () => {
  it('names scans, people and sites, and says what each was scanned with', () => {
    const { cohort, truth } = simulateVolumeCohort({
      ...coarse,
      scanners: 'abcd-like',
      subjects: 2,
      traveling: true,
    });
    assert.equal(cohort.scans.length, 12);
    assert.equal(truth.people.length, 2);
    assert.deepEqual(cohort.participants.ids.slice(0, 3), [
      'P001_ses-GE_T1w',
      'P001_ses-GE_T2w',
      'P001_ses-Philips_T1w',
    ]);
    const [first] = cohort.scans;
    assert.equal(first.subject, 'P001');
    assert.equal(first.session, 'GE');
    assert.equal(first.suffix, 'T1w');
    assert.equal(first.scanner?.manufacturer, 'GE');
    assert.equal(first.scanner?.inversionTime, 1.06);
    assert.deepEqual([...new Set(cohort.participants.sites)], ['GE', 'Philips', 'Siemens']);
  });

  it('scans the same brain at every site when it travels', async () => {
    const [one] = scannerPreset('seven-site');
    const like = { ...one, biasStrength: 0, distortion: 0 };
    const scanners = [like, { ...like, site: 'twin' }];
    const { cohort, truth } = simulateVolumeCohort({ ...coarse, scanners, subjects: 2, traveling: true });
    const [a, b, c] = await Promise.all([0, 1, 2].map((row) => truth.noiseFree.scans[row].open()));
    assert.deepEqual(a.data, b.data);
    assert.notDeepEqual(a.data, c.data);
    const [x, y] = await Promise.all([0, 1].map((row) => cohort.scans[row].open()));
    assert.notDeepEqual(x.data, y.data);
  });

  it('makes a scan the same whenever it is opened, and whoever else is in the cohort', async () => {
    const few = simulateVolumeCohort({ ...coarse, subjects: 2, traveling: true }).cohort;
    const many = simulateVolumeCohort({ ...coarse, subjects: 5, traveling: true }).cohort;
    const late = await few.scans[9].open();
    const early = await few.scans[0].open();
    assert.deepEqual((await many.scans[0].open()).data, early.data);
    assert.deepEqual((await many.scans[9].open()).data, late.data);
  });

  it('makes other people for other sites unless they travel', () => {
    const { cohort } = simulateVolumeCohort({ ...coarse, subjects: 3 });
    assert.equal(new Set(cohort.scans.map((scan) => scan.subject)).size, 21);
  });

  it('scans twice for test and retest: the same brain in other noise', async () => {
    const { cohort, truth } = simulateVolumeCohort({ ...coarse, subjects: 1, testRetest: true });
    assert.equal(cohort.scans.length, 14);
    assert.deepEqual(cohort.participants.ids.slice(0, 2), ['P001_ses-siteA_run-1', 'P001_ses-siteA_run-2']);
    const test = await cohort.scans[0].open();
    const retest = await cohort.scans[1].open();
    const still = await truth.noiseFree.scans[0].open();
    let apart = 0;
    let count = 0;
    test.data.forEach((value, at) => {
      if (test.mask?.[at] !== 1 || still.data[at] < 300) return;
      apart += (value - retest.data[at]) ** 2;
      count++;
    });
    // Each has noise of standard deviation 500 / 30; the head lies a little differently in the coil.
    const floor = Math.sqrt(apart / count);
    assert.ok(floor > (Math.SQRT2 * 500) / 30 - 1 && floor < 40, `${floor}`);
  });

  it('makes sites differ in age when asked', () => {
    const { cohort } = simulateVolumeCohort({ ...coarse, subjects: 20, ageConfounding: 1 });
    const [age] = cohort.participants.covariates;
    assert.equal(age.kind, 'continuous');
    const ages = age.kind === 'continuous' ? age.values : new Float64Array();
    assert.ok(Math.max(...ages.subarray(0, 20)) <= Math.min(...ages.subarray(120)));
  });

  it('tells the bias field and the tissues of everyone', async () => {
    const { truth } = simulateVolumeCohort({ ...coarse, subjects: 1, traveling: true });
    const field = await truth.biasFields.scans[0].open();
    assert.ok(field.data.every((value) => value > 0.3 && value < 3));
    const phantom = await truth.phantom(truth.people[0]);
    assert.equal(phantom.traits.age, truth.people[0].traits.age);
    assert.deepEqual(phantom.traits, truth.people[0].traits);
  });

  it('refuses what cannot be', () => {
    const code = { code: 'invalid-option' };
    assert.throws(() => simulateVolumeCohort({ subjects: 0 }), code);
    assert.throws(() => simulateVolumeCohort({ scanners: [] }), code);
    assert.throws(() => simulateVolumeCohort({ ageRange: [50, 40] }), code);
    assert.throws(() => simulateVolumeCohort({ traveling: true, ageConfounding: 0.5 }), code);
  });
});
