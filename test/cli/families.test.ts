import assert from 'node:assert/strict';
import { makeRandom } from '../../sdk/math/random';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('concord with families', () => {
  const folder = temporaryFolder();

  /** Forty twin pairs, whose families are in a column of this name. */
  function write(name: string, column: string): string {
    const random = makeRandom(2);
    const rows = Array.from({ length: 40 }, (_, pair) => {
      const shared = Array.from({ length: 6 }, () => 2.5 + 0.2 * random.normal());
      const age = (30 + 40 * random.uniform()).toFixed(1);
      return [0, 1].map((twin) => {
        const own = shared.map((value) => (value + 0.02 * random.normal()).toFixed(4));
        return [`s${pair}-${twin}`, 'AB'[pair % 2], `${1000 + pair}`, age, ...own].join(',');
      });
    }).flat();
    const names = shared6.map((k) => `lh_r${k}_thickness`);
    return folder.write(name, [['id', 'site', column, 'age', ...names].join(','), ...rows].join('\n'));
  }
  const shared6 = [1, 2, 3, 4, 5, 6];
  const rest = ['--seeds', '1', '--preserve', 'age'];

  it('keeps them together in an audit, by a documented name or --family, and says so', async () => {
    const known = write('known.csv', 'rel_family_id');
    const after = write('after.csv', 'note');
    const run = await concord('audit', known, after, ...rest);
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /80 subjects of 40 families, 6 features/);
    assert.match(
      run.out + run.err,
      /families are known by column "rel_family_id" of known.csv: 80 persons of 40 families/,
    );
    const fid = write('fid.csv', 'FID');
    const unsure = await concord('audit', fid, after, ...rest);
    assert.match(unsure.out, /80 subjects, 6 features/);
    assert.match(unsure.out + unsure.err, /may say who is related: 80 persons share an id.*--family FID/s);
    const named = await concord('audit', fid, after, ...rest, '--family', 'FID');
    assert.match(named.out, /80 subjects of 40 families, 6 features/);
    // The same figures: only the name of the column differs.
    const figures = (text: string): readonly string[] =>
      text.split('\n').filter((line) => /^ {2}\S/.test(line));
    assert.deepEqual(figures(named.out), figures(run.out));
    const wrong = await concord('audit', fid, after, ...rest, '--family', 'FIDD');
    assert.equal(wrong.status, 1);
    assert.match(wrong.err, /unknown family column: "FIDD"/);
  });

  it('applies a model that learned with families to a table without the column', async () => {
    const known = write('fit.csv', 'rel_family_id');
    const out = folder.path('out');
    const fit = await concord(
      'harmonize',
      known,
      '--no-audit',
      ...rest.slice(2),
      '--family',
      'rel_family_id',
      '--out',
      out,
    );
    assert.equal(fit.status, 0, fit.err);
    const other = write('other.csv', 'note');
    const run = await concord('apply', `${out}/model.json`, other, '--out', folder.path('applied'));
    assert.equal(run.status, 0, run.err);
  });
});
