import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadTable } from '../../sdk/io/tables/load-table';
import { writeTable } from '../../sdk/io/tables/write-table';
import { noise } from '../support/noise';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

/** What the guide says of bad input, in one line and without the marks of its tables. */
const guide = readFileSync(resolve(__dirname, '../../guide/bad-input.md'), 'utf8').replaceAll(/\s+/g, ' ');

const header = ['id', 'site', 'age', 'sex', 'left.insula', 'right.insula', 'left.cuneus', 'right.cuneus'];

type Rows = string[][];

/** Sixty participants of three sites. */
const good = (): Rows =>
  Array.from({ length: 60 }, (_, row) => [
    ...[`s${row}`, 'ABC'[row % 3], (20 + 60 * noise(row, 9)).toFixed(1), 'MF'[noise(row, 8) < 0.5 ? 0 : 1]],
    ...[0, 1, 2, 3].map((at) => (2.5 + (row % 3) / 5 + noise(row, at) / 2).toFixed(3)),
  ]);

const set = (row: number, column: number, cell: string) => (rows: Rows) => void (rows[row][column] = cell);

/** What is wrong with the table, what the command is told besides, what it says, which the guide quotes, and the remedy. */
const cases: readonly [(rows: Rows) => void, readonly string[], string, string][] = [
  [
    set(16, 4, '2.5O1'),
    [],
    'invalid number in t.csv, row 18, column "left.insula": "2.5O1"',
    'correct the cell, or list this text among the missing values if it marks one: --missing 2.5O1',
  ],
  [
    set(16, 4, '"2,531"'),
    [],
    'invalid number in t.csv, row 18, column "left.insula": "2,531"',
    "it can mean 2531 with --thousands ',', or 2.531 with --decimal ',' and --thousands '.'",
  ],
  [
    set(7, 2, '89+'),
    [],
    'invalid number in t.csv, row 9, column "age": "89+"',
    "ages of 89 and more are written so for privacy (BIDS, HIPAA): read them as 89 with --age-cap 89, or as missing with --missing '89+'",
  ],
  [
    set(7, 2, '-999'),
    [],
    'column "age" holds -999 in 1 of 60 rows, far from its other values',
    '--missing age=-999',
  ],
  [
    set(3, 4, '#N/A'),
    [],
    '1 cell of column "left.insula" of t.csv read as missing: "#N/A" (1)',
    '--missing left.insula=only:NA',
  ],
  [
    set(5, 0, 's4'),
    [],
    'duplicate subject id in t.csv, row 7, column "id": "s4" is also in row 6',
    'where a person was scanned several times, name the column of visits with --visit, or a column of unique ids with --id and this one with --person id; else keep one row per subject',
  ],
  [
    set(0, 1, 'a'),
    [],
    'sites in column "site" of t.csv differ only in how they are written: "A" (19), "a" (1)',
    'each is a site of its own; if some are the same, correct the table or merge them with --same-site fold',
  ],
  [
    (rows) => void rows[10].push('7'),
    [],
    'ragged row: t.csv, row 12 has 9 cells where the header has 8 columns',
    'a cell that holds the separator must be quoted; tables written by R need col.names = NA',
  ],
  [
    set(4, 1, ''),
    [],
    'missing site of subject "s4" in t.csv, row 6, column "site"',
    'fill it in, or remove the row',
  ],
  [
    set(4, 3, ''),
    [],
    'missing value of covariate sex for subject "s4"',
    'supply it, or leave such subjects out with --drop-missing',
  ],
  [
    (rows) => rows.forEach((row) => row[1] === 'C' && (row[2] = '')),
    ['--drop-missing'],
    'site "C": 20 of 20 participants dropped: age missing; the site is lost',
    'do without the covariate',
  ],
  [
    (rows) => rows.forEach((row) => (row[3] = row[1] === 'A' ? 'M' : 'F')),
    [],
    'confounded with site: sex=M is the same for every subject of a site',
    'leave it out, or add subjects that break the pattern',
  ],
  [
    (rows) => rows.forEach((row) => (row[6] = '2.5')),
    [],
    'column "left.cuneus" is not used: it has the same value in every row',
    'their values stay as they are; name the columns you want harmonized with --features',
  ],
];

