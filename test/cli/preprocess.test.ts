import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolume } from '../../sdk/data/images/volume';
import { main } from '../../sdk/cli/main';
import { loadImages } from '../../sdk/io/images/load-images';
import { readVolume } from '../../sdk/io/volumes/read-volume';
import { writeVolume } from '../../sdk/io/volumes/write-volume';
import { montage } from '../../sdk/plot/panels/montage';
import { withMask } from '../../sdk/preprocess/with-mask';
import { writeBall } from '../support/ball-scans';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('concord preprocess', () => {
  const folder = temporaryFolder();
  before(async () => {
    const source = folder.path('raw');
    for (const [seed, subject] of ['sub-01', 'sub-02', 'sub-03'].entries()) {
      await writeBall(source, subject, seed + 1);
    }
    writeFileSync(`${source}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
    writeFileSync(
      `${source}/participants.tsv`,
      'participant_id\tsite\tage\nsub-01\tA\t30\nsub-02\tB\t40\nsub-03\tB\t50\nsub-04\tB\t60\n',
    );
  });

  it('writes a derivative with volumes, masks, pictures and slices, and says how they were made', async () => {
    const out = folder.path('done');
    const run = await concord(
      ...['preprocess', folder.path('raw'), out, 'participant', '--spacing', '6'],
      ...['--slices', 'coronal', '--count', '3', '--size', '32'],
    );
    assert.equal(run.status, 0, run.err + run.out);
    assert.match(run.out, /3 of 3 scans in .*done, slices in /);
    const image = `${out}/sub-02/anat/sub-02_desc-preproc_T1w.nii.gz`;
    const { spacing, data } = await readVolume(image);
    assert.deepEqual(
      spacing.map((step) => Math.round(step * 1e4) / 1e4),
      [6, 6, 6],
    );
    assert.ok(Math.max(...data) < 10, 'z-scores, not raw intensities');
    const sidecar = JSON.parse(readFileSync(image.replace('.nii.gz', '.json'), 'utf8')) as {
      Provenance: { step: string }[];
    };
    const made = sidecar.Provenance.map(({ step }) => step);
    assert.deepEqual(made.slice(-4), ['reorient', 'correctBias', 'resample', 'zScore']);
    const slices = await loadImages(`${out}/slices`);
    const cut = slices.images.slices.filter(({ scan }) => scan === 'sub-02').map(({ index }) => index);
    const scan = withMask(
      await readVolume(image),
      await readVolume(image.replace('preproc_T1w', 'brain_mask')),
    );
    const drawn = montage(scan, { plane: 'coronal', at: { indices: cut }, title: 'sub-02' });
    const picture = readFileSync(`${out}/sub-02/figures/sub-02_desc-preproc_T1w.png`);
    assert.ok(picture.equals(drawn.png), 'the picture shows the slices that were cut');
    assert.deepEqual(slices.images.shape, [9, 32, 32, 1]);
    assert.deepEqual(slices.participants.sites, ['A', 'B', 'B']);
  });

  it('writes a report into the derivative, of some participants by their names, and none when told', async () => {
    const out = folder.path('reported');
    const words = ['preprocess', folder.path('raw'), out, 'participant', '--no-bias'];
    const one = await concord(...words, '--participant-label', '01');
    assert.equal(one.status, 0, one.err);
    assert.match(one.out, /1 scan in .*what was done in .*report_01\.html/);
    const all = await concord(...words, '--resume');
    assert.equal(all.status, 0, all.err);
    const page = readFileSync(`${out}/report.html`, 'utf8');
    for (const text of ['3 scans went through', 'Step zScore', 'Quality of the results']) {
      assert.ok(page.includes(text), text);
    }
    assert.ok((page.match(/class="concord-picture"/g) ?? []).length <= 12);
    assert.equal(readFileSync(`${out}/.bidsignore`, 'utf8'), 'sub-*/figures\nreport*.html\n.concord\n');
    const silent = folder.path('silent');
    const none = await concord(...words.with(2, silent), '--no-report');
    assert.equal(none.status, 0, none.err);
    assert.deepEqual(
      readdirSync(silent).filter((name) => name.endsWith('.html')),
      [],
    );
  });

  it('goes on after a damaged scan, which it names, and stops at it when strict', async () => {
    const source = folder.path('raw');
    mkdirSync(`${source}/sub-04/anat`, { recursive: true });
    const whole = readFileSync(`${source}/sub-01/anat/sub-01_T1w.nii.gz`);
    writeFileSync(`${source}/sub-04/anat/sub-04_T1w.nii.gz`, whole.subarray(0, whole.length / 2));
    const fast = ['--no-bias', '--no-mask', '--no-pictures'];
    const run = await concord('preprocess', source, folder.path('some'), 'participant', ...fast);
    assert.equal(run.status, 3, run.err);
    assert.match(run.out, /sub-04_T1w\.nii\.gz/);
    assert.match(run.out, /3 of 4 scans in/);
    assert.ok(!existsSync(folder.path('some/sub-04')));
    const strict = await concord(
      'preprocess',
      source,
      folder.path('strict'),
      'participant',
      '--strict',
      ...fast,
    );
    assert.equal(strict.status, 1);
    assert.match(strict.err, /^concord: .*sub-04_T1w\.nii\.gz.*\n$/);
  });

  it('does nothing twice, and replaces nothing unasked', async () => {
    const words = ['preprocess', folder.path('raw'), folder.path('again'), 'participant'];
    const fast = ['--no-bias', '--no-mask', '--no-pictures', '--participant-label', '01,02'];
    assert.match((await concord(...words, ...fast)).out, /2 of 2 scans in/);
    const refused = await concord(...words, ...fast);
    assert.equal(refused.status, 1);
    assert.match(
      refused.err,
      /add to it with --resume, replace files with --overwrite, or choose another folder/,
    );
    assert.match(
      (await concord(...words, ...fast, '--resume')).out,
      /2 of 2 scans in .* \(2 complete before\)/,
    );
    const other = await concord(...words, ...fast, '--resume', '--normalize', 'percentile');
    assert.equal(other.status, 1);
    assert.match(other.err, /by other steps .*\(replace it with --overwrite, or choose another folder\)/);
  });

  it('keeps what is done when interrupted, says how to go on, and goes on', async () => {
    const fast = ['--no-bias', '--no-mask', '--no-pictures', '--participant-label', '01,02,03'];
    const words = ['preprocess', folder.path('raw'), folder.path('cut'), 'participant', ...fast];
    const interrupt = new AbortController();
    let err = '';
    const status = await main(words, {
      out: () => undefined,
      err: (text) => {
        err += text;
        if (text.includes('writing scans')) interrupt.abort();
      },
      live: true,
      signal: interrupt.signal,
    });
    assert.equal(status, 130);
    assert.match(err, /concord: .*canceled \(what is done in .*cut is kept; .* --resume continues\)\n$/);
    assert.match((await concord(...words, '--resume')).out, /3 of 3 scans in .* \(1 complete before\)/);
  });

  it('measures only what is new where it goes on, to the same report as a run that was not stopped', async () => {
    const whole = folder.path('whole/cut');
    const stopped = folder.path('stopped/cut');
    const words = (out: string): string[] => [
      'preprocess',
      folder.path('raw'),
      out,
      'participant',
      '--no-bias',
    ];
    const runTo = async (given: readonly string[], last?: string): Promise<string> => {
      const interrupt = new AbortController();
      let err = '';
      await main(given, {
        out: () => undefined,
        err: (text) => {
          err += text;
          if (last !== undefined && text.includes(last)) interrupt.abort();
        },
        live: true,
        signal: interrupt.signal,
      });
      return err;
    };
    mkdirSync(folder.path('stopped'));
    mkdirSync(folder.path('whole'));
    await runTo(words(whole));
    await runTo(words(stopped), 'writing scans 2');
    await runTo([...words(stopped), '--resume'], 'measuring results');
    const kept = (): string[] =>
      readdirSync(`${stopped}/.concord`, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.json'));
    // As many as were measured before it noticed; here as if it had been one.
    assert.ok(kept().length > 0);
    kept()
      .slice(1)
      .forEach((name) => rmSync(`${stopped}/.concord/${name}`));
    const report = (out: string): string => readFileSync(`${out}/report.html`, 'utf8');
    const changed = (name: string): number => statSync(`${stopped}/.concord/${name}`).mtimeMs;
    const [first] = kept();
    const before = changed(first);
    await runTo([...words(stopped), '--resume']);
    assert.equal(kept().length, 3);
    assert.equal(changed(first), before);
    assert.ok(report(stopped) === report(whole), 'the reports differ');
    // A measurement holds for the bytes of its image: of another image it is made anew.
    const measured = `${stopped}/.concord/${first}`;
    const right = readFileSync(measured, 'utf8');
    const others = kept().slice(1);
    const times = others.map(changed);
    writeFileSync(
      measured,
      right.replace(/"content":"./, '"content":"x').replace(/"cnr":[^,}]+/, '"cnr":99'),
    );
    await runTo([...words(stopped), '--resume']);
    assert.equal(readFileSync(measured, 'utf8'), right);
    assert.deepEqual(others.map(changed), times);
    assert.ok(report(stopped) === report(whole), 'the reports differ');
    assert.ok(!readFileSync(measured, 'utf8').includes(folder.path('')));
  });

  it('asks for a derivative and a site in the words of the command line', async () => {
    const out = folder.path('unread');
    const several = folder.path('several');
    cpSync(folder.path('raw/sub-01'), `${several}/sub-01`, { recursive: true });
    writeFileSync(`${several}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
    const anat = `${several}/sub-01/anat/sub-01`;
    const fast = ['--no-bias', '--no-mask', '--normalize', 'none', '--no-pictures', '--no-report'];
    const siteless = await concord('preprocess', several, folder.path('siteless'), 'participant', ...fast);
    assert.equal(siteless.status, 0, siteless.err);
    assert.match(
      siteless.out,
      /\(preprocessing needs no site; .* choose with --site column:NAME where .*; --site session where .*; --site sidecar:.* --site name:SITE/,
    );
    const train = await concord('train', several, '--out', folder.path('model'));
    assert.equal(train.status, 1);
    assert.match(train.err, /missing sites: .*\(choose with --site column:NAME where .*--site name:SITE/);
    for (const desc of ['one', 'two']) cpSync(`${anat}_T1w.nii.gz`, `${anat}_desc-${desc}_T1w.nii.gz`);
    rmSync(`${anat}_T1w.nii.gz`);
    const described = await concord('preprocess', several, out, 'participant');
    assert.equal(described.status, 1);
    assert.match(described.err, /\(choose with --desc one or --desc two\)/);
  });

  it('ends with status 1 when nothing could be done, and says of how many', async () => {
    const source = folder.path('empty-boxes');
    mkdirSync(`${source}/sub-01/anat`, { recursive: true });
    writeFileSync(`${source}/dataset_description.json`, '{"Name":"none","BIDSVersion":"1.10.0"}');
    const data = new Float32Array(27).fill(NaN);
    data[0] = 1;
    const box = makeVolume(data, { shape: [3, 3, 3], affine: makeAffine([5, 5, 5]) });
    await writeVolume(box, `${source}/sub-01/anat/sub-01_T1w.nii.gz`, { datatype: 'float32' });
    const words = ['preprocess', source, folder.path('boxes'), 'participant', '--no-bias', '--no-mask'];
    const run = await concord(...words);
    assert.equal(run.status, 1, run.err);
    assert.match(run.out, /set them to 0 with --non-finite zero/);
    assert.match(run.out, /\n0 of 1 scan in .*boxes/);
    // What was noticed before a failure is said before it.
    const participants = 'participant_id\tsite\nsub-99\tA\n';
    writeFileSync(`${source}/participants.tsv`, participants);
    const train = await concord('train', source, '--out', folder.path('no-model'));
    assert.equal(train.status, 1);
    assert.match(train.err, /^warning: in participants.tsv, but without a scan .*"sub-99".*\n/);
    assert.match(train.err, /concord: missing sites/);
  });

  it('chooses scans by their entities, and normalizes by the contrast of any suffix', async () => {
    const source = folder.path('kinds');
    cpSync(folder.path('raw/sub-01'), `${source}/sub-01`, { recursive: true });
    writeFileSync(`${source}/dataset_description.json`, '{"Name":"kinds","BIDSVersion":"1.10.0"}');
    const anat = `${source}/sub-01/anat/sub-01`;
    for (const rest of ['acq-a_run-1', 'acq-b_run-2', 'acq-b_run-2_part-phase']) {
      cpSync(`${anat}_T1w.nii.gz`, `${anat}_${rest}_T1w.nii.gz`);
    }
    cpSync(`${anat}_T1w.nii.gz`, `${anat}_t2W.nii.gz`);
    cpSync(`${anat}_T1w.nii.gz`, `${anat}_T2starw.nii.gz`);
    rmSync(`${anat}_T1w.nii.gz`);
    const fewSteps = ['--no-bias', '--no-field-of-view', '--no-pictures', '--no-report', '--overwrite'];
    const chosen = async (...words: readonly string[]): Promise<string> => {
      const fast = [...fewSteps, ...words];
      const { out, err } = await concord('preprocess', source, folder.path('chosen'), 'participant', ...fast);
      return out + err;
    };
    const named = (...words: readonly string[]): Promise<string> =>
      chosen('--no-mask', '--normalize', 'none', ...words);
    assert.match(await named('--acq', 'b'), /1 of 1 scan in/);
    assert.match(await named('--run', '01,2'), /2 of 2 scans in/);
    assert.match(await named('--entity', 'acq=a,acq=b', '--part', 'null'), /2 of 2 scans in/);
    assert.match(await named('--part', 'phase'), /1 of 1 scan in/);
    assert.match(await named('--frame', '1'), /invalid frame: 1/);
    assert.match(await chosen('--suffix', 'T2w', '--normalize', 'kde-mode'), /1 of 1 scan in/);
    const unknown = ['--suffix', 'T2starw', '--normalize', 'fcm'];
    assert.match(await chosen(...unknown), /unknown contrast: the suffix "T2starw".*--contrast/);
    assert.match(await chosen(...unknown, '--contrast', 'T2w'), /1 of 1 scan in/);
  });

  it('explains wrong usage', async () => {
    const source = folder.path('raw');
    const out = folder.path('wrong');
    const level = await concord('preprocess', source, out, 'session');
    assert.equal(level.status, 2);
    const early = await concord('preprocess', source, out, 'group');
    assert.equal(early.status, 1);
    assert.match(early.err, /nothing preprocessed: .*the participant level comes first/);
    const both = await concord(
      'preprocess',
      source,
      out,
      'participant',
      '--spacing',
      '2',
      '--template',
      'x.nii',
    );
    assert.equal(both.status, 1);
    assert.match(both.err, /--spacing and --template/);
    const site = await concord('preprocess', source, out, 'participant', '--site', 'somewhere');
    assert.equal(site.status, 2);
    assert.match(site.err, /column:NAME, session, sidecar:FIELD,FIELD, or name:SITE/);
    const nothing = await concord('preprocess', folder.path('none'), out, 'participant');
    assert.equal(nothing.status, 1);
    assert.ok(!existsSync(out));
  });
});
