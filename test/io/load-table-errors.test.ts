import { chmodSync, mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { loadTable } from '../../sdk/io/tables/load-table';
import type { LoadTableOptions } from '../../sdk/io/tables/table-options';
import type { Expected } from './rejects-with';
import { rejectsWith } from './rejects-with';
import { temporaryFolder } from '../support/temporary-folder';
import { skipWithout } from '../support/skipping';

interface BadTable extends Expected {
  readonly name?: string;
  readonly contents: string | Uint8Array;
  readonly options?: LoadTableOptions;
}

const header = 'subject,site,age,thick\n';
const good = 's1,HH,30,2.5\ns2,Guys,40,2.25\ns3,HH,50,2.75\n';
const withCell = (cell: string): string => `${header}${good}s4,HH,60,${cell}\n`;

const badTables: Readonly<Record<string, BadTable>> = {
  'a decimal comma': {
    contents: withCell('"1,5"'),
    code: 'invalid-number',
    says: ['row 5', 'column "thick"', '"1,5"', 'written otherwise', 'decimal point'],
    where: { row: 5, column: 'thick' },
  },
  'decimal commas throughout a German CSV file': {
    contents: 'subject;site;thick;area\ns1;HH;2,5;10\ns2;Guys;2;11\n',
    code: 'invalid-number',
    says: ['row 2', 'column "thick"', '"2,5"', '2.5 with decimal: ","', 'decimal point'],
  },
  'a cell with a line break': {
    contents: withCell('"2.5\nmm"'),
    code: 'invalid-number',
    says: ['column "thick"', '"2.5 mm"'],
  },
  'a unit': { contents: withCell('3mm'), code: 'invalid-number', says: ['row 5', '"3mm"', 'without a unit'] },
  'a hexadecimal number': {
    contents: withCell('0x10'),
    code: 'invalid-number',
    says: ['"0x10"', 'decimal digits'],
  },
  infinity: { contents: withCell('Infinity'), code: 'invalid-number', says: ['"Infinity"', 'write NA'] },
  'minus infinity': { contents: withCell('-inf'), code: 'invalid-number', says: ['"-inf"', 'write NA'] },
  'a number too large': { contents: withCell('1e999'), code: 'invalid-number', says: ['"1e999"', 'finite'] },
  'separated thousands': {
    contents: withCell('1_000'),
    code: 'invalid-number',
    says: ['"1_000"', 'separators'],
  },
  'a word among numbers': {
    contents: withCell('thin'),
    code: 'invalid-number',
    says: ['"thin"', 'missing values'],
  },
  'a bad number after the first hundred rows': {
    contents: `id,site,x\n${Array.from({ length: 150 }, (_, at) => `s${at},${at % 2 ? 'A' : 'B'},1\n`).join('')}t,A,1..2\n`,
    code: 'invalid-number',
    says: ['row 152', '"1..2"'],
  },
  'a bad number in a covariate': {
    contents: `${header}${good}s4,HH,6O,2\n`,
    options: { covariates: ['age'] },
    code: 'invalid-number',
    says: ['row 5', 'column "age"', '"6O"'],
  },
  'a covariate with decimal commas': {
    contents: 'id;site;age;x\na;A;30,5;1\nb;B;41,25;2\n',
    options: { covariates: ['age'] },
    code: 'invalid-number',
    says: ['row 2', 'column "age"', '30.5'],
  },
  'a duplicate id': {
    contents: `${header}${good}s2,HH,60,2\n`,
    code: 'duplicate-id',
    says: ['row 5', 'row 3', '"s2"'],
    where: { row: 5, subject: 's2' },
  },
  'a missing id': {
    contents: `${header}${good},HH,60,2\n`,
    code: 'missing-value',
    says: ['subject id', 'row 5', 'column "subject"'],
  },
  'a missing site': {
    contents: `${header}${good}s4,n/a,60,2\n`,
    code: 'missing-value',
    says: ['site', '"s4"', 'row 5', 'column "site"'],
    where: { row: 5, column: 'site', subject: 's4' },
  },
  'a covariate that is not there': {
    contents: header + good,
    options: { covariates: ['agee'] },
    code: 'unknown-column',
    says: ['"agee"', 'did you mean "age"?'],
  },
  'a covariate without any value': {
    contents: header + good.replaceAll(/,\d0,/g, ',NA,'),
    options: { covariates: ['age'] },
    code: 'missing-value',
    says: ['"age"', 'no value'],
  },
  'no site column': {
    contents: 'subject,Site,thick\ns1,HH,1\n',
    code: 'unknown-column',
    says: ['"site"', 'did you mean "Site"?'],
  },
  'no id column': {
    contents: 'name,site,thick\ns1,HH,1\n',
    code: 'unknown-column',
    says: [
      '"participant_id", "subject", "subject_id", "id", "eid"',
      'the columns are "name", "site", "thick"',
    ],
  },
  'a feature pattern that matches nothing': {
    contents: header + good,
    options: { features: ['thick', 'lh_*'] },
    code: 'unknown-column',
    says: ['no column matches "lh_*"', 'the columns are "age", "thick"'],
  },
  'a feature that is the site': {
    contents: header + good,
    options: { features: 'site' },
    code: 'invalid-option',
    says: ['"site"', 'already the site'],
  },
  'a text column as a feature': {
    contents: 'id,site,x,scanner\na,A,1,Trio\nb,B,2,Skyra\n',
    options: { features: 'x,scanner' },
    code: 'invalid-number',
    says: ['row 2', 'column "scanner"', '"Trio"'],
  },
  'a column that is both site and covariate': {
    contents: header + good,
    options: { covariates: ['site'] },
    code: 'invalid-option',
    says: ['"site"', 'both'],
  },
  'a covariate with a level that is not listed': {
    contents: 'id,site,sex,x\na,A,M,1\nb,B,D,2\n',
    options: { covariates: [{ name: 'sex', levels: ['F', 'M'] }] },
    code: 'unknown-level',
    says: ['row 3', '"D"', '"F", "M"'],
  },
  'text in a continuous covariate': {
    contents: 'id,site,dose,x\na,A,low,1\nb,B,high,2\n',
    options: { covariates: [{ name: 'dose', kind: 'continuous' }] },
    code: 'invalid-number',
    says: ['row 2', 'column "dose"', '"low"'],
  },
  'duplicate column names': {
    contents: 'id,site,x,x\na,A,1,2\n',
    code: 'malformed-table',
    says: ['"x"', 'column 3', 'column 4'],
  },
  'a row that is too short': {
    contents: `${header}${good}s4,HH,60\n`,
    code: 'malformed-table',
    says: ['ragged', 'row 5', '3 cells', '4 columns'],
    where: { row: 5 },
  },
  'a row that is too long': {
    contents: `${header}s1,HH,30,2,5\n`,
    code: 'malformed-table',
    says: ['row 2', '5 cells', '4 columns', 'quoted'],
  },
  'a quote never closed': {
    contents: `${header}s1,HH,30,"2.5\n${good}`,
    code: 'malformed-table',
    says: ['quote', 'never closed'],
  },
  'a quote within a cell': {
    contents: `${header}s1,H"H,30,2\n`,
    code: 'malformed-table',
    says: ['quote', 'row 2'],
  },
  'an empty file': { contents: '', code: 'too-little-data', says: ['empty', 'no bytes'] },
  'empty lines only': { contents: '\n\n', code: 'too-little-data', says: ['empty'] },
  'a header only': { contents: header, code: 'too-little-data', says: ['header but no rows'] },
  'one column only': {
    contents: 'subject\ns1\n',
    code: 'malformed-table',
    says: ['one column', '"subject"'],
  },
  'one site only': {
    contents: header + good.replace('Guys', 'HH'),
    code: 'too-little-data',
    says: ['one site', '"HH"', 'allowSingleSite'],
  },
  'no numeric column': {
    contents: 'id,site,note\na,A,x\nb,B,y\n',
    code: 'too-little-data',
    says: ['no column of numbers'],
  },
  'Windows-1252 text': {
    contents: Buffer.from('id,site,x\na,Köln,1\nb,HH,2\n', 'latin1'),
    code: 'malformed-table',
    says: ['wrong encoding', 'row 2', 'UTF-8', 'iconv'],
    where: { row: 2 },
  },
  'UTF-8 cut off within a character': {
    contents: Buffer.from('id,site,x\na,HH,1\nb,Kö').subarray(0, -1),
    code: 'malformed-table',
    says: ['wrong encoding', 'row 3'],
  },
  'UTF-16 without a byte order mark': {
    contents: Buffer.from(header + good, 'utf16le'),
    code: 'malformed-table',
    says: ['UTF-16 without a byte order mark', 'save it as UTF-8'],
  },
  'broken UTF-16': {
    contents: Buffer.concat([
      Buffer.from(`\ufeff${header}`, 'utf16le'),
      Buffer.from([0x00, 0xd8, 0x41, 0x00]),
    ]),
    code: 'malformed-table',
    says: ['not valid UTF-16'],
  },
  'zero bytes': {
    contents: Buffer.from(`${header}s1,HH,\0,2\n`),
    code: 'malformed-table',
    says: ['zero bytes', 'not a text table'],
  },
  'an Excel workbook': {
    name: 'book.xlsx',
    contents: Buffer.from('PK\x03\x04 and so on'),
    code: 'unsupported-format',
    says: ['Excel', 'CSV UTF-8'],
  },
  'a .gz file that is none': {
    name: 'a.csv.gz',
    contents: header,
    code: 'malformed-table',
    says: ['not a gzip file'],
  },
  'a gzip file cut off': {
    name: 'cut.csv.gz',
    contents: gzipSync(Array.from({ length: 9999 }, (_, at) => `${at},${Math.sin(at)}`).join('\n')).subarray(
      0,
      -20,
    ),
    code: 'malformed-table',
    says: ['damaged gzip', 'again'],
  },
  'a damaged Parquet file': {
    name: 'a.parquet',
    contents: Buffer.from('PAR1 this is not a table'),
    code: 'malformed-table',
    says: ['damaged Parquet'],
  },
};

describe('loadTable refuses', () => {
  const folder = temporaryFolder();
  for (const [what, bad] of Object.entries(badTables)) {
    it(what, async () => {
      const path = folder.write(bad.name ?? 'bad.csv', bad.contents);
      await rejectsWith(loadTable(path, bad.options), { ...bad, where: { file: path, ...bad.where } });
    });
  }

  it('a file that is not there', async () => {
    const path = folder.path('absent.csv');
    await rejectsWith(loadTable(path), {
      code: 'unreadable-file',
      says: [path, 'there is no such file'],
      where: { file: path },
    });
  });

  it('a folder', async () => {
    mkdirSync(folder.path('sub.csv'));
    await rejectsWith(loadTable(folder.path('sub.csv')), {
      code: 'unreadable-file',
      says: ['it is a folder'],
    });
  });

  it('a file that may not be read (skipped for root, who may read everything, and on Windows)', async function () {
    if (process.platform === 'win32') skipWithout(this, 'another operating system');
    if (process.getuid?.() === 0) skipWithout(this, 'a user who is not root', 'root may read every file');
    const path = folder.write('secret.csv', header + good);
    chmodSync(path, 0o000);
    await rejectsWith(loadTable(path), { code: 'unreadable-file', says: ['permission denied'] });
  });

  it('accepts one site when that is asked for', async () => {
    const path = folder.write('single.csv', header + good.replace('Guys', 'HH'));
    await loadTable(path, { allowSingleSite: true });
  });
});
