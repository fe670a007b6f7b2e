import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { intensityHarmonizer } from '../../../../sdk/baselines/intensity-harmonizer';
import type { VolumeCohort } from '../../../../sdk/data/cohort';
import { makeVolumeCohort, takeSubjects, withImages } from '../../../../sdk/data/cohort';
import type { Covariate } from '../../../../sdk/data/people/covariate';
import { categorical, continuous } from '../../../../sdk/data/people/covariate';
import { makeImageSet } from '../../../../sdk/data/images/image-set';
import { makeParticipants } from '../../../../sdk/data/people/participants';
import { provenanceStep } from '../../../../sdk/data/provenance';
import type { Progress } from '../../../../sdk/data/run-options';
import type { Scan } from '../../../../sdk/data/images/scan';
import type { Volume } from '../../../../sdk/data/images/volume';
import { withVolume } from '../../../../sdk/data/images/volume';
import { ConcordError } from '../../../../sdk/errors';
import { loadBids } from '../../../../sdk/io/bids/load-bids';
import { writeBids } from '../../../../sdk/io/bids/written/write-bids';
import { loadVolumes } from '../../../../sdk/io/volumes/load-volumes';
import { writeVolume } from '../../../../sdk/io/volumes/write-volume';
import { preprocess } from '../../../../sdk/preprocess/preprocess';
import { replaceSlices } from '../../../../sdk/preprocess/slices/replace-slices';
import { toImages } from '../../../../sdk/preprocess/to-images';
import { gainedScans } from '../../../support/gained-scans';
import { sharedData } from '../../../support/shared-data';
import { temporaryFolder } from '../../../support/temporary-folder';
import { rejectsWith } from '../../rejects-with';
import { rawDescription, tinyMask, tinyVolume, writeFiles } from '../tiny-dataset';
import { skipWithout } from '../../../support/skipping';

/** A scan that is made, not read. */
function madeScan(id: string, more: Partial<Scan> = {}): Scan {
  return { id, subject: id, suffix: 'T1w', open: () => Promise.resolve(tinyVolume()), ...more };
}

function cohortOf(
  scans: readonly Scan[],
  sites: readonly string[],
  covariates: readonly Covariate[] = [],
): VolumeCohort {
  return makeVolumeCohort(
    makeParticipants(
      scans.map(({ id }) => id),
      sites,
      covariates,
    ),
    scans,
    { provenance: [provenanceStep('simulate', {}, 1)] },
  );
}

/** A pipeline of one step that counts how often it runs. */
function adding(
  cohort: VolumeCohort,
  amount: number,
): { readonly cohort: VolumeCohort; readonly runs: () => number } {
  let runs = 0;
  const run = (volume: Volume): Volume => {
    runs++;
    const data = volume.data.map((value) => (value === 0 ? 0 : value + amount));
    const mask = Uint8Array.from(volume.data, (value) => (value === 0 ? 0 : 1));
    return withVolume(volume, { data, mask }, provenanceStep('add', { amount }));
  };
  return { cohort: preprocess(cohort, [{ name: 'add', options: { amount }, run }]), runs: () => runs };
}

const json = (...path: readonly string[]): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(...path), 'utf8')) as Readonly<Record<string, unknown>>;
const text = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');

