import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTable } from '../../sdk/io/tables/write-table';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { randomCohort } from '../evaluate/audit-cohorts';
import { concord } from '../support/run-command';

describe('concord audit', () => {
  let folder: string;
  const at = (...parts: string[]): string => join(folder, ...parts);
  const rest = ['--preserve', 'age,sex', '--seeds', '1'];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-audit-'));
    const raw = randomCohort({
      seed: 8,
      subjects: 90,
      features: 6,
      sites: 3,
      siteEffect: 1,
      ageEffect: 0.6,
      sexEffect: 1,
    });
    const after = await applyCombat(await fitCombat(raw, { preserve: ['age', 'sex'] }), raw);
    await writeTable(raw, at('raw.csv'));
    await writeTable(after, at('after.csv'));
    // As another program might: features only, another order.
    const [head, ...rows] = readFileSync(at('after.csv'), 'utf8').trim().split('\n');
    const names = head.split(',');
    const kept = [0, ...[...names.keys()].filter((k) => /^f\d/.test(names[k])).reverse()];
    const bare = [head, ...rows.reverse()].map((line) => kept.map((k) => line.split(',')[k]).join(','));
    writeFileSync(at('bare.csv'), `${bare.join('\n')}\n`);
    const turned = kept.map((_, k) => bare.map((line) => line.split(',')[k]).join(','));
    writeFileSync(at('turned.csv'), `${turned.join('\n')}\n`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('prints the evaluation and the answers, and writes nothing', async () => {
    const run = await concord('audit', at('raw.csv'), at('bare.csv'), ...rest);
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /^bare\.csv: 90 subjects, 6 features, 3 sites/);
    assert.match(run.out, /Is the biology still there\? Inconclusive\./);
    assert.match(run.out, /figures in folds are not available for a table harmonized elsewhere/);
    assert.ok(!/Is the site gone\? Yes/.test(run.out) && !/in folds {2}/.test(run.out));
  });

  it('gives the same figures whatever the order and the columns', async () => {
    const figures = async (name: string): Promise<unknown> => {
      const { out } = await concord('audit', at('raw.csv'), at(name), ...rest, '--json');
      return (JSON.parse(out) as { rows: unknown }).rows;
    };
    assert.deepEqual(await figures('bare.csv'), await figures('after.csv'));
  });

  it('says that rows are in another order, and that values are those of others', async () => {
    const ordered = await concord('audit', at('raw.csv'), at('bare.csv'), ...rest);
    assert.match(ordered.out, /info: rows of the table after are in another order than before/);
    const [names, ...rows] = readFileSync(at('bare.csv'), 'utf8').trim().split('\n');
    const ids = rows.map((line) => line.split(',')[0]).reverse();
    const moved = rows.map((line, row) => line.replace(/^[^,]+/, ids[row]));
    writeFileSync(at('moved.csv'), `${[names, ...moved].join('\n')}\n`);
    const shuffled = await concord('audit', at('raw.csv'), at('moved.csv'), ...rest);
    assert.match(
      shuffled.out,
      /warning: \d\d of 90 participants have the values of others after harmonization: .*write the table again with the ids/,
    );
  });

  it('says that ages and sites of the second table are those of others, in a table that has them', async () => {
    const text = readFileSync(at('after.csv'), 'utf8').trim().split('\n');
    const ids = text.slice(1).map((line) => line.split(',')[0]);
    const moved = text.slice(1).map((line, row) => line.replace(/^[^,]+/, ids[(row + 1) % ids.length]));
    writeFileSync(at('others.csv'), `${[text[0], ...moved].join('\n')}\n`);
    const same = ['--same-level', 'sex=fold'];
    const { out, status } = await concord('audit', at('raw.csv'), at('others.csv'), ...rest, ...same);
    assert.equal(status, 0);
    assert.match(
      out,
      /warning: column "age" differs between raw\.csv and others\.csv for 90 of 90 participants with/,
    );
    assert.match(out, /warning: column "site" differs between raw\.csv and others\.csv for \d+ of 90/);
    const right = await concord('audit', at('raw.csv'), at('after.csv'), ...rest, ...same);
    assert.deepEqual([right.status, right.out.includes('differs between')], [0, false]);
  });

  it('finds the ids of the second table where they have another name', async () => {
    const text = readFileSync(at('bare.csv'), 'utf8');
    writeFileSync(at('other.csv'), text.replace(/^[^,]+/, 'subject'));
    writeFileSync(at('odd.csv'), text.replace(/^[^,]+/, 'code'));
    const id = readFileSync(at('raw.csv'), 'utf8').split(',')[0];
    for (const words of [[at('other.csv')], [at('odd.csv'), '--after-id', 'code']]) {
      const run = await concord('audit', at('raw.csv'), ...words, '--id', id, ...rest);
      assert.deepEqual([run.status, run.err], [0, '']);
      assert.match(run.out, /90 subjects, 6 features/);
    }
  });

  it('writes a report with the answers, the numbers and the figures, and its provenance', async () => {
    const run = await concord('audit', at('raw.csv'), at('bare.csv'), ...rest, '--out', at('out'));
    assert.equal(run.status, 0, run.err);
    const html = readFileSync(at('out', 'report.html'), 'utf8');
    assert.match(html, /Audit of bare\.csv/);
    assert.match(html, /data-figure="site\/probe\/linear"/);
    assert.ok(!html.includes(folder));
    const record = JSON.parse(readFileSync(at('out', 'provenance.json'), 'utf8')) as {
      inputs: { name: string }[];
    };
    assert.deepEqual(
      record.inputs.map(({ name }) => name),
      ['raw.csv', 'bare.csv'],
    );
    const again = await concord('audit', at('raw.csv'), at('bare.csv'), ...rest, '--out', at('out'));
    assert.equal(again.status, 1);
  });

  it('refuses the same file twice, however it is named, and warns of a copy', async () => {
    symlinkSync(at('raw.csv'), at('link.csv'));
    const linked = await concord('audit', at('raw.csv'), at('link.csv'), ...rest);
    assert.equal(linked.status, 1);
    assert.match(linked.err, /are the same file/);
    copyFileSync(at('raw.csv'), at('copy.csv'));
    const copied = await concord('audit', at('raw.csv'), at('copy.csv'), ...rest);
    assert.match(copied.out, /warning: the values after are those before/);
    assert.match(copied.out, /Is the site gone\? No\./);
  });

  it('names what is wrong with the second table', async () => {
    const failing = async (name: string): Promise<string> => {
      const run = await concord('audit', at('raw.csv'), at(name), ...rest, '--out', at('failed'));
      assert.equal(run.status, 1, run.out);
      assert.ok(!existsSync(at('failed')));
      return run.err;
    };
    assert.match(await failing('turned.csv'), /has subjects in its columns .*transpose it/);
    const text = readFileSync(at('bare.csv'), 'utf8');
    writeFileSync(at('ids.csv'), text.replaceAll(/^s(\d)/gm, 'person$1'));
    assert.match(await failing('ids.csv'), /no subject of .*ids\.csv is in/);
    const [names, ...rows] = text.trim().split('\n');
    const counted = rows.map((line, row) => line.replace(/^[^,]+/, String(row + 1)));
    writeFileSync(at('counted.csv'), `${[names, ...counted].join('\n')}\n`);
    assert.match(await failing('counted.csv'), /no subject of .*counted\.csv is in .*its row numbers/);
    writeFileSync(at('names.csv'), text.replaceAll(/\bf(\d)\b/g, 'g$1'));
    assert.match(await failing('names.csv'), /no feature is in both tables/);
    assert.match(await failing('missing.csv'), /missing\.csv/);
  });
});
