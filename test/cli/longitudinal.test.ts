import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { longitudinalFixture } from '../support/longitudinal-fixture';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('concord harmonize --method longitudinal', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => folder.path(name);
  const { cohort } = longitudinalFixture();
  const { participants, features } = cohort;

  /** One row for each visit, without a column of ids. */
  const table = (visits: readonly string[]): string => {
    const rows = participants.persons.map((person, row) => {
      const known = participants.covariates.map((one) => (one.kind === 'continuous' ? one.values[row] : ''));
      const own = Array.from(features.values.subarray(row * 4, row * 4 + 4), (value) =>
        Number.isNaN(value) ? '' : value,
      );
      return [person, visits[row], participants.sites[row], ...known, ...own].join(',');
    });
    return ['subject,visit,site,age,male,time,f1,f2,f3,f4', ...rows].join('\n');
  };
  const visits = participants.persons.map(
    (person, row) => `v${participants.persons.slice(0, row + 1).filter((own) => own === person).length}`,
  );

  before(() => {
    writeFileSync(at('visits.csv'), table(visits));
  });

  it('makes ids of person and visit, and applies the model to the same table', async () => {
    const out = at('out');
    const run = await concord(
      ...['harmonize', at('visits.csv'), '--person', 'subject', '--method', 'longitudinal', '--no-audit'],
      ...['--preserve', 'age,male', '--random-slope', 'time', '--features', 'f*', '--out', out],
    );
    assert.deepEqual([run.status, run.err], [0, ''], run.err);
    const harmonized = readFileSync(join(out, 'harmonized.csv'), 'utf8');
    assert.match(harmonized, /^subject,visit,site,age,male,time,f1,f2,f3,f4\np01,v1,/);
    const apply = await concord('apply', join(out, 'model.json'), at('visits.csv'), '--out', at('again'));
    assert.equal(apply.status, 0, apply.err);
    assert.equal(readFileSync(join(at('again'), 'harmonized.csv'), 'utf8'), harmonized);
    assert.match(readFileSync(join(out, 'report.html'), 'utf8'), /level and slope over time/);
    assert.match(readFileSync(join(out, 'model.json'), 'utf8'), /"p01_v1"/);
  });

  it('names a visit that is there twice; takes curves, chosen by REML only', async () => {
    writeFileSync(at('twice.csv'), table(visits.map((visit, row) => (row === 2 ? 'v1' : visit))));
    const fit = ['--person', 'subject', '--method', 'longitudinal', '--preserve', 'male', '--features', 'f*'];
    const twice = await concord('harmonize', at('twice.csv'), ...fit, '--out', at('twice'));
    assert.equal(twice.status, 1);
    assert.match(twice.err, /duplicate subject id .*"p02" with visit "v1" is also in row/);
    const curves = [...fit, '--smooth', 'age', '--no-audit'];
    const byGcv = await concord(
      ...['harmonize', at('visits.csv'), ...curves, '--smoothing', 'gcv', '--out', at('gcv')],
    );
    assert.match(
      byGcv.err,
      /invalid smoothing: "gcv" cannot be combined with the effects of persons, .* \(choose --smoothing reml, or a penalty\)/,
    );
    const curved = await concord('harmonize', at('visits.csv'), ...curves, '--out', at('curved'));
    assert.equal(curved.status, 0, curved.err);
    assert.match(curved.out, /longitudinal ComBat: \d+ scans of \d+ persons, .* not audited/);
    assert.match(
      readFileSync(join(at('curved'), 'report.html'), 'utf8'),
      /random effects that were left in the data/,
    );
    const model = join(at('curved'), 'model.json');
    const again = await concord('apply', model, at('visits.csv'), '--out', at('curved again'));
    assert.equal(again.status, 0, again.err);
    assert.match(again.out, /harmonized \d+ scans of \d+ persons, /);
    const [one, other] = ['curved', 'curved again'].map((name) =>
      readFileSync(join(at(name), 'harmonized.csv'), 'utf8'),
    );
    assert.equal(other, one);
  });
});