describe('what the guide says that bad input gets', () => {
  const folder = temporaryFolder();
  const write = (name: string, rows: Rows, names = header): string =>
    folder.write(name, `${[names, ...rows].map((cells) => cells.join(',')).join('\n')}\n`);
  let run = 0;
  const said = async (...words: string[]): Promise<string> => {
    const out = words.includes('--out') ? [] : ['--out', folder.path(`out${run++}`)];
    const done = await concord(...words, ...out);
    return `${done.out}${done.err}`.replaceAll(`${folder.path('x').slice(0, -1)}`, '');
  };
  const harmonize = (path: string, ...words: string[]): Promise<string> =>
    said('harmonize', path, '--no-audit', ...words);
  const quoted = (text: string, problem: string, remedy = ''): void => {
    assert.ok(text.includes(problem), `${problem}\nis not what is said:\n${text}`);
    assert.ok(text.includes(remedy), `${remedy}\nis not what is said:\n${text}`);
    assert.ok(guide.includes(problem), `the guide lacks: ${problem}`);
  };

  for (const [spoil, words, problem, remedy] of cases) {
    it(problem, async () => {
      const rows = good();
      spoil(rows);
      quoted(await harmonize(write('t.csv', rows), '--preserve', 'age,sex', ...words), problem, remedy);
    });
  }

  it('an age that is not preserved and differs between sites', async () => {
    const rows = good().map((row) => (row[1] === 'C' ? row.with(2, `${Number(row[2]) + 25}`) : row));
    quoted(
      await harmonize(write('t.csv', rows)),
      'age differs between sites and is not preserved',
      '--preserve',
    );
  });

  it('Excel, damaged Parquet', async () => {
    const book = folder.path('book.xlsx');
    writeFileSync(book, 'PK\u0003\u0004 xl/workbook.xml');
    quoted(
      await harmonize(book),
      'unsupported: book.xlsx is a zip archive or an Excel workbook',
      '"CSV UTF-8"',
    );
    const path = folder.path('t.parquet');
    await writeTable(await loadTable(write('t.csv', good())), path);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 40));
    quoted(await harmonize(path), 'damaged Parquet file: t.parquet');
  });

  it('models and new subjects', async () => {
    const model = folder.path('harmonized');
    const table = write('t.csv', good());
    await harmonize(table, '--preserve', 'age,sex', '--out', model);
    const strange = write(
      'new.csv',
      good().map((row) => row.with(1, 'D')),
    );
    quoted(
      await said('apply', model, strange),
      'unknown site: "D", the model was fitted on "A", "B", "C"',
      '--unseen estimate or --unseen own-priors or --unseen creb or --unseen covariates',
    );
    const without = good().map((row) => row.toSpliced(3, 1));
    quoted(
      await said('apply', model, write('new.csv', without, header.toSpliced(3, 1))),
      'unknown covariate column: "sex" is not in new.csv',
    );
    const text = readFileSync(folder.path('harmonized/model.json'), 'utf8');
    const changed = folder.write('model.json', text.replace(/(\d\.\d+)7(\d)/, '$18$2'));
    quoted(
      await said('apply', changed, table),
      'malformed model: model.json: it was damaged or changed since it was written',
    );
    const hostile = JSON.parse(text) as Record<string, unknown>;
    for (const name of ['format', 'formatVersion', 'concord', 'sha256']) delete hostile[name];
    hostile['issues'] = [
      { code: '<img src=x>', severity: 'warning', message: '', where: {}, suggestion: '' },
    ];
    quoted(
      await said('apply', folder.write('model.json', JSON.stringify(hostile)), table),
      'malformed model: issues are not a list of issues that this version of concord-mri knows',
    );
    quoted(
      await said('apply', model, table, '--out', model),
      'file exists: harmonized/harmonized.csv',
      '--overwrite',
    );
  });

  it('the folder of results is removed during the work', async () => {
    const out = folder.path('gone');
    const working = said(
      'harmonize',
      write('t.csv', good()),
      '--preserve',
      'age,sex',
      '--out',
      out,
      '--seeds',
      '3',
    );
    const timer = setInterval(() => rmSync(out, { recursive: true, force: true }), 20);
    const text = await working.finally(() => clearInterval(timer));
    quoted(text, 'cannot write gone: the folder was removed during the work', 'leave it in place');
  });
});
