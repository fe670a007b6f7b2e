import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { noise } from '../support/noise';
import { concord, concordOutput } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

/** The cells of rows, under their columns. */
type Table = readonly (readonly string[])[];

describe('concord apply reads a table as that of the model was read, without being told again', () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 24 }, (_, row) => row);
  const volumes = (row: number): string[] =>
    [0, 1, 2].map((at) => (3000 + 400 * (row % 2) + 500 * noise(row, at)).toFixed(1));
  const write = (name: string, table: Table, separator = ','): string =>
    folder.write(name, `${table.map((cells) => cells.join(separator)).join('\n')}\n`);
  const out = (name: string, file = 'harmonized.csv'): string =>
    readFileSync(folder.path(`${name}/${file}`), 'utf8');
  const cellsOf = (name: string): string[][] =>
    out(name)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  const readingOf = (name: string): Record<string, unknown> =>
    (JSON.parse(out(name, 'model.json')) as { reading: Record<string, unknown> }).reading;
  const harmonize = (input: string, name: string, ...words: string[]): Promise<string> =>
    concordOutput('harmonize', input, '--out', folder.path(name), '--no-audit', ...words);
  const apply = (model: string, input: string, name: string, ...words: string[]): Promise<string> =>
    concordOutput('apply', folder.path(model), input, '--out', folder.path(name), ...words);
  /** What harmonizing gave for these rows, which applying the model to them alone must give again. */
  const sameRows = (fitted: string, applied: string, which: readonly number[]): void => {
    const all = cellsOf(fitted);
    assert.deepEqual(
      cellsOf(applied).map((cells) => cells.slice(-3)),
      which.map((row) => all[row].slice(-3)),
    );
  };

  it('numbers as Germans write them, hidden ages, marks of one column', async () => {
    const german = (text: string): string => text.replace('.', ',').replace(/^(\d)(\d{3})/, '$1.$2');
    const line = (row: number): string[] => [
      ...[`p${row}`, 'AB'[row % 2], row === 2 ? '89+' : String(40 + ((row * 7) % 40))],
      ...[row === 3 ? '9' : String(1 + (noise(row, 9) < 0.5 ? 1 : 0)), ...volumes(row).map(german)],
    ];
    const header = ['id', 'site', 'age', 'sex', 'a_volume', 'b_volume', 'c_volume'];
    const say = ['--decimal', ',', '--thousands', '.', '--missing', 'sex=9', '--age-cap', '89'];
    const table = write('german.csv', [header, ...rows.map(line)], ';');
    const kinds = ['--preserve', 'age,sex', '--categorical', 'sex', '--drop-missing'];
    await harmonize(table, 'g1', ...say, ...kinds);
    assert.deepEqual(readingOf('g1')['options'], {
      missing: ['sex=9'],
      decimal: ',',
      thousands: '.',
      ageCap: 89,
    });
    const some = write('german-new.csv', [header, ...[1, 2, 3, 4].map(line)], ';');
    await apply('g1', some, 'g2', '--drop-missing');
    // The third was left out of both, since 9 says that the sex is missing.
    const all = out('g1').split('\n');
    const few = out('g2').split('\n');
    assert.deepEqual(few, [all[0], all[2], all[3], all[4], '']);
    assert.match(all[3], /^p2,A,89\+,.*"\d{4},\d+"$/);
    // The command goes before the model.
    const english = write('english-new.csv', [
      header,
      [...line(1).slice(0, 4), ...volumes(1)],
      [...line(4).slice(0, 4), ...volumes(4)],
    ]);
    await apply('g1', english, 'g3', '--decimal', '.', '--thousands', ',');
    const numbers = (text: string): number[] =>
      [...text.matchAll(/"?(\d{4}[.,]\d+)"?/g)].map(([, number]) => Number(number.replace(',', '.')));
    assert.deepEqual(numbers(out('g3')), [...numbers(all[2]), ...numbers(all[4])]);
  });

  it('persons and visits that were named, in the table and in that of participants', async () => {
    const header = ['who', 'when', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number): string[] => [`k${Math.floor(row / 2)}`, `t${row % 2}`, ...volumes(row)];
    const table = write('visits.csv', [header, ...rows.map(line)]);
    const people = write(
      'people.tsv',
      [
        ['code', 'tp', 'scanner', 'age'],
        ...rows.map((row) => [...line(row).slice(0, 2), 'AB'[row % 2], String(30 + row)]),
      ],
      '\t',
    );
    const participants = ['--participants', people];
    const names = [
      '--participants-id',
      'code',
      '--participants-visit',
      'tp',
      '--participants-site',
      'scanner',
    ];
    await harmonize(table, 'v1', '--person', 'who', '--visit', 'when', ...participants, ...names);
    const { id, person, options, participants: remembered } = readingOf('v1');
    assert.deepEqual(
      [id, person, options, remembered],
      ['who', 'who', { person: 'who', visit: 'when' }, { id: 'code', site: 'scanner', visit: 'tp' }],
    );
    const some = write('visits-new.csv', [header, ...[7, 4, 5].map(line)]);
    await apply('v1', some, 'v2', ...participants);
    sameRows('v1', 'v2', [7, 4, 5]);
  });

  it('a visit that was named and is no column of the new table asks for nothing', async () => {
    const header = ['who', 'when', 'site', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number): string[] => [
      ...[`k${Math.floor(row / 2)}`, `t${row % 2}`, 'AB'[row % 2]],
      ...volumes(row),
    ];
    const table = write('visits2.csv', [header, ...rows.map(line)]);
    await harmonize(table, 'w1', '--id', 'who', '--visit', 'when');
    const once = [header, ...[1, 4].map(line)].map((cells) => cells.filter((_, at) => at !== 1));
    await apply('w1', write('once.csv', once), 'w2');
    sameRows('w1', 'w2', [1, 4]);
  });

  it('ids are found as in any table where the column of the model is not there, and that is said', async () => {
    const header = ['code', 'site', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number): string[] => [`p${row}`, 'AB'[row % 2], ...volumes(row)];
    await harmonize(write('ids.csv', [header, ...rows.map(line)]), 'i1', '--id', 'code');
    const renamed = (id: string): string =>
      write(`ids-${id}.csv`, [[id, ...header.slice(1)], ...[3, 4, 8].map(line)]);
    for (const id of ['participant_id', 'Subject', '']) {
      const said = await apply('i1', renamed(id), `i-${id}`);
      sameRows('i1', `i-${id}`, [3, 4, 8]);
      assert.ok(
        said.includes(
          `ids-${id}.csv has no column "code", which held the subject ids when the model was fitted: ` +
            `they are taken from column "${id === '' ? '(column 1)' : id}"`,
        ),
        said,
      );
    }
    const strange = await concord(
      'apply',
      folder.path('i1'),
      renamed('kode'),
      '--out',
      folder.path('i-kode'),
    );
    assert.equal(strange.status, 1);
    assert.match(strange.err, /unknown column: "code" is not in .*ids-kode\.csv/);
    const asked = await concord(
      ...(['apply', folder.path('i1'), renamed('id'), '--out', folder.path('i-id'), '--id', 'code'] as const),
    );
    assert.equal(asked.status, 1);
    assert.match(asked.err, /unknown column: "code"/);
  });

  it('so are those of the table of participants', async () => {
    const header = ['id', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number): string[] => [`p${row}`, ...volumes(row)];
    const people = (id: string): string =>
      write(`people-${id}.csv`, [[id, 'site'], ...rows.map((row) => [`p${row}`, 'AB'[row % 2]])]);
    const table = write('joined.csv', [header, ...rows.map(line)]);
    await harmonize(table, 'j1', '--participants', people('code'), '--participants-id', 'code');
    const some = write('joined-new.csv', [header, ...[3, 4].map(line)]);
    const said = await apply('j1', some, 'j2', '--participants', people('subject'));
    sameRows('j1', 'j2', [3, 4]);
    assert.match(said, /people-subject\.csv has no column "code"/);
  });

  it('persons and visits that were inferred', async () => {
    const header = ['participant_id', 'session_id', 'site', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number): string[] => [
      ...[`sub-${Math.floor(row / 2)}`, `ses-${row % 2}`, 'AB'[row % 2]],
      ...volumes(row),
    ];
    const table = write('bids.csv', [header, ...rows.map(line)]);
    await harmonize(table, 'b1');
    const { id, person, options } = readingOf('b1');
    assert.deepEqual([id, person, options], ['participant_id', 'participant_id', {}]);
    await apply('b1', write('bids-new.csv', [header, ...[7, 4, 5].map(line)]), 'b2');
    sameRows('b1', 'b2', [7, 4, 5]);
    assert.match(out('b2'), /^sub-3,ses-1,B,/m);
  });

  it('labels that were folded are folded to the spelling of the model, not to that of the new table', async () => {
    const header = ['id', 'site', 'sex', 'dx', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number, site?: string, sex?: string): string[] => [
      ...[`p${row}`, site ?? ['GE', 'Philips'][row % 2], sex ?? (noise(row, 7) < 0.5 ? 'M' : 'F'), 'control'],
      ...volumes(row),
    ];
    const table = write('labels.csv', [
      header,
      ...rows.map((row) => line(row, row === 4 ? 'ge ' : undefined)),
    ]);
    const folded = ['--same-site', 'fold', '--same-level', 'sex=fold', '--same-level', 'dx=fold'];
    await harmonize(table, 'l1', ...folded, '--preserve', 'sex', '--missing', 'dx=0');
    const lower = (row: number): string[] => line(row, 'ge', noise(row, 7) < 0.5 ? 'm' : 'f');
    // The commonest spelling of the new table is one that the model does not know. Nor is dx there, which was looked at
    // for the audit only.
    const some = [header, ...[2, 6, 8].map(lower), line(10)].map((cells) =>
      cells.filter((_, at) => at !== 3),
    );
    const said = await apply('l1', write('labels-new.csv', some), 'l2');
    sameRows('l1', 'l2', [2, 6, 8, 10]);
    assert.match(said, /"ge" \(3\) as "GE"/);
    const [first, ...others] = some;
    const strange = write('labels-strange.csv', [
      first,
      ...others.map((cells) => [cells[0], 'G E 2', ...cells.slice(2)]),
    ]);
    const run = await concord('apply', folder.path('l1'), strange, '--out', folder.path('l3'));
    assert.deepEqual([run.status, /unknown site: "G E 2"/.test(run.err)], [1, true], run.err);
  });

  it('columns that were noticed for the audit are not asked for, nor loaded', async () => {
    const header = ['id', 'site', 'age', 'a_volume', 'b_volume', 'c_volume'];
    const line = (row: number): string[] => [`p${row}`, 'AB'[row % 2], String(40 + row), ...volumes(row)];
    await harmonize(write('noticed.csv', [header, ...rows.map(line)]), 'n1');
    const damaged = [header, ...[3, 4].map((row) => line(row).map((cell, at) => (at === 2 ? '4o' : cell)))];
    const said = await apply('n1', write('noticed-new.csv', damaged), 'n2');
    assert.doesNotMatch(said, /age/);
    sameRows('n1', 'n2', [3, 4]);
  });
});
