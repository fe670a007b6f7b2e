import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as sdk from '../../../sdk/index';
import { concord } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

const quick = [
  ...['--steps', '2', '--folds', '2', '--slices', '2', '--image-size', '32', '--baselines', 'none'],
  ...['--backend', 'wasm'],
];

describe('concord audit of scans', () => {
  const folder = temporaryFolder();
  const raw = (): string => folder.path('raw');
  const after = (): string => folder.path('after');

  before(async () => {
    const scanners = sdk.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => 'siteA siteE'.includes(site));
    const options = { scanners, subjects: 3, traveling: true, spacing: 6, masked: true, seed: 2 };
    const { cohort } = sdk.simulateVolumeCohort(options);
    const method = sdk.intensityHarmonizer('z-score', { kind: 'volumes' });
    await sdk.writeBids(cohort, raw(), { desc: 'brain' });
    const source = await sdk.loadBids(raw());
    const harmonized = await method.apply(await method.fit(source), source, { target: 'siteA' });
    await sdk.writeBids(harmonized, after(), { desc: 'zscore' });
  });

  it('prints the figures and the answers, as auditImages gives them', async () => {
    const run = await concord('audit', raw(), after(), ...quick, '--target', 'siteA', '--mask', 'common');
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /^after: 6 scans of 3 persons, 12 slices of 32 × 32, 2 sites/);
    assert.match(run.out, /Is it nearer to the person’s own scan at the target site\? (Yes|Partly|No)\./);
    assert.match(run.out, /scans with the person’s own at siteA, PSNR/);
  });

  it('gives the same as JSON, whatever the ids are in the other dataset', async () => {
    const json = async (...words: string[]): Promise<sdk.ImageAudit> => {
      const run = await concord('audit', raw(), after(), ...quick, '--target', 'siteA', ...words, '--json');
      assert.deepEqual([run.status, run.err], [0, '']);
      return JSON.parse(run.out) as sdk.ImageAudit;
    };
    const audit = await json();
    assert.deepEqual([audit.kind, audit.subjects, audit.steps], ['image-audit', 6, 2]);
    const edges = audit.rows.find(({ id }) => id === 'person/edges');
    assert.ok((edges?.values['in-sample']?.estimate ?? 0) > 0.999);
    const held = await json('--held-out');
    assert.ok(held.rows.find(({ id }) => id === 'person/edges')?.values['held-out'] !== undefined);
    const some = await json('--participant-label', firstPeople(raw(), 2));
    assert.equal(some.subjects, 4);
  });

  it('does without the people of the second dataset', async () => {
    const people = folder.path('after/participants.tsv');
    const text = readFileSync(people, 'utf8');
    rmSync(people);
    const run = await concord('audit', raw(), after(), ...quick, '--json');
    writeFileSync(people, text);
    assert.deepEqual([run.status, run.err], [0, '']);
  });

  it('writes the report, with slices before and after', async () => {
    const out = folder.path('out');
    const run = await concord('audit', raw(), after(), ...quick, '--out', out);
    assert.deepEqual([run.status, run.err], [0, '']);
    const html = readFileSync(folder.path('out/report.html'), 'utf8');
    assert.match(html, /Audit of after/);
    assert.match(html, /data-figure="person\/edges"/);
    assert.equal((html.match(/data:image\/png/g) ?? []).length, 2);
    assert.ok(!html.includes(folder.path('raw')));
    assert.equal((await concord('audit', raw(), after(), ...quick, '--out', out)).status, 1);
  });

  it('refuses options of tables, and for tables those of scans', async () => {
    const scans = await concord('audit', raw(), after(), '--features', 'lh_*');
    assert.equal(scans.status, 2);
    assert.match(scans.err, /'--features' is for tables, but BIDS datasets are given/);
    writeFileSync(folder.path('table.csv'), 'id,site,f\na,x,1\n');
    const tables = await concord(
      'audit',
      folder.path('table.csv'),
      folder.path('table.csv'),
      '--target',
      'x',
    );
    assert.equal(tables.status, 2);
    assert.match(tables.err, /'--target' is for scans, but tables are given/);
    const wrong = await concord('audit', raw(), after(), '--baselines', 'magic');
    assert.equal(wrong.status, 2);
  });

  it('says what is wrong, in its own words', async () => {
    const same = await concord('audit', raw(), raw(), ...quick);
    assert.equal(same.status, 1);
    assert.match(same.err, /are the same folder \(name the raw dataset first/);
    const target = await concord('audit', raw(), after(), ...quick, '--target', 'siteX');
    assert.equal(target.status, 1);
    assert.match(target.err, /unknown target: "siteX"/);
    const desc = await concord('audit', raw(), after(), ...quick, '--after-desc', 'other');
    assert.equal(desc.status, 1);
    assert.match(desc.err, /none matches desc: "other" \(there are desc: "zscore"\)/);
    const two = folder.path('two');
    cpSync(after(), two, { recursive: true });
    cpSync(raw(), two, { recursive: true, force: false });
    const kinds = await concord('audit', raw(), two, ...quick);
    assert.equal(kinds.status, 1);
    assert.match(kinds.err, /choose with --desc brain or --after-desc brain/);
    const chosen = await concord('audit', raw(), two, ...quick, '--after-desc', 'zscore');
    assert.equal(chosen.status, 0, chosen.err);
  });
});

function firstPeople(dataset: string, count: number): string {
  const [, ...rows] = readFileSync(`${dataset}/participants.tsv`, 'utf8').trim().split('\n');
  return rows
    .slice(0, count)
    .map((row) => row.split('\t')[0].replace('sub-', ''))
    .join(',');
}
