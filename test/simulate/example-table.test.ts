import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { exampleTable, groupSummary, loadTable, writeTable } from '../../sdk/index';
import { exampleCohort } from '../../scripts/example/example-cohort';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('the example table', () => {
  const folder = temporaryFolder();

  it('is what the simulator makes of its seed, as `npm run build:example` writes it', async () => {
    const anew = folder.path('simulated-thickness.csv');
    await writeTable(exampleCohort(), anew);
    for (const extension of ['', '.json']) {
      assert.equal(
        readFileSync(`${exampleTable()}${extension}`, 'utf8'),
        readFileSync(`${anew}${extension}`, 'utf8'),
      );
    }
  });

  it('says that it is simulated in its name, in each id, and in the file beside it', () => {
    assert.match(exampleTable(), /simulated-thickness\.csv$/);
    const [, ...rows] = readFileSync(exampleTable(), 'utf8').trim().split('\n');
    assert.deepEqual(
      rows.filter((row) => !row.startsWith('sub-sim')),
      [],
    );
    assert.match(readFileSync(`${exampleTable()}.json`, 'utf8'), /"simulateFeatureCohort"/);
  });

  it('is shaped like a real one: sites, age, sex, the regions of FreeSurfer in mm, a few cells missing', async () => {
    const { participants, features, issues } = await loadTable(exampleTable(), {
      covariates: ['age', 'sex'],
    });
    assert.equal(participants.ids.length, 240);
    assert.deepEqual(
      participants.covariates.map(({ name }) => name),
      ['age', 'sex'],
    );
    assert.equal(features.features.length, 68);
    assert.equal(features.features[0], 'lh_bankssts_thickness');
    const values = features.values.filter((value) => !Number.isNaN(value));
    assert.ok(values.length < features.values.length && values.length > 0.99 * features.values.length);
    assert.ok(Math.min(...values) > 0.5 && Math.max(...values) < 5.5);
    assert.deepEqual(
      issues.filter(({ severity }) => severity !== 'info'),
      [],
    );
  });

  it('has the site effect that notebook 01 speaks of: sites in this order, tenths of a millimeter apart', async () => {
    const cohort = await loadTable(exampleTable(), { covariates: ['age', 'sex'], features: '*_thickness' });
    const thickness = groupSummary(cohort, ['lh_fusiform_thickness']).map(({ site, mean }) => ({
      site,
      mean,
    }));
    const sorted = thickness.sort((a, b) => Number(b.mean) - Number(a.mean));
    assert.deepEqual(
      sorted.map(({ site }) => site),
      ['Eastbrook', 'Northfield', 'Southmoor', 'Westhaven'],
    );
    assert.ok(Number(sorted[0].mean) - Number(sorted[2].mean) > 0.2);
  });

  it('is written by concord example, over nobody else’s file', async () => {
    const path = folder.path('mine.csv');
    const first = await concord('example', '--out', path);
    assert.equal(first.status, 0, first.err);
    assert.match(first.out, /simulated: 240 participants of 4 sites, 68 thicknesses/);
    assert.equal(readFileSync(path, 'utf8'), readFileSync(exampleTable(), 'utf8'));
    const again = await concord('example', '--out', path);
    assert.deepEqual([again.status, /file exists.*--overwrite/s.test(again.err)], [1, true]);
    assert.equal((await concord('example', '--out', path, '--overwrite')).status, 0);
  });
});
