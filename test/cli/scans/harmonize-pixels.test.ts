import assert from 'node:assert/strict';
import type { VolumeCohort } from '../../../sdk/index';
import * as sdk from '../../../sdk/index';
import { concord } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

const quiet = ['--no-pictures', '--no-report'];

describe('ComBat by pixels on the command line', () => {
  const folder = temporaryFolder();
  const bids = (): string => folder.path('bids');
  let raw: VolumeCohort;

  before(async () => {
    const scanners = sdk.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => 'siteA siteE'.includes(site));
    const options = { scanners, subjects: 3, traveling: true, spacing: 6, masked: true, seed: 2 };
    await sdk.writeBids(sdk.simulateVolumeCohort(options).cohort, bids(), { desc: 'preproc' });
    raw = await sdk.loadBids(bids());
  });

  it('harmonizes whole scans as the SDK does, keeps the model, and applies it', async () => {
    const out = folder.path('out');
    const words = ['--method', 'pixel-combat', '--reference', 'siteA', '--out', out, ...quiet];
    const run = await concord('harmonize', bids(), ...words);
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /ComBat by pixels: 6 of 6 scans harmonized to siteA/);
    const slices = await sdk.toImages(raw);
    const model = await sdk.baselines.fitPixelCombat(slices, { reference: 'siteA' });
    const stored = await sdk.loadModel(folder.path('out/model.json'), 'pixel-combat');
    assert.deepEqual(stored.combat.gammaStar, model.combat.gammaStar);
    const expected = await sdk.harmonizeVolumes(model, raw).scans[4].open();
    const written = await (await sdk.loadBids(out, { desc: 'pixelcombat' })).scans[4].open();
    assert.deepEqual(written.data, expected.data);
    const again = folder.path('again');
    const applied = await concord('apply', folder.path('out/model.json'), bids(), '--out', again, ...quiet);
    assert.deepEqual([applied.status, applied.err], [0, '']);
    const same = await (await sdk.loadBids(again, { desc: 'pixelcombat' })).scans[4].open();
    assert.deepEqual(same.data, expected.data);
  });

  it('says what to do with scans that are not on one grid', async () => {
    const scans = raw.scans.map((scan, at) => ({
      ...scan,
      open: async () => {
        const volume = await scan.open();
        const affine = at === 2 ? sdk.affine.make([6, 6, 6], [1, 2, 3]) : volume.affine;
        return { ...volume, affine };
      },
    }));
    const moved = folder.path('moved');
    await sdk.writeBids({ ...raw, scans }, moved, { desc: 'preproc' });
    const words = ['--method', 'pixel-combat', '--out', folder.path('none'), ...quiet];
    const run = await concord('harmonize', moved, ...words);
    assert.equal(run.status, 1);
    assert.match(run.err, /not aligned: .* is on another grid .*concord preprocess --template/);
  });
});
