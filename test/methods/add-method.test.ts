import assert from 'node:assert/strict';
import type { VolumeCohort } from '../../sdk/index';
import * as sdk from '../../sdk/index';
import { concord, concordOutput } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import type { GammaModel } from './gamma/gamma-method';
import { gammaMethod } from './gamma/gamma-method';

describe('a method of your own', () => {
  const folder = temporaryFolder();
  let remove: () => void;
  let cohort: VolumeCohort;
  let model: GammaModel;

  before(async () => {
    remove = sdk.methods.add(gammaMethod);
    const scanners = sdk.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => 'siteA siteE'.includes(site));
    const options = { scanners, subjects: 2, traveling: true, spacing: 6, masked: true, seed: 2 };
    cohort = sdk.simulateVolumeCohort(options).cohort;
    const slices = await sdk.toImages(cohort, { size: 40, center: 'mask' });
    const harmonizer = gammaMethod.harmonizers.images?.({});
    model = (await harmonizer?.fit(slices)) ?? assert.fail();
    await sdk.saveModel(model, folder.path('gamma.json'));
    await sdk.writeBids(cohort, folder.path('bids'), { desc: 'preproc' });
  });
  after(() => remove());

  it('is saved and loaded', async () => {
    assert.deepEqual(await sdk.loadModel(folder.path('gamma.json'), 'gamma'), model);
    assert.deepEqual(await sdk.loadAnyModel(folder.path('gamma.json')), model);
  });

  it('takes whole scans, in a script and on the command line alike', async () => {
    const out = folder.path('harmonized');
    const words = ['harmonize', folder.path('bids'), '--method', 'gamma', '--out', out];
    const printed = await concordOutput(
      ...[...words, '--model', folder.path('gamma.json'), '--no-pictures', '--halfway'],
    );
    assert.match(printed, /Gamma: 4 of 4 scans harmonized to the average/);
    const written = await sdk.loadBids(out, { desc: 'gamma' });
    const expected = sdk.harmonizeVolumes(model, await sdk.loadBids(folder.path('bids')), { halfway: true });
    const ours = await expected.scans[1].open();
    const theirs = await written.scans[1].open();
    const scale = Math.max(...ours.data);
    ours.data.forEach((value, i) => assert.ok(Math.abs(value - theirs.data[i]) <= 1e-4 * scale));
    assert.equal(expected.provenance.at(-1)?.options['halfway'], true);
  });

  it('has its options, its words and its examples in the help, and others are refused', async () => {
    const help = await concordOutput('harmonize', '--method', 'gamma', '--help');
    assert.match(help, /--halfway +take the square root/);
    assert.match(help, /gamma +Gamma gives the slices/);
    assert.match(help, /Examples of Gamma:\n {2}concord harmonize BIDS --method gamma/);
    assert.ok(!help.includes('--keep') && !help.includes('--preserve'));
    const stray = ['harmonize', 'bids', '--method', 'gamma', '--out', 'never', '--keep', '1'];
    const run = await concord(...stray);
    assert.equal(run.status, 2);
    assert.match(run.err, /'--keep' is not one of --method gamma/);
  });

  it('is shown as a card', () => {
    const written: string[] = [];
    const original = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text): boolean => written.push(String(text)) > 0;
    try {
      sdk.show(model);
    } finally {
      process.stdout.write = original;
    }
    assert.match(written.join(''), /Gamma model: 2 sites\nsiteA +\d\.\d{3}\nsiteE +\d\.\d{3}\n/);
  });

  it('may not have the name of another, and can be taken away', async () => {
    assert.throws(() => sdk.methods.add(gammaMethod), { code: 'invalid-option' });
    remove();
    await assert.rejects(sdk.saveModel(model, folder.path('again.json')), /its kind is "gamma"/);
    assert.throws(() => sdk.harmonizeVolumes(model, cohort), /"gamma" does not harmonize whole scans/);
    remove = sdk.methods.add(gammaMethod);
  });
});
