import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { rewriteTable } from '../../../sdk/io/tables/rewrite-table';
import { writeTable } from '../../../sdk/io/tables/write-table';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

const rows = [
  ['id', 'site', 'age', 'x', 'y'],
  ['s1', 'A', '30', '1.5', '2'],
  ['s2', 'B', '40', '2.5', 'NA'],
  ['s3', 'A', '50', '3.5', '4'],
];
const joined = (by: string, from = rows): string => from.map((cells) => cells.join(by)).join('\n') + '\n';

function isTable(cohort: FeatureCohort, ids: readonly string[] = ['s1', 's2', 's3']): void {
  assert.deepEqual(cohort.participants.ids, ids);
  assert.deepEqual(cohort.participants.sites, ['A', 'B', 'A']);
  assert.deepEqual(cohort.features.features, ['x', 'y']);
  assert.deepEqual([...cohort.features.values], [1.5, 2, 2.5, NaN, 3.5, 4]);
}

describe('the layout of text tables', () => {
  const folder = temporaryFolder();
  const said = (cohort: FeatureCohort, code: string): readonly string[] =>
    cohort.issues.filter((issue) => issue.code === code).map(({ message }) => message);

  const aligned = rows.map((cells) => `  ${cells.map((cell) => cell.padEnd(6)).join(' ')}`).join('\n');
  const plainTables: Readonly<Record<string, string | Uint8Array>> = {
    'blanks.txt': joined(' '),
    'blanks.csv': joined(' '),
    'aligned-blanks.txt': aligned,
    'blanks-and-tabs.txt': joined(' \t '),
    'quoted-blanks.txt': joined(' ')
      .replaceAll(/[A-Za-z]\w*/g, '"$&"')
      .replace('"NA"', 'NA'),
    'blanks-windows.txt': joined(' ').replaceAll('\n', '\r\n'),
    'blanks.txt.gz': gzipSync(joined(' ')),
    'pipes.txt': joined('|'),
    'pipes-padded.txt': joined(' | '),
    'sep-semicolon.csv': `sep=;\n${joined(';')}`,
    'sep-comma.csv': `sep=,\r\n${joined(',').replaceAll('\n', '\r\n')}`,
    'sep-tab.csv': `sep=\t\n${joined('\t')}`,
    'sep-pipe.csv': `SEP=|\n${joined('|')}`,
    'sep-bom.csv': `\ufeffsep=;\n${joined(';')}`,
    'sep-utf16.csv': Buffer.from(`\ufeffsep=;\n${joined(';')}`, 'utf16le'),
    'sep-resaved.csv': `"sep=;",,,,\n${joined(';')}`,
    'sep-where-the-header-misleads.csv': `sep=;\n${joined(';').replace('age', '"age, in, full, years, of, life"')}`,
    'trailing-columns.csv': joined(',').replaceAll('\n', ',,\n'),
    'trailing-separator-of-rows.csv':
      joined(',', [rows[0]]) + joined(',', rows.slice(1)).replaceAll('\n', ',\n'),
  };
  for (const [name, contents] of Object.entries(plainTables)) {
    it(`reads ${name}`, async () =>
      isTable(await loadTable(folder.write(name, contents), { features: 'x,y' })));
  }

  it('names the line an editor shows, whatever comes before the header', async () => {
    const bad = rows.map((cells, at) => (at === 2 ? [...cells.slice(0, 3), '2.5mm', '1'] : cells));
    for (const [name, contents, row] of [
      ['a.csv', `sep=;\n${joined(';', bad)}`, 4],
      ['a.txt', joined('  ', bad), 3],
      ['c.csv', `# made by x\n# on a day\n${joined(',', bad)}`, 5],
      ['u.csv', Buffer.from(`\ufeffsep=;\n${joined(';', bad)}`, 'utf16le'), 4],
    ] as const) {
      await rejectsWith(loadTable(folder.write(name, contents)), {
        code: 'invalid-number',
        says: [`row ${row}`, '"2.5mm"'],
        where: { row },
      });
    }
  });

  it('passes over rows without any value, and says how many', async () => {
    const path = folder.write('empty.csv', `${joined(',')},,,,\n,,,,\n ,, ,,\n`);
    const cohort = await loadTable(path);
    isTable(cohort);
    assert.deepEqual(said(cohort, 'skipped-rows'), [
      '3 rows of empty.csv without any value passed over, the first is row 5',
    ]);
    await rejectsWith(loadTable(folder.write('id.csv', `${joined(',')},B,4,5,6\n`)), {
      code: 'missing-value',
      says: ['row 5', 'column "id"'],
    });
  });

  it('passes over comments before the header, and knows a header that begins with #', async () => {
    const commented = await loadTable(folder.write('c.csv', `# made by R\n#\n${joined(',')}`));
    isTable(commented);
    assert.deepEqual(said(commented, 'skipped-rows'), ['2 lines of comments before the header of c.csv']);
    const plink = folder.write('p.txt', `#${joined('\t')}`);
    isTable(await loadTable(plink, { id: '#id' }));
  });

  describe('a title above the header', () => {
    const padded = (text: string): string => `${text},,,,\n`;
    const titled: Readonly<Record<string, readonly [contents: string | Uint8Array, says: string]>> = {
      'unpadded.csv': [
        `Cortical thickness, exported 2021-03-01\n${joined(',')}`,
        '1 line above the header of unpadded.csv, which is line 2, is taken for a title: "Cortical thickness,  exported 2021-03-01"',
      ],
      'one-word.csv': [
        `Thickness\n${joined(',')}`,
        '1 line above the header of one-word.csv, which is line 2, is taken for a title: "Thickness"',
      ],
      'excel.csv': [
        padded('Cortical thickness') + padded('"exported, 2021"') + padded('') + joined(','),
        '2 lines above the header of excel.csv, which is line 4, are taken for a title: "Cortical thickness", "exported, 2021"',
      ],
      'windows.csv': [
        `Thickness (mm)\r\n\r\n${joined(',').replaceAll('\n', '\r\n')}`,
        '1 line above the header of windows.csv, which is line 3, is taken for a title: "Thickness (mm)"',
      ],
      'semicolons.csv': [
        `Dicke, Export vom 1.3.2021\n${joined(';')}`,
        '1 line above the header of semicolons.csv, which is line 2, is taken for a title: "Dicke, Export vom 1.3.2021"',
      ],
      'sep.csv': [
        `sep=;\nDicke\n${joined(';')}`,
        '1 line above the header of sep.csv, which is line 3, is taken for a title: "Dicke"',
      ],
      'tabs.tsv': [
        `Thickness of the cortex\nall sites\n${joined('\t')}`,
        '2 lines above the header of tabs.tsv, which is line 3, are taken for a title: "Thickness of the cortex", "all sites"',
      ],
      'groups.csv': [
        `,,,Thickness,\n${joined(',')}`,
        '1 line above the header of groups.csv, which is line 2, is taken for a title: "Thickness"',
      ],
      'utf16.csv': [
        Buffer.from(`\ufeffThickness\n${joined(';')}`, 'utf16le'),
        '1 line above the header of utf16.csv, which is line 2, is taken for a title: "Thickness"',
      ],
    };
    for (const [name, [contents, says]] of Object.entries(titled)) {
      it(`is passed over and said: ${name}`, async () => {
        const cohort = await loadTable(folder.write(name, contents));
        isTable(cohort);
        assert.deepEqual(said(cohort, 'skipped-rows'), [says]);
      });
    }

    it('does not move the lines that errors name, nor the rows written again', async () => {
      const bad = rows.map((cells, at) => (at === 2 ? [...cells.slice(0, 3), '2.5mm', '1'] : cells));
      await rejectsWith(loadTable(folder.write('bad.csv', `A title\nof two lines\n${joined(',', bad)}`)), {
        code: 'invalid-number',
        says: ['row 5', '"2.5mm"'],
        where: { row: 5 },
      });
      const path = folder.write('again.csv', `A title\n${joined(',')}`);
      await rewriteTable(await loadTable(path), folder.path('again-out.csv'), { source: path });
      assert.equal(readFileSync(folder.path('again-out.csv'), 'utf8'), joined(','));
    });

    it('is none where the first line names the columns', async () => {
      const short = [rows[0].slice(1), ...rows.slice(1)];
      const described = [rows[0], ['code', 'where', 'years', 'mm', 'mm'], ...rows.slice(1)];
      const holes = [rows[0], ['s0', 'A', 'NA', 'NA', 'NA'], ...rows.slice(1)];
      for (const [name, table] of Object.entries({ short, described, holes })) {
        const cohort = await loadTable(folder.write(`${name}.csv`, joined(',', table)));
        assert.ok(!said(cohort, 'skipped-rows').some((message) => message.includes('title')), name);
      }
    });

    it('is guessed at where the header below it is not certain', async () => {
      const years = [
        ['id', 'site', '2019', '2020', '2021', '2022'],
        ['s1', 'A', '1', '2', '3', '4'],
      ];
      await rejectsWith(loadTable(folder.write('years.csv', `Thickness, by year\n${joined(',', years)}`)), {
        code: 'malformed-table',
        says: [
          'row 2 has 6 cells',
          'if the first line is a title and not the names of the columns, remove it',
        ],
      });
      await rejectsWith(loadTable(folder.write('lone.csv', `Thickness\n${joined(',', years)}`)), {
        code: 'malformed-table',
        says: ['one column only, "Thickness"', 'remove the line if it is a title above the header'],
        where: { row: 1 },
      });
    });
  });

  describe('a first column without a name', () => {
    it('holds the ids where no other column does, and says so', async () => {
      const path = folder.write('pandas.csv', joined(',').replace('id,', ','));
      const cohort = await loadTable(path);
      isTable(cohort);
      assert.equal(cohort.provenance[0].options['id'], '(column 1)');
      assert.deepEqual(said(cohort, 'inferred-id'), [
        'subject ids are taken from the first column, which has no name, of pandas.csv, where pandas and R write row names',
      ]);
      const named = await loadTable(path, { id: '(column 1)' });
      isTable(named);
      assert.deepEqual(said(named, 'inferred-id'), []);
      const target = folder.path('pandas-out.csv');
      await rewriteTable(cohort, target, { source: path });
      assert.equal(readFileSync(target, 'utf8'), readFileSync(path, 'utf8'));
    });

    it('is said to count rows where it does', async () => {
      const counted = rows.map((cells, at) => [at === 0 ? '' : String(at - 1), ...cells.slice(1)]);
      const cohort = await loadTable(folder.write('counted.csv', joined(',', counted)));
      isTable(cohort, ['0', '1', '2']);
      assert.match(said(cohort, 'inferred-id')[0], /^subject ids are the row numbers in the first column/);
    });

    it('is not needed where ids have a column', async () => {
      const both = rows.map((cells, at) => [at === 0 ? '' : String(at), ...cells]);
      isTable(await loadTable(folder.write('both.csv', joined(',', both))));
    });

    it('has no place in the header that R writes, which is one name short', async () => {
      const bySpace = [rows[0].slice(1), ...rows.slice(1)];
      for (const [name, by] of [
        ['r.txt', ' '],
        ['r.tsv', '\t'],
        ['r.csv', ','],
      ] as const) {
        const path = folder.write(name, joined(by, bySpace));
        const cohort = await loadTable(path);
        isTable(cohort);
        assert.match(said(cohort, 'inferred-layout')[0], /one name less than its rows have cells/);
      }
      const counted = [rows[0], ...rows.slice(1).map((cells, at) => [String(at + 1), ...cells])];
      isTable(await loadTable(folder.write('rn.txt', joined(' ', counted))));
      const quoted = folder.write(
        'q.tsv',
        joined('\t', counted).replaceAll(/(?<=^|\t)(?!NA)([^\t\n\d.]\w*|\d+)(?=\t|$)/gm, '"$1"'),
      );
      isTable(await loadTable(quoted));
    });

    it('is not guessed from rows that are longer for another reason', async () => {
      const longer = [rows[0], ...rows.slice(1).map((cells) => [...cells, '9'])];
      await rejectsWith(loadTable(folder.write('longer.csv', joined(',', longer))), {
        code: 'malformed-table',
        says: ['row 2', '6 cells', '5 columns'],
      });
    });
  });

  describe('rows that describe the columns', () => {
    const described = [
      ['The subject', 'Site of the scan', 'Age in months', 'Thickness in mm', 'Thickness, "right" in mm'],
      ['', '', 'years', 'mm', 'mm'],
    ];
    for (const [at, row] of described.entries()) {
      it(`are passed over with a word, and written again: ${row[2]}`, async () => {
        const text = [rows[0], row, ...rows.slice(1)]
          .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\t'))
          .join('\n');
        const path = folder.write(`nda${at}.txt`, `${text}\n`);
        const cohort = await loadTable(path);
        isTable(cohort);
        assert.match(
          said(cohort, 'skipped-rows')[0],
          /^the row under the header of nda\d\.txt, row 1, describes the columns/,
        );
        const target = folder.path(`nda${at}.csv`);
        await rewriteTable(cohort, target, { source: path });
        assert.equal(readFileSync(target, 'utf8').split('\n').length, 6);
        isTable(await loadTable(target));
      });
    }

    it('may be two', async () => {
      const two = [
        rows[0],
        ['Id', 'Where', 'Question 1', 'What is x', 'What is y'],
        ['QID', 'QID', 'QID_a', 'QID_b', 'QID_c'],
        ...rows.slice(1),
      ];
      const cohort = await loadTable(folder.write('two.csv', joined(',', two)));
      isTable(cohort);
      assert.match(said(cohort, 'skipped-rows')[0], /^the 2 rows under the header/);
    });

    it('are no rows with a misspelt number or with missing values', async () => {
      await rejectsWith(loadTable(folder.write('typo.csv', joined(',').replace('1.5', 'abc'))), {
        code: 'invalid-number',
        says: ['row 2', '"abc"'],
      });
      const missing = joined(',').replace('s1,A,30,1.5,2', 's1,A,NA,NULL,.');
      assert.equal((await loadTable(folder.write('missing.csv', missing))).participants.ids.length, 3);
    });
  });

  describe('quotes between tabs', () => {
    const noted = (notes: readonly string[]): string =>
      `id\tsite\tnote\tx\n${notes.map((note, at) => `s${at}\t${'AB'[at % 2]}\t${note}\t${at}.5`).join('\n')}\n`;
    const note = [{ name: 'note', kind: 'categorical' as const }];
    const levelsOf = async (contents: string): Promise<readonly string[]> => {
      const cohort = await loadTable(folder.write('q.tsv', contents), { covariates: note });
      const [covariate] = cohort.participants.covariates;
      assert.ok(covariate.kind === 'categorical');
      return Array.from(covariate.codes, (code) => covariate.levels[code]);
    };

    it('are part of the cell', async () => {
      assert.deepEqual(await levelsOf(noted(['5" coil', '"unclosed', 'a "b" c', 'end"'])), [
        ...['5" coil', '"unclosed', 'a "b" c', 'end"'],
      ]);
    });

    it('go where the cell is quoted whole', async () => {
      assert.deepEqual(await levelsOf(noted(['"good"', '"say ""hi"""', '5"', 'x'])), [
        'good',
        'say "hi"',
        '5"',
        'x',
      ]);
    });

    it('join cells and lines where the header is quoted, or the lines come out right no other way', async () => {
      const csvLike = noted(['"a\tb"', '"two\nlines"', 'x', 'y']);
      const expected = ['a\tb', 'two\nlines', 'x', 'y'];
      assert.deepEqual(await levelsOf(csvLike), expected);
      const quotedHeader = csvLike.replace(/^.*\n/, '"id"\t"site"\t"note"\t"x"\n');
      assert.deepEqual(await levelsOf(quotedHeader), expected);
    });

    it('come back the same from a table that is written', async () => {
      const contents = noted(['5" coil', '"unclosed', '"good"', 'x']);
      const path = folder.write('in.tsv', contents);
      const cohort = await loadTable(path, { covariates: note });
      const written = folder.path('quotes-w.tsv');
      const rewritten = folder.path('quotes-r.tsv');
      await writeTable(cohort, written);
      await rewriteTable(cohort, rewritten, { source: path });
      for (const target of [written, rewritten]) {
        const back = await loadTable(target, { covariates: note });
        assert.deepEqual(back.participants, cohort.participants);
      }
      assert.match(readFileSync(rewritten, 'utf8'), /\t5" coil\t/);
    });
  });

  it('says how cells may be separated where there is one column only', async () => {
    await rejectsWith(loadTable(folder.write('one.csv', 'subject\ns1\n')), {
      code: 'malformed-table',
      says: ['one column only', 'semicolons, vertical bars or blanks'],
    });
    await rejectsWith(loadTable(folder.write('blank.txt', 'id site x\na St Mary 1\nb B 2\n')), {
      code: 'malformed-table',
      says: ['row 2', '4 cells', 'blanks must be quoted'],
    });
  });

  it('shortens long names', async () => {
    const long = 'x'.repeat(500);
    const error = await loadTable(folder.write('long.csv', `id,site,${long}\na,A,1mm\nb,B,2\n`)).catch(
      (e: unknown) => e,
    );
    assert.ok(error instanceof Error && error.message.length < 400 && error.message.includes('xxx…'));
  });
});
