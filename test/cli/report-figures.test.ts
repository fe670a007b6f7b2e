import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { endDrawing } from '../../sdk/browser/draw-figure';
import { writeTable } from '../../sdk/io/tables/write-table';
import { writeBids } from '../../sdk/io/bids/written/write-bids';
import { contractVolumes } from '../support/contract-cohorts';
import { randomCohort } from '../evaluate/audit-cohorts';
import { browserOrSkip } from '../support/browser';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('--figures', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => folder.path(name);
  const written = (name: string): readonly string[] =>
    readdirSync(at(name)).filter((file) => /^report-/.test(file));
  const fit = (...more: string[]): ReturnType<typeof concord> =>
    concord('harmonize', at('raw.csv'), '--preserve', 'age', '--seeds', '1', '--out', at('out'), ...more);

  before(async () => {
    const raw = randomCohort({
      seed: 8,
      subjects: 60,
      features: 4,
      sites: 2,
      siteEffect: 1,
      ageEffect: 0.6,
      sexEffect: 1,
    });
    await writeTable(raw, at('raw.csv'));
  });
  after(endDrawing);

  it('names what is missing before any work: a browser, a report, a format', async () => {
    const usual = process.env['CONCORD_BROWSER'];
    process.env['CONCORD_BROWSER'] = at('gone');
    try {
      const run = await fit('--figures', 'svg');
      assert.equal(run.status, 1);
      assert.match(run.err, /CONCORD_BROWSER names .*apt-get install chromium/);
      assert.doesNotMatch(run.err, /option browser/);
      assert.ok(!existsSync(at('out')));
    } finally {
      if (usual === undefined) delete process.env['CONCORD_BROWSER'];
      else process.env['CONCORD_BROWSER'] = usual;
    }
    const nowhere = await concord('audit', at('raw.csv'), at('raw.csv.gz'), '--figures', 'svg');
    assert.deepEqual(
      [nowhere.status, /'--figures' goes with --out/.test(nowhere.err)],
      [2, true],
      nowhere.err,
    );
    const gif = await fit('--figures', 'gif');
    assert.deepEqual([gif.status, /svg, png, pdf/.test(gif.err)], [2, true], gif.err);
  });

  it('writes each figure of the report beside it, and replaces none that is there', async function () {
    await browserOrSkip(this);
    const run = await fit('--figures', 'svg');
    assert.deepEqual([run.status, run.err], [0, '']);
    const files = ['audit', 'components-by-age', 'components-by-site', 'densities', 'priors', 'site-effects'];
    const all = [...files, 'slopes-age', 'slopes-sex-F', 'variance'].map((name) => `report-${name}.svg`);
    assert.deepEqual(written('out'), all);
    for (const file of all) assert.match(readFileSync(at(`out/${file}`), 'utf8'), /^<svg.*<\/svg>$/s);
    assert.match(run.out, /written to .*report-audit\.svg/);
    const page = readFileSync(at('out/report.html'), 'utf8');
    // The page has two more, of the feature that is picked there.
    assert.equal(page.match(/class="concord-figure"/g)?.length, all.length + 2);
    const applied = await concord(
      'apply',
      at('out/model.json'),
      at('raw.csv'),
      '--out',
      at('applied'),
      '--figures',
      'png',
    );
    assert.equal(applied.status, 0, applied.err);
    assert.deepEqual(written('applied'), ['report-densities.png', 'report-training-range.png']);
    for (const kept of ['harmonized.csv', 'model.json', 'report.html', 'provenance.json'])
      assert.ok(existsSync(at(`out/${kept}`)));
  });

  it('writes those of reports on scans, beside which validators look away', async function () {
    await browserOrSkip(this);
    await writeBids(contractVolumes({ A: 2, B: 2 }), at('bids'));
    const zScore = ['--method', 'z-score', '--target', 'A', '--no-pictures', '--out', at('scans')];
    const run = await concord('harmonize', at('bids'), ...zScore, '--figures', 'svg');
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.deepEqual(written('scans'), ['report-intensities.svg']);
    assert.match(run.out, /report\.html \(figures: report-intensities\.svg\)/);
    assert.match(readFileSync(at('scans/.bidsignore'), 'utf8'), /^report\*\.svg$/m);
    const steps = ['--no-mask', '--no-bias', '--no-field-of-view', '--no-pictures', '--figures', 'png'];
    const some = ['--participant-label', 'traveler'];
    const done = await concord('preprocess', at('bids'), at('steps'), 'participant', ...steps, ...some);
    assert.deepEqual([done.status, done.err], [0, '']);
    assert.deepEqual(
      readdirSync(at('steps')).filter((name) => name.endsWith('.png')),
      ['report_traveler-intensities.png'],
    );
    const none = await concord(
      'preprocess',
      at('bids'),
      at('none'),
      'participant',
      '--no-report',
      '--figures',
      'png',
    );
    assert.deepEqual([none.status, /'--figures' goes with a report/.test(none.err)], [2, true], none.err);
  });

  it('audits and compares with figures', async function () {
    await browserOrSkip(this);
    const audit = await concord(
      ...['audit', at('raw.csv'), at('out/harmonized.csv'), '--preserve', 'age', '--seeds', '1'],
      ...['--out', at('audit'), '--figures', 'pdf'],
    );
    assert.equal(audit.status, 0, audit.err);
    assert.ok(written('audit').includes('report-audit.pdf'));
    const words = ['compare', at('raw.csv'), '--methods', 'combat', '--seeds', '1', '--out', at('compared')];
    const compare = await concord(...words, '--figures', 'svg');
    assert.equal(compare.status, 0, compare.err);
    assert.deepEqual(written('compared'), ['report-comparison.svg']);
    // The report is gone, its figure is not.
    for (const name of ['report.html', 'comparison.json', 'provenance.json']) rmSync(at(`compared/${name}`));
    const again = await concord(...words, '--figures', 'svg');
    assert.deepEqual(
      [again.status, /file exists: .*report-comparison\.svg/.test(again.err)],
      [1, true],
      again.err,
    );
  });
});
