import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { VolumeCohort } from '../../sdk/index';
import * as sdk from '../../sdk/index';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const tiny = ['--size', 'tiny', '--steps', '8', '--batch-size', '8', '--image-size', '32'];

describe('networks on the command line', () => {
  const folder = temporaryFolder();
  let cohort: VolumeCohort;
  const bids = (): string => folder.path('bids');
  /** Two of the scans, one of each site, for what is done to each scan alike. */
  const few = (): string => folder.path('few');
  const model = (): string => folder.path('model');

  before(async function () {
    const scanners = sdk.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => 'siteA siteE'.includes(site));
    const options = { scanners, subjects: 3, traveling: true, spacing: 6, masked: true, seed: 2 };
    cohort = sdk.simulateVolumeCohort(options).cohort;
    await sdk.writeBids(cohort, bids(), { desc: 'preproc' });
    const pair = cohort.scans.filter(({ subject }) => subject === cohort.scans[0].subject);
    await sdk.writeBids(
      sdk.takeSubjects(cohort, ({ row }) => pair.includes(cohort.scans[row])),
      few(),
      {
        desc: 'preproc',
      },
    );
    const run = await concord('train', bids(), '--method', 'ddae', '--out', model(), ...tiny);
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /DDAE of 2 sites \(siteA, siteE\): 8 steps, loss on \d+ scans held out \d/);
  });

  it('trains a model that others can load, and leaves no unfinished run behind', async () => {
    const loaded = await sdk.loadModel(model(), 'ddae');
    assert.deepEqual(loaded.architecture.sampleShape, [32, 32, 1]);
    assert.deepEqual(loaded.scale.kind === 'images' && loaded.scale.pixelSize.map(Math.round), [6, 6]);
    assert.ok(!existsSync(`${model()}.unfinished`));
  });

  it('harmonizes by a model that ships, by its name, and says so where there is none', async () => {
    const out = folder.path('by name');
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['harmonize', bids(), '--method', 'ddae', '--model', 'ddae-brains'],
        /unknown target: "nowhere".*"HH"/,
      ],
      [['harmonize', bids(), '--method', 'ddae', '--model', 'shipped'], /unknown target: "nowhere"/],
      [['harmonize', bids(), '--method', 'murd', '--model', 'ddae-brains'], /ddae-brains-small/],
      [['apply', 'ddae-brains', bids()], /unknown target: "nowhere".*"HH"/],
      [
        ['harmonize', bids(), '--method', 'ddae', '--model', 'ddae-brain'],
        /there is no folder ddae-brain; no model of "ddae-brain" ships \(did you mean "ddae-brains"/,
      ],
      [['apply', 'ddae-brain', bids()], /there is no folder ddae-brain; .*did you mean "ddae-brains"/],
    ];
    for (const [words, message] of cases) {
      const run = await concord(...words, '--target', 'nowhere', '--out', out);
      assert.notEqual(run.status, 0);
      assert.match(run.err, message, words.join(' '));
    }
    assert.ok(!existsSync(out));
  });

  it('starts from a model of its own, or one that ships', async () => {
    const out = folder.path('continued');
    const words = ['train', bids(), '--method', 'ddae', '--out', out, '--start-from'];
    const run = await concord(...words, model(), ...tiny, '--steps', '1');
    assert.deepEqual([run.status, run.err], [0, '']);
    const step = (await sdk.loadModel(out, 'ddae')).provenance.at(-1);
    assert.equal(typeof step?.options['startFrom'], 'string');
    const wrong = folder.path('never');
    for (const [method, from, message] of [
      ['ddae', folder.path('nothing'), /nothing/],
      ['ddae', 'shipped', /invalid startFrom: it has sampleShape 64,64,1, not 32,32,1.*give the same size/],
      ['ddae', 'ddae-brains', /invalid startFrom: it has sampleShape 64,64,1, not 32,32,1/],
      ['ddae', 'ddae-brain', /there is no folder ddae-brain; no model of "ddae-brain" ships \(did you mean/],
      ['murd', model(), /ddae/],
    ] as const) {
      const asked = [
        'train',
        bids(),
        '--method',
        method,
        '--out',
        wrong,
        '--overwrite',
        '--start-from',
        from,
      ];
      const { status, err } = await concord(...asked, ...tiny);
      assert.equal(status, 1, err);
      assert.match(err, message);
      assert.ok(!existsSync(wrong));
    }
  });

  it('harmonizes the scans into a derivative, the same as the SDK does, with masks and pictures', async function () {
    const out = folder.path('harmonized');
    const words = ['harmonize', bids(), '--method', 'ddae', '--model', model(), '--out', out];
    const more = ['--target', 'siteA', '--sampling-steps', '3', '--seed', '5'];
    const run = await concord(...words, ...more);
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /DDAE: 6 of 6 scans harmonized to siteA, in .*harmonized/);
    // No slice of the scans that taught it is beyond what it learned.
    assert.doesNotMatch(run.out, /beyond/);
    const written = await sdk.loadBids(out, { desc: 'ddae' });
    assert.equal(written.scans.length, 6);
    const loaded = await sdk.loadModel(model(), 'ddae');
    const source = await sdk.loadBids(bids());
    const expected = sdk.harmonizeVolumes(loaded, source, { target: 'siteA', steps: 3, seed: 5 });
    const theirs = await expected.scans[1].open();
    const ours = await written.scans[1].open();
    assert.equal(written.scans[1].id, expected.scans[1].id);
    // As stored, in 16 bits or 32, as the source is.
    const scale = Math.max(...theirs.data);
    theirs.data.forEach((value, i) => assert.ok(Math.abs(value - ours.data[i]) <= 1e-4 * scale));
    const before = await source.scans[1].open();
    assert.ok(before.data.some((value, i) => Math.abs(value - ours.data[i]) > 0.01 * scale));
    before.data.forEach((value, i) => {
      if (before.mask?.[i] === 0) assert.ok(Math.abs(ours.data[i] - value) <= 1e-4 * scale);
    });
    const [subject] = readdirSync(out).filter((name) => name.startsWith('sub-'));
    const inside = readdirSync(`${out}/${subject}`, { recursive: true }).map(String);
    assert.ok(inside.some((name) => name.endsWith('_desc-ddae_T1w.png')));
    const sidecar = inside.find((name) => name.endsWith('_desc-ddae_T1w.json')) ?? '';
    assert.match(readFileSync(`${out}/${subject}/${sidecar}`, 'utf8'), /"harmonizeVolumes"/);
    const page = readFileSync(`${out}/report.html`, 'utf8');
    assert.match(
      page,
      /6 scans harmonized by DDAE[\s\S]*Harmonized to<\/dt><dd>siteA[\s\S]*The same slices before and after/,
    );
    const again = await concord(...words, ...more, '--resume', '--json');
    assert.equal((JSON.parse(again.out) as { kept: number }).kept, 6);
    const once = await concord(...words, ...more);
    assert.equal(once.status, 1);
    assert.match(once.err, /file exists.*--resume.*--overwrite/);
  });

  it('is compared on the scans that it learned from without a doubt, and on others not at all', async () => {
    const quick = ['--target', 'siteA', '--option', 'ddae.sampling-steps=2', '--steps', '1', '--splits', '2'];
    const compare = (path: string): ReturnType<typeof concord> =>
      concord('compare', path, '--methods', 'ddae', '--model', `ddae=${model()}`, ...quick, '--json');
    const run = await compare(bids());
    assert.equal(run.status, 0, run.err);
    const { issues } = JSON.parse(run.out) as { readonly issues: readonly sdk.Issue[] };
    assert.deepEqual(
      issues.filter(({ code }) => /training|cut-brain/.test(code)),
      [],
    );
    const inverted = folder.path('inverted');
    const scans = cohort.scans.map((scan) => ({
      ...scan,
      open: async () => {
        const volume = await scan.open();
        const top = volume.data.reduce((a, b) => Math.max(a, b), 0);
        const data = volume.data.map((value, at) => (volume.mask?.[at] === 1 ? 1.01 * top - value : 0));
        return { ...volume, data };
      },
    }));
    await sdk.writeBids(sdk.makeVolumeCohort(cohort.participants, scans), inverted, { desc: 'preproc' });
    const refused = await compare(inverted);
    assert.match(
      refused.out + refused.err,
      /is unlike what the model learned from .*another contrast, inverted/,
    );
  });

  it('harmonizes slice by slice as harmonizeDdae does', async () => {
    const loaded = await sdk.loadModel(model(), 'ddae');
    const one = sdk.takeSubjects(cohort, [2]);
    const { mask, shape } = sdk.volumes.toSlices(await one.scans[0].open());
    const pixels = shape[1] * shape[2];
    const hasBrain = (index: number): boolean =>
      mask?.subarray(index * pixels, (index + 1) * pixels).includes(1) === true;
    const at = { indices: Array.from({ length: shape[0] }, (_, index) => index).filter(hasBrain) };
    const slices = await sdk.toImages(one, { size: 32, center: 'mask', at });
    const expected = sdk.replaceSlices(
      one,
      await sdk.harmonizeDdae(loaded, slices, { target: 'siteA', steps: 3 }),
    );
    const found = sdk.harmonizeVolumes(loaded, one, { target: 'siteA', steps: 3 });
    const theirs = await expected.scans[0].open();
    const ours = await found.scans[0].open();
    const scale = Math.max(...theirs.data);
    theirs.data.forEach((value, i) => assert.ok(Math.abs(value - ours.data[i]) <= 1e-4 * scale));
  });

  describe('with MURD', () => {
    const murd = (): string => folder.path('murd');

    before(async function () {
      const run = await concord('train', bids(), '--method', 'murd', '--out', murd(), ...tiny);
      assert.deepEqual([run.status, run.err], [0, '']);
      assert.match(run.out, /MURD of 2 sites \(siteA, siteE\): 8 steps, loss on \d+ scans held out \d/);
    });

    it('makes scans look like a site, and like a scan, the same as the SDK does', async function () {
      const loaded = await sdk.loadModel(murd(), 'murd');
      const source = await sdk.loadBids(bids());
      const words = ['harmonize', bids(), '--method', 'murd', '--model', murd(), '--no-pictures'];
      const toSite = folder.path('murd-site');
      const run = await concord(...words, '--target', 'siteA', '--out', toSite);
      assert.deepEqual([run.status, run.err], [0, '']);
      assert.match(run.out, /MURD: 6 of 6 scans harmonized to siteA, in .*murd-site/);
      const written = await sdk.loadBids(toSite, { desc: 'murd' });
      const expected = sdk.harmonizeVolumes(loaded, source, { site: 'siteA' });
      const theirs = await expected.scans[1].open();
      const ours = await written.scans[1].open();
      const scale = Math.max(...theirs.data);
      theirs.data.forEach((value, i) => assert.ok(Math.abs(value - ours.data[i]) <= 1e-4 * scale));
      const before = await source.scans[1].open();
      before.data.forEach((value, i) => {
        if (before.mask?.[i] === 0) assert.ok(Math.abs(ours.data[i] - value) <= 1e-4 * scale);
      });
      const id = source.participants.ids[0];
      const asked = words.map((word) => (word === bids() ? few() : word));
      const like = await concord(...asked, '--like', id, '--out', folder.path('murd-like'));
      assert.deepEqual([like.status, like.err], [0, '']);
      assert.match(like.out, new RegExp(`2 of 2 scans harmonized to ${id}`));
    });

    it('answers bad input with one line that names the remedy', async () => {
      const out = folder.path('never');
      const harmonize = ['harmonize', bids(), '--method', 'murd', '--model', murd(), '--out', out];
      const cases: [string[], number, RegExp][] = [
        [harmonize, 2, /'--target <site>' and '--like <scans>'/],
        [[...harmonize, '--target', 'siteA', '--like', 'x'], 2, /one of the options/],
        [[...harmonize, '--target', 'siteA', '--keep', '1'], 2, /'--keep' is not one of --method murd/],
        [[...harmonize, '--target', 'average'], 1, /"average".*"siteA", "siteE"/],
        [[...harmonize, '--like', 'nobody'], 1, /unknown scan: "nobody"/],
        [['train', bids(), '--method', 'murd', '--size', 'base', '--out', out], 2, /'--size' is "base"/],
        [['train', bids(), '--method', 'murd', '--preserve', 'age', '--out', out], 2, /'--preserve'/],
        [['train', bids(), '--joint', '--out', out], 2, /'--joint'/],
        [['train', bids(), '--method', 'cvae', '--start-from', 'shipped', '--out', out], 2, /'--start-from'/],
      ];
      for (const [words, status, message] of cases) {
        const run = await concord(...words);
        assert.equal(run.status, status, `${words.join(' ')}: ${run.err}${run.out}`);
        assert.match(run.err, message);
        assert.ok(!existsSync(out), words.join(' '));
      }
    });
  });

  it('trains what is compared with and harmonizes by it, the same as the SDK does', async () => {
    const networks = [
      ['cvae', '30', /cVAE of 2 sites \(siteA, siteE\): 30 steps, loss on \d+ scans held out \d/],
      ['cyclegan', '2', /CycleGAN of 2 sites .*; 2 generators and 2 critics for 1 pair of sites/],
      [
        'stargan-v2',
        '1',
        /StarGAN v2 of 2 sites .*; generator 0\.\d+, .* and discriminator 0\.\d+ million weights/,
      ],
      ['style-gan', '1', /style-encoding GAN of 2 sites .*; generator 0\.\d+, mapping network 0\.\d+/],
    ] as const;
    for (const [method, steps, summary] of networks) {
      const kept = folder.path(method);
      const learn = ['train', bids(), '--method', method, '--out', kept];
      const trained = await concord(...learn, ...tiny, '--steps', steps);
      assert.deepEqual([trained.status, trained.err], [0, '']);
      assert.match(trained.out, summary);
      const options = ['--method', method, '--model', kept, '--no-pictures', '--no-report'];
      const harmonize = ['harmonize', few(), ...options];
      const run = await concord(...harmonize, '--target', 'siteE', '--out', folder.path(`${method}-site`));
      assert.deepEqual([run.status, run.err], [0, '']);
      assert.match(run.out, /: 2 of 2 scans harmonized to siteE/);
      const written = await sdk.loadBids(folder.path(`${method}-site`), { desc: method.replace('-', '') });
      const loaded = await sdk.loadModel(kept, method);
      const expected = sdk.harmonizeVolumes(loaded, await sdk.loadBids(few()), { site: 'siteE' });
      const theirs = await expected.scans[0].open();
      const ours = await written.scans[0].open();
      const scale = Math.max(...theirs.data);
      theirs.data.forEach((value, i) => assert.ok(Math.abs(value - ours.data[i]) <= 1e-4 * scale));
      const out = folder.path('never');
      const untold = await concord(...harmonize, '--out', out);
      assert.deepEqual([untold.status, existsSync(out)], [2, false]);
      assert.match(untold.err, new RegExp(`'--target <site>'.* needed with --method ${method}`));
    }
  });

  it('answers bad input with one line that names the remedy', async () => {
    const out = folder.path('never');
    const harmonize = ['harmonize', bids(), '--method', 'ddae', '--out', out];
    const cases: [string[], number, RegExp][] = [
      [[...harmonize], 2, /--model <folder>.*concord train/],
      [[...harmonize, '--model', model(), '--eb', 'none'], 2, /'--eb' is not one of --method ddae/],
      [[...harmonize, '--model', model(), '--unseen', 'estimate'], 2, /'--unseen'.*error, average, nearest/],
      [[...harmonize, '--model', model(), '--site', 'scanner'], 2, /'--site'.*column:NAME/],
      [[...harmonize, '--model', model(), '--keep', '2'], 2, /0 to 1/],
      [[...harmonize, '--model', folder.path('nothing')], 1, /nothing/],
      [
        [...harmonize, '--model', model(), '--target', 'siteX'],
        1,
        /unknown target: "siteX".*"siteA", "siteE"/,
      ],
      [[...harmonize, '--model', model(), '--site', 'column:sex'], 1, /--unseen nearest or --unseen average/],
      [['harmonize', 'x.csv', '--out', out, '--model', 'm'], 2, /'--model' is not one of --method combat/],
      [['train', bids(), '--out', model()], 1, /file exists/],
      [['train', bids(), '--out', out, '--pixel-size', '0'], 2, /above 0/],
      [['train', bids(), '--out', out, ...tiny, '--session-label', 'siteA'], 1, /one site only.*siteA/],
      [['train', bids(), '--out', out, ...tiny, '--preserve', 'height'], 1, /height/],
    ];
    for (const [words, status, message] of cases) {
      const run = await concord(...words);
      assert.equal(run.status, status, `${words.join(' ')}: ${run.err}${run.out}`);
      assert.match(run.err, message);
      assert.ok(!existsSync(out), words.join(' '));
    }
  });
});
