import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../scripts/checkout';
import {
  applyCombat,
  fitCombat,
  simulateFeatureCohort,
  simulateVolumeCohort,
  takeSubjects,
  writeBids,
  writeTable,
} from '../../sdk/index';
import { browserOrSkip } from '../support/browser';
import { codeBlocks, runPage } from './run-page';

const folder = join(checkout, 'how-to');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

/** What a page's reader has: tables of three sites, one of a fourth, and a BIDS dataset of digital persons. */
async function writeInputs(): Promise<void> {
  const names = ['fusiform', 'cuneus'].flatMap((name) => [`left.${name}`, `right.${name}`]);
  const { cohort } = simulateFeatureCohort({ sites: 4, subjects: 100, features: names, seed: 5 });
  const [last] = [...new Set(cohort.participants.sites)].sort().reverse();
  const known = takeSubjects(cohort, ({ row, site }) => site !== last && row % 4 !== 0);
  await writeTable(known, 'thickness.csv');
  const elsewhere = await applyCombat(await fitCombat(known, { preserve: ['age', 'sex'] }), known);
  await writeTable(elsewhere, 'harmonized-elsewhere.csv');
  await writeTable(
    takeSubjects(cohort, ({ row, site }) => site !== last && row % 4 === 0),
    'new-scans.csv',
  );
  await writeTable(
    takeSubjects(cohort, ({ site }) => site === last),
    'new-site.csv',
  );
}

describe('the how-to pages', function () {
  let home: string;
  let scratch: string;

  beforeEach(async () => {
    home = process.cwd();
    scratch = mkdtempSync(join(tmpdir(), 'concord-how-to-'));
    process.chdir(scratch);
    await writeInputs();
  });

  afterEach(() => {
    process.chdir(home);
    rmSync(scratch, { recursive: true, force: true });
  });

  const run = (name: string): Promise<string> => runPage(join(folder, `${name}.md`));

  it('harmonize-a-freesurfer-table does what it says', async () => {
    await run('harmonize-a-freesurfer-table');
    for (const file of [
      'harmonized/harmonized.csv',
      'harmonized/report.html',
      'thickness-harmonized.csv',
      'model.json',
    ]) {
      assert.ok(existsSync(file), file);
    }
  });

  it('apply-a-model-to-new-scans does what it says', async () => {
    await run('apply-a-model-to-new-scans');
    for (const file of ['second/report.html', 'third/harmonized.csv', 'new-scans-harmonized.csv'])
      assert.ok(existsSync(file), file);
  });

  it('is-the-site-gone does what it says', async () => {
    assert.match(await run('is-the-site-gone'), /in folds/);
    assert.ok(existsSync('audit/report.html'));
  });

  it('save-figures does what it says [long]', async function () {
    await browserOrSkip(this);
    await run('save-figures');
    for (const file of ['fusiform.pdf', 'age.png', 'dark.svg', 'slices.png'])
      assert.ok(existsSync(file), file);
  });

  it('use-another-backend does what it says [long]', async () => {
    assert.match(await run('use-another-backend'), /\nwasm$/);
  });

  it('side-by-side-with-python does what it says, in no more lines than Python', async function () {
    await browserOrSkip(this);
    const printed = await run('side-by-side-with-python');
    assert.ok(existsSync('fusiform.png'));
    const [means, older] = printed.split('\n');
    assert.match(means, /"site":"[^"]+","quantity":"left.fusiform"/);
    assert.equal((JSON.parse(older) as readonly object[]).length, 3);
    const lines = codeBlocks(join(folder, 'side-by-side-with-python.md')).map(
      ({ code }) => code.trim().split('\n').length,
    );
    assert.deepEqual(lines, [11, 9]);
  });

  it('data-frames does what it says', async () => {
    assert.match(await run('data-frames'), /\n\d+$/);
    assert.ok(existsSync('by-site-and-sex.csv'));
  });

  it('compare-methods-on-bids does what it says [long]', async () => {
    const { cohort } = simulateVolumeCohort({
      scanners: 'abcd-like',
      subjects: 4,
      traveling: true,
      spacing: 4,
      seed: 3,
    });
    await writeBids(cohort, 'bids', { raw: true, masks: true });
    await run('compare-methods-on-bids');
    assert.ok(existsSync('comparison/report.html') && existsSync('digital/dataset_description.json'));
  });

  it('are all run here', function () {
    const titles = this.test?.parent?.tests.map(({ title }) => title) ?? [];
    for (const page of pages)
      assert.ok(
        titles.some((title) => title.startsWith(page.replace('.md', ' '))),
        page,
      );
  });
});
