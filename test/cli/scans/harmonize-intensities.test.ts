import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { main } from '../../../sdk/cli/main';
import type { VolumeCohort } from '../../../sdk/index';
import * as sdk from '../../../sdk/index';
import { allMethods } from '../../../sdk/methods/methods';
import { concord } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

const quiet = ['--no-pictures', '--no-report'];

/** What a run has written, by the paths in its folder; what it keeps for a resumed run is its own. */
function filesIn(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((name) => !name.startsWith('.concord/'))
    .sort();
}

/** The largest difference of intensities, as a share of the largest there is. */
async function differenceOf(ours: VolumeCohort, theirs: VolumeCohort, at: number): Promise<number> {
  const one = await ours.scans[at].open();
  const other = await theirs.scans[at].open();
  const scale = Math.max(...other.data);
  return Math.max(...one.data.map((value, i) => Math.abs(value - other.data[i]))) / scale;
}

describe('intensity normalizations on the command line', () => {
  const folder = temporaryFolder();
  const bids = (): string => folder.path('bids');
  let raw: VolumeCohort;

  before(async () => {
    const scanners = sdk.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => 'siteA siteE'.includes(site));
    const options = { scanners, subjects: 2, traveling: true, spacing: 6, masked: true, seed: 2 };
    await sdk.writeBids(sdk.simulateVolumeCohort(options).cohort, bids(), { desc: 'preproc' });
    raw = await sdk.loadBids(bids());
  });

  it('harmonize scans by every method that there is, as the SDK does, and keep the model', async () => {
    const methods = ['z-score', 'percentile', 'white-stripe', 'kde-mode', 'fcm', 'nyul'] as const;
    for (const method of [...methods, 'histogram-matching'] as const) {
      const out = folder.path(method);
      const run = await concord(
        'harmonize',
        bids(),
        '--method',
        method,
        '--target',
        'siteA',
        '--out',
        out,
        ...quiet,
      );
      assert.deepEqual([run.status, run.err], [0, ''], method);
      assert.match(run.out, /4 of 4 scans harmonized to siteA, in .*, the model in .*model\.json/);
      const harmonizer = sdk.intensityHarmonizer(method, { kind: 'volumes' });
      const model = await harmonizer.fit(raw);
      const expected = await harmonizer.apply(model, raw, { target: 'siteA' });
      const written = await sdk.loadBids(out, { desc: method.replace('-', '') });
      assert.ok((await differenceOf(written, expected, 3)) < 1e-3, method);
      const stored = await sdk.loadModel(folder.path(`${method}/model.json`), 'intensity');
      assert.deepEqual(stored.targets, model.targets, method);
    }
  });

  it('take their options, which --help shows with examples', async () => {
    const out = folder.path('options');
    const words = ['harmonize', bids(), '--method', 'nyul', '--landmarks', '5,50,95', '--own-unit'];
    const run = await concord(...words, '--region', 'non-zero', '--out', out, ...quiet);
    assert.deepEqual([run.status, run.err], [0, '']);
    const { targets, region } = await sdk.loadModel(folder.path('options/model.json'), 'intensity');
    const { fitted } = targets[0];
    assert.ok(fitted.method === 'nyul');
    assert.deepEqual(fitted.settings, { landmarks: [5, 50, 95], scale: [0, 100] });
    assert.equal(region.region, 'non-zero');
    for (const { name, command } of allMethods()) {
      const help = await concord('harmonize', '--method', name, '--help');
      const own = Object.values(command?.scans?.options ?? {}).map(({ flags }) => flags.split(' ')[0]);
      own.forEach((flag) => assert.ok(help.out.includes(flag), `${name} ${flag}`));
      if (own.length > 0) assert.ok(help.out.includes(`concord harmonize BIDS --method ${name}`));
    }
  });

  it('apply a stored model to new scans, also by concord apply, whose targets are those of the model', async () => {
    const model = folder.path('nyul/model.json');
    const some = [
      '--participant-label',
      raw.scans[0].subject.replace('sub-', ''),
      ...quiet,
      '--target',
      'siteA',
    ];
    const byMethod = ['harmonize', bids(), '--method', 'nyul', '--model', model];
    const first = await concord(...byMethod, ...some, '--out', folder.path('new'));
    assert.deepEqual([first.status, first.err], [0, '']);
    const second = await concord(
      'apply',
      folder.path('nyul'),
      bids(),
      ...some,
      '--out',
      folder.path('applied'),
    );
    assert.deepEqual([second.status, second.err], [0, '']);
    assert.ok(!existsSync(folder.path('applied/model.json')));
    const [whole, one, other] = await Promise.all(
      ['nyul', 'new', 'applied'].map((name) => sdk.loadBids(folder.path(name), { desc: 'nyul' })),
    );
    assert.equal(other.scans.length, 2);
    assert.equal(await differenceOf(one, whole, 0), 0);
    assert.equal(await differenceOf(other, whole, 0), 0);
    const unknown = await concord('apply', model, bids(), '--target', 'siteB', '--out', folder.path('never'));
    assert.equal(unknown.status, 1);
    assert.match(unknown.err, /siteB.*"average".*"siteA"/);
  });

  it('go on where a run stopped, and never mix two models in one dataset', async () => {
    const out = folder.path('z-score');
    const words = ['harmonize', bids(), '--method', 'z-score', '--out', out, '--target', 'siteA', ...quiet];
    const before = readFileSync(folder.path('z-score/model.json'), 'utf8');
    const again = await concord(...words, '--resume', '--json');
    assert.equal((JSON.parse(again.out) as { kept: number }).kept, 4);
    assert.equal(readFileSync(folder.path('z-score/model.json'), 'utf8'), before);
    const once = await concord(...words);
    assert.equal(once.status, 1);
    assert.match(once.err, /file exists.*--resume.*--overwrite/);
    const mixed = await concord(...words, '--resume', '--own-unit');
    assert.equal(mixed.status, 1);
    assert.match(mixed.err, /model\.json was fitted on other scans, or with other options/);
  });

  it('make the same files, to the byte, where a run was stopped and resumed as where it was not', async () => {
    const whole = folder.path('whole/out');
    const stopped = folder.path('stopped/out');
    const words = (out: string): string[] => [
      ...['harmonize', bids(), '--method', 'nyul', '--target', 'siteA', '--out', out],
    ];
    // Stopped as soon as so much is there, not by a clock.
    const runTo = async (given: readonly string[], isThere: () => boolean): Promise<number> => {
      const { signal } = new AbortController();
      Object.defineProperty(signal, 'aborted', { get: isThere });
      return main(given, { out: () => undefined, err: () => undefined, live: false, signal });
    };
    const count = (ending: string): number =>
      existsSync(stopped)
        ? readdirSync(stopped, { recursive: true }).filter((name) => String(name).endsWith(ending)).length
        : 0;
    mkdirSync(folder.path('whole'));
    mkdirSync(folder.path('stopped'));
    const never = (): boolean => false;
    assert.equal(await runTo(words(whole), never), 0);
    // Stopped twice: while scans are written, and while pictures are drawn.
    assert.notEqual(await runTo(words(stopped), () => count('_desc-nyul_T1w.nii.gz') >= 2), 0);
    assert.ok(count('_desc-nyul_T1w.nii.gz') < 4 && !filesIn(stopped).includes('report.html'));
    const again = [...words(stopped), '--resume'];
    assert.notEqual(await runTo(again, () => count('.png') >= 2), 0);
    assert.ok(count('_desc-nyul_T1w.nii.gz') === 4 && !filesIn(stopped).includes('report.html'));
    assert.equal(await runTo(again, never), 0);
    const expected = filesIn(whole);
    const found = filesIn(stopped);
    assert.deepEqual(found, expected);
    assert.ok(expected.includes('report.html') && expected.some((name) => name.endsWith('.png')));
    const differing = expected.filter(
      (name) => !readFileSync(`${whole}/${name}`).equals(readFileSync(`${stopped}/${name}`)),
    );
    assert.deepEqual(differing, []);
  });

  it('answer bad input with one line that names the remedy', async () => {
    const out = folder.path('never');
    const harmonize = (method: string): string[] => ['harmonize', bids(), '--method', method, '--out', out];
    const nyul = ['--model', folder.path('nyul/model.json')];
    const cases: [string[], number, RegExp][] = [
      [[...harmonize('z-score'), '--landmarks', '1,99'], 2, /'--landmarks' is not one of --method z-score/],
      [[...harmonize('nyul'), '--landmarks', '1,x'], 2, /landmarks/],
      [[...harmonize('percentile'), '--percentiles', '90,10'], 2, /percentiles/],
      [[...harmonize('white-stripe'), '--width', '0.7'], 2, /invalid width: 0\.7/],
      [[...harmonize('fcm'), '--tissue', 'bone'], 2, /--tissue/],
      [[...harmonize('nyul'), '--target', 'siteX'], 1, /"siteX".*"siteA", "siteE"/],
      [
        [...harmonize('nyul'), ...nyul, '--landmarks', '1,99'],
        2,
        /'--landmarks' is decided when a model is fitted/,
      ],
      [[...harmonize('z-score'), ...nyul], 1, /holds a model of Nyúl, not of z-score \(use --method nyul\)/],
      [[...harmonize('nyul'), '--backend', 'wasm'], 2, /'--backend' is not one of --method nyul/],
      [['apply', nyul[1], bids(), '--out', out, '--id', 'x'], 2, /'--id' is not one of a model of Nyúl/],
    ];
    for (const [words, status, message] of cases) {
      const run = await concord(...words);
      assert.equal(run.status, status, `${words.join(' ')}: ${run.err}${run.out}`);
      assert.match(run.err, message);
      assert.ok(!existsSync(out), words.join(' '));
    }
  });
});