describe('writeBids', () => {
  const folder = temporaryFolder();
  let count = 0;
  const fresh = (): string => folder.path(`written${count++}`);
  const raw = (): Promise<string> =>
    writeFiles(fresh(), {
      'dataset_description.json': { ...rawDescription, DatasetDOI: 'doi:10.1234/five' },
      'participants.tsv': [
        ['participant_id', 'site', 'age', 'sex'],
        ['sub-01', 'A', '30.25', 'F'],
        ['sub-02', 'B · C', 'n/a', 'M'],
      ],
      'participants.json': { age: { Units: 'years' } },
      'T1w.json': { Manufacturer: 'GE', MagneticFieldStrength: 3, RepetitionTime: 2.3, EchoTime: 0.003 },
      'sub-01/ses-1/anat/sub-01_ses-1_acq-x_run-1_T1w.nii.gz': tinyVolume(1),
      'sub-02/ses-1/anat/sub-02_ses-1_acq-x_run-1_T1w.nii.gz': tinyVolume(2),
    });

  it('writes a derivative that loads as it was', async () => {
    const source = await raw();
    const root = join(source, 'derivatives', 'concord');
    const loaded = await loadBids(source);
    const { cohort } = adding(loaded, 10);
    const written = await writeBids(cohort, root);
    const image = 'sub-01/ses-1/anat/sub-01_ses-1_acq-x_run-1_desc-harmonized_T1w.nii.gz';
    assert.ok(written.files.includes(image), written.files.join('\n'));
    for (const file of written.files) assert.ok(existsSync(join(root, file)), file);
    assert.deepEqual(written.issues, []);

    const description = json(root, 'dataset_description.json');
    assert.equal(description['DatasetType'], 'derivative');
    assert.equal((description['GeneratedBy'] as { Name: string }[])[0].Name, 'concord-mri');
    assert.deepEqual(description['DatasetLinks'], { raw: '../..' });
    assert.deepEqual(description['SourceDatasets'], [{ DOI: 'doi:10.1234/five' }]);
    const sidecar = json(root, image.replace('.nii.gz', '.json'));
    assert.deepEqual(sidecar['Sources'], ['bids:raw:sub-01/ses-1/anat/sub-01_ses-1_acq-x_run-1_T1w.nii.gz']);
    assert.equal(sidecar['SkullStripped'], true);
    assert.equal(sidecar['RepetitionTime'], 2.3);
    const steps = sidecar['Provenance'] as { step: string; options: unknown }[];
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['readVolume', 'add'],
    );
    assert.deepEqual(steps[1].options, { amount: 10 });

    const again = await loadBids(root);
    assert.deepEqual(again.participants, loaded.participants);
    const about = ({ id, subject, session, run, suffix, scanner }: Scan): unknown => ({
      id,
      subject,
      session,
      run,
      suffix,
      scanner,
    });
    assert.deepEqual(again.scans.map(about), loaded.scans.map(about));
    assert.deepEqual(again.issues, []);
    const volumes = [await again.scans[1].open(), await written.cohort.scans[1].open()];
    for (const { data, mask } of volumes) {
      assert.equal(data[6], 12);
      assert.deepEqual(mask, Uint8Array.from(tinyMask().data));
    }
    assert.deepEqual(written.cohort.participants, loaded.participants);
    const machine = written.files
      .filter((file) => /\.(json|tsv|md)$/.test(file))
      .map((file) => text(root, file));
    assert.ok(!machine.join('').includes(source), 'no folder of this machine');
  });

  it('tells the sites and sessions of travelling subjects', async () => {
    const scans = ['A', 'B'].flatMap((site) =>
      ['p1', 'p2'].map((subject, at) =>
        madeScan(`${subject}@${site}`, {
          subject,
          scanner: { model: `scanner ${site}` },
          open: () => Promise.resolve(tinyVolume(at + (site === 'A' ? 10 : 20))),
        }),
      ),
    );
    const alone = madeScan('p3', { session: 'ses-late' });
    const cohort = cohortOf(
      [...scans, alone],
      ['A', 'A', 'B 2', 'B 2', 'A'],
      [continuous('age', [30, 40, 31, 40, 50], 'years'), categorical('sex', ['F', 'M', 'F', 'M', 'M'])],
    );
    const root = fresh();
    const written = await writeBids(cohort, root, { raw: true });
    assert.ok(written.files.includes('sub-p1/ses-B2/anat/sub-p1_ses-B2_T1w.nii.gz'));
    assert.equal(
      text(root, 'participants.tsv'),
      'participant_id\tsite\tage\tsex\nsub-p1\tn/a\tn/a\tF\nsub-p2\tn/a\t40\tM\nsub-p3\tA\t50\tM\n',
    );
    assert.equal(
      text(root, 'sub-p1/sub-p1_sessions.tsv'),
      'session_id\tsite\tage\nses-A\tA\t30\nses-B2\tB 2\t31\n',
    );
    const loaded = await loadBids(root);
    assert.deepEqual(loaded.participants.ids, [
      ...['sub-p1_ses-A', 'sub-p1_ses-B2', 'sub-p2_ses-A', 'sub-p2_ses-B2', 'sub-p3_ses-late'],
    ]);
    assert.deepEqual(loaded.participants.sites, ['A', 'B 2', 'A', 'B 2', 'A']);
    const [age, sex] = loaded.participants.covariates;
    assert.deepEqual(age.kind === 'continuous' && [age.unit, ...age.values], ['years', 30, 31, 40, 40, 50]);
    assert.deepEqual(sex.kind === 'categorical' && [...sex.codes], [0, 0, 1, 1, 1]);
    assert.deepEqual(loaded.scans[1].scanner, { model: 'scanner B' });
    assert.equal((await loaded.scans[1].open()).data[6], 20);
    assert.equal(json(root, 'dataset_description.json')['DatasetType'], 'raw');
    assert.deepEqual(
      loaded.scans.map(({ subject }) => subject),
      ['sub-p1', 'sub-p1', 'sub-p2', 'sub-p2', 'sub-p3'],
    );
  });

  it('makes labels of names, and keeps the names', async () => {
    const root = fresh();
    await writeBids(cohortOf([madeScan('IXI002-Guys-0828'), madeScan('sub-x')], ['A', 'B']), root);
    assert.equal(
      text(root, 'participants.tsv'),
      'participant_id\tsite\tsource_id\nsub-IXI002Guys0828\tA\tIXI002-Guys-0828\nsub-x\tB\tsub-x\n',
    );
    const loaded = await loadBids(root);
    assert.deepEqual(loaded.participants.ids, ['sub-IXI002Guys0828', 'sub-x']);
    assert.deepEqual(loaded.participants.covariates, []);
  });

  it('refuses what would collide or not read back', async () => {
    const refused = (
      cohort: VolumeCohort,
      says: readonly string[],
      options: Parameters<typeof writeBids>[2] = {},
    ): Promise<void> => rejectsWith(writeBids(cohort, fresh(), options), { code: 'invalid-option', says });
    await refused(cohortOf([madeScan('a-1'), madeScan('a1')], ['A', 'A']), [
      'subjects "a-1" and "a1"',
      'same BIDS label',
    ]);
    await refused(cohortOf([madeScan('1', { subject: 'p' }), madeScan('2', { subject: 'p' })], ['A', 'A']), [
      ...['scans "1" and "2"', 'sub-p/anat/sub-p_desc-harmonized_T1w.nii.gz'],
    ]);
    await refused(cohortOf([madeScan('--')], ['A']), ['neither letters nor digits']);
    const twice = ['1', '2'].map((run) => madeScan(run, { subject: 'p', session: 's', run }));
    await refused(cohortOf(twice, ['A', 'A'], [continuous('age', [30, 31])]), [
      'age differs between scans "1" and "2"',
    ]);
    await refused(cohortOf([madeScan('a')], ['NA']), ['"NA" marks a missing value']);
    await refused(cohortOf([madeScan('a')], ['A'], [continuous('source_id', [1])]), ['source_id']);
    await refused(cohortOf([madeScan('a')], ['A']), ['invalid desc: "my-desc"'], { desc: 'my-desc' });
    await refused(cohortOf([madeScan('a')], ['A']), ['a raw dataset has no space'], {
      raw: true,
      space: 'MNI',
    });
    const unnamed: Scan = { id: 'a', subject: 'a', open: () => Promise.resolve(tinyVolume()) };
    await rejectsWith(writeBids(cohortOf([unnamed], ['A']), fresh()), {
      code: 'missing-value',
      says: ['suffix: "T1w"'],
    });
    const root = fresh();
    await writeBids(cohortOf([unnamed], ['A']), root, { suffix: 'T2w', space: 'MNI152' });
    assert.ok(existsSync(join(root, 'sub-a/anat/sub-a_space-MNI152_desc-harmonized_T2w.nii.gz')));
  });

  it('never writes into its source, nor over what it did not write', async () => {
    const source = await raw();
    const cohort = await loadBids(source);
    await rejectsWith(writeBids(cohort, source, { overwrite: true }), {
      code: 'invalid-option',
      says: ['sources are never written into'],
    });
    const taken = await writeFiles(fresh(), { 'notes.txt': 'mine' });
    await rejectsWith(writeBids(cohort, taken, { overwrite: true }), {
      code: 'file-exists',
      says: ['is not empty'],
    });
    assert.deepEqual(readdirSync(taken), ['notes.txt']);
    const root = fresh();
    await writeBids(cohort, root);
    await rejectsWith(writeBids(cohort, root), {
      code: 'file-exists',
      says: ['resume: true', 'overwrite: true'],
    });
    await rejectsWith(writeBids(cohort, root, { raw: true, resume: true }), {
      code: 'invalid-option',
      says: ['of type "derivative"'],
    });
    const { cohort: other } = adding(cohort, 5);
    await rejectsWith(writeBids(other, root, { resume: true }), {
      code: 'file-exists',
      says: ['made by other steps'],
    });
    await writeBids(other, root, { overwrite: true });
    assert.equal((await (await loadBids(root)).scans[0].open()).data[6], 6);
    const both = { resume: true, overwrite: true };
    assert.equal((await writeBids(adding(cohort, 5).cohort, root, both)).kept.length, 2);
    assert.deepEqual((await writeBids(adding(cohort, 7).cohort, root, both)).kept, []);
    assert.equal((await (await loadBids(root)).scans[0].open()).data[6], 8);
  });

  it('keeps nothing that another harmonizer model made', async () => {
    const cohort = gainedScans();
    const harmonizer = intensityHarmonizer('histogram-matching', { kind: 'volumes' });
    const fittedOn = async (...rows: readonly number[]): Promise<VolumeCohort> =>
      harmonizer.apply(await harmonizer.fit(takeSubjects(cohort, rows)), cohort);
    const root = fresh();
    const options = { suffix: 'T1w', resume: true };
    await writeBids(await fittedOn(0, 1), root, options);
    assert.equal((await writeBids(await fittedOn(0, 1), root, options)).kept.length, 4);
    await rejectsWith(writeBids(await fittedOn(2, 3), root, options), {
      code: 'file-exists',
      says: ['made by other steps'],
    });
  });

  it('keeps a scan whose slices are the same, whatever those of others are', async () => {
    const cohort = cohortOf([madeScan('a'), madeScan('b')], ['A', 'B']);
    const cut = await toImages(cohort);
    const { data, shape, slices } = cut.images;
    const brighter = (amount: number): VolumeCohort => {
      const changed = data.map((value, at) => (at < data.length / 2 ? value + 1 : value + amount));
      const images = makeImageSet(changed, shape, { slices });
      return replaceSlices(cohort, withImages(cut, images, provenanceStep('harmonize', {})));
    };
    const root = fresh();
    await writeBids(brighter(1), root, { resume: true });
    assert.equal((await writeBids(brighter(1), root, { resume: true })).kept.length, 2);
    await rejectsWith(writeBids(brighter(2), root, { resume: true }), {
      code: 'file-exists',
      says: ['sub-b'],
    });
    assert.equal((await writeBids(brighter(2), root, { resume: true, overwrite: true })).kept.length, 1);
  });

  it('keeps nothing whose file or mask was replaced, be it by one of the same size', async () => {
    const mask = tinyMask();
    const corrected = { ...mask, data: mask.data.map((value, at) => (at === 6 ? 0 : value)) };
    const name = 'sub-01/anat/sub-01';
    const source = await writeFiles(fresh(), {
      'dataset_description.json': rawDescription,
      'participants.tsv': [
        ['participant_id', 'site'],
        ['sub-01', 'A'],
      ],
      [`${name}_T1w.nii`]: tinyVolume(1),
      [`${name}_desc-brain_mask.nii`]: mask,
    });
    const [image, own] = ['T1w', 'desc-brain_mask'].map((what) => join(source, `${name}_${what}.nii`));
    const bids = (): Promise<VolumeCohort> => loadBids(source);
    const files = (): Promise<VolumeCohort> =>
      loadVolumes([{ id: '01', site: 'A', file: image, mask: own, suffix: 'T1w' }]);
    for (const load of [bids, files]) {
      const root = fresh();
      const refused = async (): Promise<void> =>
        rejectsWith(writeBids(await load(), root, { resume: true }), {
          code: 'file-exists',
          says: ['from another file'],
        });
      const cohort = await load();
      assert.deepEqual([cohort.scans[0].file, cohort.scans[0].mask], [image, own]);
      const { cohort: stored } = await writeBids(cohort, root);
      const written = stored.scans[0].mask ?? '';
      assert.ok(written.startsWith(root) && existsSync(written), written);
      await writeVolume(corrected, own, { overwrite: true });
      await refused();
      await writeVolume(mask, own, { overwrite: true });
      assert.equal((await writeBids(await load(), root, { resume: true })).kept.length, 1);
      const { size } = statSync(image);
      await writeVolume(tinyVolume(2), image, { overwrite: true });
      assert.equal(statSync(image).size, size);
      await refused();
      await writeVolume(tinyVolume(1), image, { overwrite: true });
    }
  });

  it('goes on where a cancelled run stopped', async () => {
    const source = await raw();
    const root = fresh();
    const stop = new AbortController();
    const first = adding(await loadBids(source), 1);
    const cancelled = writeBids(first.cohort, root, { signal: stop.signal, onProgress: () => stop.abort() });
    await rejectsWith(cancelled, { code: 'aborted', says: [] });
    assert.equal(first.runs(), 1);
    const partial = await loadBids(root);
    assert.equal(partial.scans.length, 1, 'what is done can be used');
    assert.match(partial.issues[0].message, /without a scan of the kind asked for: "sub-02"/);
    const image = join(root, 'sub-01/ses-1/anat/sub-01_ses-1_acq-x_run-1_desc-harmonized_T1w.nii.gz');
    const { mtimeMs } = statSync(image);

    const second = adding(await loadBids(source), 1);
    const progress: Progress[] = [];
    const written = await writeBids(second.cohort, root, {
      resume: true,
      onProgress: (one) => progress.push(one),
    });
    assert.equal(second.runs(), 1);
    assert.equal(statSync(image).mtimeMs, mtimeMs);
    assert.equal(written.kept.length, 1);
    assert.equal(written.cohort.scans.length, 2);
    assert.deepEqual(
      progress.map(({ label, done, total }) => [label, done, total]),
      [['writing scans', 1, 1]],
    );
    assert.equal(progress[0].secondsLeft, 0);

    // An image whose sidecar is missing was being written when the run was cut short.
    rmSync(image.replace('.nii.gz', '.json'));
    const third = adding(await loadBids(source, { subjects: ['01'] }), 1);
    const again = await writeBids(third.cohort, root, { resume: true });
    assert.equal(third.runs(), 1);
    assert.deepEqual(again.kept, []);
    assert.equal((await loadBids(root)).scans.length, 2, 'the other subject is still there');
  });

  it('adds to a dataset, and says when the tables disagree', async () => {
    const root = fresh();
    const one = cohortOf([madeScan('a')], ['A'], [continuous('age', [30])]);
    await writeBids(one, root);
    await writeBids(cohortOf([madeScan('b', { suffix: 'T2w' })], ['B'], [continuous('iq', [100])]), root, {
      resume: true,
    });
    assert.equal(
      text(root, 'participants.tsv'),
      'participant_id\tsite\tage\tiq\nsub-a\tA\t30\tn/a\nsub-b\tB\tn/a\t100\n',
    );
    const older = cohortOf([madeScan('a')], ['A'], [continuous('age', [31])]);
    await rejectsWith(writeBids(older, root, { resume: true }), {
      code: 'file-exists',
      says: ['"30" as age of sub-a', '"31"'],
    });
  });

  it('keeps the masks of images that share a name apart', async () => {
    const masked = (volume: Volume, first: number): Volume => ({
      ...volume,
      mask: Uint8Array.from(volume.data, (_, at) => (at >= first ? 1 : 0)),
    });
    const scans = ['T1w', 'T2w', 'PDw'].map((suffix, at) =>
      madeScan(suffix, {
        subject: 'p',
        suffix,
        open: () => Promise.resolve(suffix === 'PDw' ? tinyVolume() : masked(tinyVolume(), at + 3)),
      }),
    );
    const root = fresh();
    await writeBids(cohortOf(scans, ['A', 'A', 'A']), root);
    const names = readdirSync(join(root, 'sub-p/anat')).filter((file) => file.endsWith('_mask.nii.gz'));
    assert.deepEqual(names, ['sub-p_desc-brainT2w_mask.nii.gz', 'sub-p_desc-brain_mask.nii.gz']);
    const loaded = await loadBids(root, { suffix: ['T1w', 'T2w', 'PDw'] });
    const found = await Promise.all(
      loaded.scans.map(async (scan) => [scan.id, (await scan.open()).mask?.indexOf(1)]),
    );
    assert.deepEqual(found, [
      ['sub-p_PDw', undefined],
      ['sub-p_T1w', 3],
      ['sub-p_T2w', 4],
    ]);
    const other = fresh();
    await writeBids(cohortOf(scans, ['A', 'A', 'A']), other, { masks: false });
    assert.ok(!readdirSync(join(other, 'sub-p/anat')).some((file) => file.includes('mask')));
  });

  it('leaves a scan out that cannot be had, and goes on', async () => {
    const broken = madeScan('b', {
      open: () => Promise.reject(new ConcordError('failed-step', 'the mask of b is empty')),
    });
    const cohort = cohortOf([madeScan('a'), broken, madeScan('c')], ['A', 'A', 'B']);
    const root = fresh();
    const { issues, cohort: stored } = await writeBids(cohort, root);
    assert.deepEqual(
      issues.map(({ code, message }) => [code, message]),
      [['unusable-scan', 'b: the mask of b is empty']],
    );
    assert.deepEqual(stored.participants.ids, ['a', 'c']);
    await rejectsWith(writeBids(cohort, fresh(), { strict: true }), { code: 'failed-step', says: [] });
  });

  it('stores integers by choice, and stops when the folder takes nothing', async () => {
    const root = fresh();
    await writeBids(cohortOf([madeScan('a')], ['A']), root, { datatype: 'int16', scaling: 'auto' });
    const { header } = await (await loadBids(root)).scans[0].open();
    assert.equal(header?.datatype, 'int16');
    const file = folder.write('a-file', '');
    await rejectsWith(writeBids(cohortOf([madeScan('a')], ['A']), join(file, 'x')), {
      code: 'unwritable-file',
      says: ['not a folder'],
    });
  });
});

describe('writeBids on the shared brains', () => {
  const folder = temporaryFolder();
  let brains = '';
  before(function () {
    const found = sharedData('brains');
    if (found === undefined) skipWithout(this, 'real data');
    brains = found;
  });

  it('writes some of them and loads them as they were', async () => {
    const loaded = await loadBids(brains, { subjects: ['HH034', 'NSK52', 'UCLA01'] });
    const root = folder.path('brains');
    await writeBids(loaded, root);
    const again = await loadBids(root);
    assert.deepEqual(again.participants, loaded.participants);
    for (const [row, scan] of again.scans.entries()) {
      const one = await loaded.scans[row].open();
      const other = await scan.open();
      assert.deepEqual(other.data, one.data);
      assert.deepEqual(other.mask, one.mask);
      assert.deepEqual(other.affine, one.affine);
    }
    const sidecar = json(root, 'sub-HH034/anat/sub-HH034_space-MNI152_desc-harmonized_T1w.json');
    assert.equal(sidecar['SkullStripped'], true);
    assert.deepEqual(sidecar['Sources'], [
      'bids:derivative:sub-HH034/anat/sub-HH034_space-MNI152_desc-brain_T1w.nii.gz',
    ]);
  }).timeout(20_000);
});
