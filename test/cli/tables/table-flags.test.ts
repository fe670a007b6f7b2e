import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { concord, concordReading } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

type Row = Readonly<Record<string, string>>;

/** Forty subjects at two sites, four features: a table as text, its cells changed by `change`. */
function tableText(change: (row: Row, at: number) => Row = (row) => row, by = ','): string {
  const rows = Array.from({ length: 40 }, (_, at): Row => {
    const x = (k: number): string => (2 + Math.sin(at * (k + 1)) / 4 + (at % 2) / 3).toFixed(4);
    const base = {
      id: `s${String(at).padStart(2, '0')}`,
      site: 'AB'[at % 2],
      age: String(20 + ((at * 7) % 50)),
    };
    return change({ ...base, sex: 'FM'[(at >> 1) % 2], x0: x(0), x1: x(1), x2: x(2), x3: x(3) }, at);
  });
  const names = Object.keys(rows[0]);
  return (
    [names, ...rows.map((row) => names.map((name) => row[name]))].map((cells) => cells.join(by)).join('\n') +
    '\n'
  );
}

describe('the flags of tables', () => {
  const folder = temporaryFolder();
  let runs = 0;
  const harmonize = async (
    contents: string,
    ...words: string[]
  ): Promise<{ status: number; text: string; out: string }> => {
    const out = folder.path(`out${runs++}`);
    const path = folder.write('table.csv', contents);
    const run = await concord(
      'harmonize',
      path,
      '--out',
      out,
      '--no-audit',
      '--preserve',
      'age,sex',
      ...words,
    );
    return { status: run.status, text: run.out + run.err, out };
  };
  const steps = (out: string): Readonly<Record<string, unknown>> => {
    const { steps } = JSON.parse(readFileSync(`${out}/provenance.json`, 'utf8')) as {
      steps: { options: Readonly<Record<string, unknown>> }[];
    };
    return steps[0].options;
  };

  it('--missing adds marks, of one column where it is named, and may be repeated', async () => {
    const text = tableText((row, at) => ({
      ...row,
      sex: at === 3 ? '9' : row.sex,
      x0: at === 5 ? '-99' : at === 6 ? '9' : row.x0,
      age: at === 7 ? 'NA' : row.age,
    }));
    const run = await harmonize(text, '--missing', '-99.0', '--missing', 'sex=9', '--drop-missing');
    assert.equal(run.status, 0, run.text);
    assert.match(run.text, /ComBat: 38 subjects/);
    assert.match(run.text, /1 of 160 feature cells is missing/);
    assert.deepEqual(steps(run.out)['missing'], ['-99.0', 'sex=9']);
    const mixed = await harmonize(text, '--missing', '-99,sex=9', '--drop-missing');
    assert.match(mixed.text, /ComBat: 38 subjects/);
  });

  it('--missing only: replaces the known marks', async () => {
    const text = tableText((row, at) => ({ ...row, sex: at % 5 === 0 ? 'None' : row.sex }));
    const warned = await harmonize(text, '--drop-missing');
    assert.match(warned.text, /8 cells of column "sex" of table\.csv read as missing: "None" \(8\)/);
    const kept = await harmonize(text, '--missing', 'sex=only:NA');
    assert.match(kept.text, /ComBat: 40 subjects/);
    assert.match(kept.text, /categorical: "F", "M", "None"/);
    const refused = await harmonize(text.replace('1.', 'NA'), '--missing', 'only:-9');
    assert.equal(refused.status, 1);
    const stray = await harmonize(text, '--missing', 'gender=9');
    assert.match(stray.text, /unknown column: "gender"/);
  });

  it('--decimal and --thousands say how numbers are written', async () => {
    const comma = tableText(
      (row) => ({ ...row, x0: `4.${row.x0.slice(2, 5)},5`, x1: row.x1.replace('.', ',') }),
      ';',
    ).replaceAll(/(\d)\.(\d{4}\b)/g, '$1,$2');
    const refused = await harmonize(comma);
    assert.equal(refused.status, 1);
    const read = await harmonize(comma, '--decimal', ',', '--thousands', '.', '--features', 'x*');
    assert.equal(read.status, 0, read.text);
    assert.match(
      readFileSync(`${read.out}/harmonized.csv`, 'utf8').split('\n')[1],
      /^s00,A,20,F,"4\d{3},\d+","2,\d+"/,
    );
    for (const [sign, text] of [
      ["'", "4'221"],
      ['_', '4_221'],
      [' ', '4 221'],
      ['space', '4\u202f221'],
    ]) {
      const run = await harmonize(
        tableText((row, at) => ({ ...row, x0: at === 1 ? text : row.x0 })),
        '--thousands',
        sign,
      );
      assert.equal(run.status, 0, run.text);
    }
    assert.equal((await harmonize(comma, '--decimal', ';')).status, 2);
    assert.equal((await harmonize(comma, '--thousands', 'x')).status, 2);
  });

  it('--age-cap reads ages that are hidden', async () => {
    const text = tableText((row, at) => ({ ...row, age: at === 9 ? '89+' : row.age }));
    const refused = await harmonize(text);
    assert.equal(refused.status, 1);
    assert.match(refused.text, /row 11, column "age": "89\+".*privacy/);
    const read = await harmonize(text, '--age-cap', '89');
    assert.equal(read.status, 0, read.text);
    assert.match(read.text, /1 age in column "age" of table\.csv read as 89/);
    assert.equal((await harmonize(text, '--age-cap', 'old')).status, 2);
  });

  it('--same-site and --same-level merge what is written differently', async () => {
    const text = tableText((row, at) => ({
      ...row,
      site: at % 8 === 0 ? 'a' : row.site,
      sex: at % 6 === 0 ? row.sex.toLowerCase() : row.sex,
    }));
    const apart = await harmonize(text);
    assert.match(
      apart.text,
      /sites in column "site" of table\.csv differ only in how they are written: "A" \(15\), "a" \(5\)/,
    );
    assert.match(apart.text, /levels in column "sex"/);
    const folded = await harmonize(text, '--same-site', 'fold', '--same-level', 'sex=fold');
    assert.doesNotMatch(folded.text, /differ only/);
    assert.match(folded.text, /"a" \(5\) as "A"/);
    const named = await harmonize(
      text,
      '--same-site',
      'a=A',
      '--same-level',
      'sex:f=F',
      '--same-level',
      'sex:m=M',
    );
    assert.doesNotMatch(named.text, /differ only/);
    assert.deepEqual(steps(named.out)['sameLevel'], { sex: { f: 'F', m: 'M' } });
    const sites = 'a=Paris, France,A=Paris, France,B=Berlin';
    const together = await harmonize(text, '--same-site', sites, '--same-level', 'sex:f=F,m=M');
    assert.deepEqual(steps(together.out)['sameLevel'], { sex: { f: 'F', m: 'M' } });
    const paris = 'Paris, France';
    assert.deepEqual(steps(together.out)['sameSite'], { a: paris, A: paris, B: 'Berlin' });
    for (const words of [
      ['--same-site', 'all'],
      ['--same-site', 'fold', '--same-site', 'a=A'],
      ['--same-level', 'fold'],
    ]) {
      assert.equal((await harmonize(text, ...words)).status, 2, words.join(' '));
    }
  });

  it('--person and --visit say who and when', async () => {
    const text = tableText((row, at) => ({ ...row, id: `p${at >> 1}`, round: String(at % 2) })).replace(
      'id,',
      'who,',
    );
    const refused = await harmonize(text, '--id', 'who');
    assert.equal(refused.status, 1);
    assert.match(refused.text, /duplicate subject id/);
    const read = await harmonize(text, '--person', 'who', '--visit', 'round');
    assert.equal(read.status, 0, read.text);
    const lines = readFileSync(`${read.out}/harmonized.csv`, 'utf8').trim().split('\n');
    assert.equal(lines.length, 41);
    assert.deepEqual([steps(read.out)['id'], steps(read.out)['visit']], ['who', 'round']);
    const model = `${read.out}/model.json`;
    const applied = await concord(
      'apply',
      model,
      folder.path('table.csv'),
      '--person',
      'who',
      '--visit',
      'round',
      '--out',
      `${read.out}/applied`,
    );
    assert.equal(applied.status, 0, applied.err);
    assert.equal(readFileSync(`${read.out}/applied/harmonized.csv`, 'utf8'), `${lines.join('\n')}\n`);
  });

  it('--participants-id, -site and -visit name the columns of the participants', async () => {
    const people = tableText()
      .split('\n')
      .map((line) => line.split(',').slice(0, 4).join())
      .join('\n')
      .replace('id,site,', 'SubjID,Scanner,');
    const features = tableText()
      .split('\n')
      .map((line) =>
        line
          .split(',')
          .filter((_, at) => at === 0 || at > 3)
          .join(),
      )
      .join('\n');
    const participants = folder.write('people.csv', people);
    const refused = await harmonize(features, '--participants', participants);
    assert.match(refused.text, /its column "SubjID" holds 40 of the 40 ids/);
    const read = await harmonize(
      features,
      '--participants',
      participants,
      '--participants-id',
      'SubjID',
      '--participants-site',
      'Scanner',
    );
    assert.equal(read.status, 0, read.text);
    assert.match(read.text, /ComBat: 40 subjects/);
    const alone = await harmonize(tableText(), '--participants-visit', 'x');
    assert.equal(alone.status, 2);
    assert.match(alone.text, /'--participants-visit' is about the table of --participants/);
  });

  it('- reads standard input, of harmonize and apply, and leaves nothing behind', async () => {
    const left = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('concord-stdin-'));
    const before = left();
    const out = folder.path('stdin');
    const words = ['--out', out, '--no-audit', '--preserve', 'age,sex'];
    const run = await concordReading(tableText(), 'harmonize', '-', ...words);
    assert.deepEqual([run.status, run.err], [0, '']);
    const file = await harmonize(tableText());
    assert.equal(
      readFileSync(`${out}/harmonized.csv`, 'utf8'),
      readFileSync(`${file.out}/harmonized.csv`, 'utf8'),
    );
    const applied = await concordReading(
      tableText(),
      'apply',
      `${out}/model.json`,
      '-',
      '--out',
      `${out}/applied`,
    );
    assert.deepEqual([applied.status, applied.err], [0, '']);
    const bad = await concordReading(
      tableText().replace('s01', ''),
      'harmonize',
      '-',
      '--out',
      `${out}/bad`,
      '--no-audit',
    );
    assert.match(bad.err, /^concord: missing subject id in standard input, row 3, column "id"/);
    const empty = await concordReading('', 'harmonize', '-', '--out', `${out}/empty`);
    assert.match(empty.err, /empty table: standard input/);
    const both = await concordReading('', 'harmonize', '-', '--participants', '-', '--out', `${out}/both`);
    assert.match(both.err, /given for both tables/);
    assert.ok(!existsSync(`${out}/both`));
    assert.deepEqual(left(), before);
  });
});
