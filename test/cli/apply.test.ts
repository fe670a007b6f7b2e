import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { noise } from '../support/noise';
import { concord, concordOutput } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

describe('concord apply takes what concord harmonize takes', () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 24 }, (_, row) => row);
  const regions = ['bankssts', 'cuneus', 'insula'];
  const thickness = (row: number, at: number): string => (2 + (row % 2) / 5 + noise(row, at)).toFixed(3);
  const out = (name: string, file = 'harmonized.csv'): string =>
    readFileSync(folder.path(`${name}/${file}`), 'utf8');
  const harmonize = (input: string, name: string, ...words: string[]): Promise<string> =>
    concordOutput(
      'harmonize',
      input,
      '--out',
      folder.path(name),
      '--no-audit',
      '--preserve',
      'age,dx',
      ...words,
    );
  const apply = (model: string, input: string, name: string, ...words: string[]): Promise<string> =>
    concordOutput('apply', folder.path(model), input, '--out', folder.path(name), ...words);

  const stats = (row: number, hemisphere: number): string =>
    `# ColHeaders StructName NumVert SurfArea GrayVol ThickAvg\n${regions
      .map((region, at) => `${region} 100 ${900 + row} 2000 ${thickness(row, at + 10 * hemisphere)}`)
      .join('\n')}\n`;
  const makeSubjects = (root: string, which: readonly number[], parcellation = 'aparc'): string => {
    for (const row of which) {
      mkdirSync(folder.path(`${root}/sub-${row + 100}/stats`), { recursive: true });
      for (const [at, hemisphere] of ['lh', 'rh'].entries()) {
        folder.write(`${root}/sub-${row + 100}/stats/${hemisphere}.${parcellation}.stats`, stats(row, at));
      }
    }
    return folder.path(root);
  };
  const people = (id: string, site: string): string =>
    [
      [id, site, 'age', 'dx'],
      ...rows.map((row) => [
        `sub-${row + 100}`,
        'AB'[row % 2],
        (30 + 40 * noise(row, 50)).toFixed(0),
        (row % 3) + 1,
      ]),
    ]
      .map((line) => line.join('\t'))
      .join('\n');

  it('a folder: measures, parcellation and kinds are remembered, and a new subject is read alone', async () => {
    const participants = folder.write('participants.tsv', people('participant_id', 'site'));
    const all = makeSubjects('all', rows, 'aparc.DKTatlas.mapped');
    const say = ['--participants', participants];
    await harmonize(
      all,
      'h1',
      ...say,
      '--categorical',
      'dx',
      '--unit',
      'age=years',
      '--measures',
      'thickness,area',
    );
    const model = JSON.parse(out('h1', 'model.json')) as { reading: { freeSurfer: unknown } };
    assert.deepEqual(model.reading.freeSurfer, {
      measures: ['thickness', 'area'],
      parcellation: 'aparc.DKTatlas.mapped',
    });
    // The folder of the results stands for the model in it.
    await apply('h1', all, 'a1', ...say);
    assert.equal(out('a1'), out('h1'));
    // A second parcellation beside the first asks nothing: the model knows which.
    const one = makeSubjects('one', [4], 'aparc.DKTatlas.mapped');
    makeSubjects('one', [4], 'aparc');
    await apply('h1/model.json', one, 'a2', ...say);
    const [header, ...lines] = out('h1').trim().split('\n');
    assert.deepEqual(out('a2').trim().split('\n'), [header, lines[4]]);
  });

  it('a folder in which a structure is absent from every subject: missing, with an issue', async () => {
    const lone = makeSubjects('lone', [4], 'aparc.DKTatlas.mapped');
    const path = folder.path('lone/sub-104/stats/lh.aparc.DKTatlas.mapped.stats');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/cuneus.*\n/, ''));
    const said = await apply('h1', lone, 'a3', '--participants', folder.path('participants.tsv'));
    assert.match(said, /"lh_cuneus_thickness", "lh_cuneus_area"/);
    const cells = (name: string, row: number): string[] => out(name).trim().split('\n')[row].split(',');
    const at = out('a3').split('\n')[0].split(',').indexOf('lh_cuneus_thickness');
    assert.equal(cells('a3', 1)[at], 'NA');
    assert.deepEqual(
      cells('a3', 1).filter((_, i) => i !== at && i !== cells('a3', 0).indexOf('lh_cuneus_area')),
      cells('h1', 5).filter((_, i) => i !== at && i !== cells('h1', 0).indexOf('lh_cuneus_area')),
    );
  });

  it('a FreeSurfer table joined to participants, with other names of columns', async () => {
    const table = folder.write(
      'lh.txt',
      [
        ['lh.aparc.thickness', ...regions.map((region) => `lh_${region}_thickness`), 'eTIV'],
        ...rows.map((row) => [
          `sub-${row + 100}`,
          ...regions.map((_, at) => thickness(row, at)),
          1500000 + row,
        ]),
      ]
        .map((line) => line.join('\t'))
        .join('\n'),
    );
    const participants = folder.write('people.tsv', people('participant_id', 'scanner'));
    await harmonize(table, 'h4', '--participants', participants, '--site', 'scanner', '--categorical', 'dx');
    await apply('h4', table, 'a4', '--participants', participants);
    assert.equal(out('a4'), out('h4'));
  });

  it('a table: marks of missing values, id and site are remembered, the command overrules them', async () => {
    const lines = rows.map((row) => [
      ...[`p${row}x`, 'AB'[row % 2], row === 3 ? '-7' : 30 + ((row * 7) % 40), (row % 3) + 1],
      ...[0, 1, 2].map((at) => (row === 5 && at === 1 ? 'unk' : thickness(row, at))),
    ]);
    const write = (name: string, header: readonly string[]): string =>
      folder.write(name, [header, ...lines].map((line) => line.join(',')).join('\n'));
    const table = write('t.csv', ['code', 'scanner', 'age', 'dx', 'a_thick', 'b_thick', 'c_thick']);
    const naming = ['--id', 'code', '--site', 'scanner', '--missing', 'NA,unk,-7', '--drop-missing'];
    await harmonize(table, 'h5', ...naming, '--categorical', 'dx');
    await apply('h5', table, 'a5', '--drop-missing');
    assert.equal(out('a5'), out('h5'));
    // Columns are found by name, wherever they stand and whatever stands beside them.
    const renamed = write('r.csv', ['who', 'machine', 'age', 'dx', 'a_thick', 'b_thick', 'c_thick']);
    const bad = await concord(
      'apply',
      folder.path('h5'),
      renamed,
      '--out',
      folder.path('a6'),
      '--drop-missing',
    );
    assert.deepEqual([bad.status, /"code"/.test(bad.err)], [1, true], bad.err);
    await apply('h5', renamed, 'a6', '--drop-missing', '--id', 'who', '--site', 'machine');
    assert.deepEqual(out('a6').split('\n').slice(1), out('a5').split('\n').slice(1));
  });

  it('a level that the model does not know is an error', async () => {
    const table = readFileSync(folder.path('t.csv'), 'utf8').replace(/^(p0x,A,\d+),1,/m, '$1,4,');
    const run = await concord(
      'apply',
      folder.path('h5'),
      folder.write('level.csv', table),
      '--out',
      folder.path('a7'),
      '--drop-missing',
    );
    assert.equal(run.status, 1);
    assert.match(
      run.err,
      /unknown level of dx for subject "p0x": "4" \(the model was fitted on "1", "2", "3"\)/,
    );
    assert.match(
      run.err,
      /read the table with --same-level dx:4=1 or --same-level dx:4=2 or --same-level dx:4=3/,
    );
    const named = ['--same-level', 'dx:4=3', '--drop-missing', '--out', folder.path('a7')];
    const again = await concord('apply', folder.path('h5'), folder.path('level.csv'), ...named);
    assert.deepEqual([again.status, again.err], [0, '']);
  });

  it('models of older versions are read by their provenance, and it is said', async () => {
    const names = ['reading', 'format', 'formatVersion', 'concord', 'sha256'];
    const written = Object.entries(JSON.parse(out('h5', 'model.json')) as Record<string, unknown>);
    assert.equal(written.filter(([name]) => names.includes(name)).length, names.length);
    const older = Object.fromEntries(written.filter(([name]) => !names.includes(name)));
    const model = folder.write('older.json', JSON.stringify(older));
    const said = await concordOutput(
      'apply',
      model,
      folder.path('t.csv'),
      '--out',
      folder.path('a8'),
      '--drop-missing',
    );
    assert.match(said, /did not record how its table was read/);
    assert.match(said, /has no seal/);
    assert.equal(out('a8'), out('h5'));
  });

  it('refuses options of folders for tables, units of what has none, and a folder without a model', async () => {
    const table = folder.path('t.csv');
    const cases: readonly [readonly string[], number, RegExp][] = [
      [['harmonize', table, '--parcellation', 'aparc'], 2, /'--parcellation' is for a folder/],
      [['apply', folder.path('h5'), table, '--measures', 'area'], 2, /'--measures' is for a folder/],
      [
        ['harmonize', folder.path('all'), '--measures', 'thick'],
        2,
        /thickness, area, volume, aseg are allowed/,
      ],
      [['harmonize', table, '--preserve', 'age', '--unit', 'years'], 2, /NAME=UNIT/],
      [['harmonize', table, '--preserve', 'age', '--unit', 'bmi=kg'], 2, /"bmi", which --preserve does not/],
      [['harmonize', table, '--preserve', 'dx', '--categorical', 'dx', '--unit', 'dx=kg'], 2, /has no unit/],
      [['apply', folder.path('all'), table], 1, /model\.json: there is no such file/],
      [['harmonize', folder.path('all')], 1, /--participants/],
    ];
    for (const [words, status, says] of cases) {
      const run = await concord(...words, '--out', folder.path('none'));
      assert.equal(run.status, status, run.err);
      assert.match(run.err, says);
    }
  });

  it('the report opens with what was read', () => {
    const html = out('h1', 'report.html');
    // The contents have both headings, too.
    const section = html.slice(html.lastIndexOf('What was read'), html.lastIndexOf('What was done'));
    for (const text of [
      '<dd>2: A (12), B (12)</dd>',
      'categorical, 3 levels: 1 (8), 2 (8), 3 (8); preserved',
      ' years; preserved',
      'thickness, area; parcellation aparc.DKTatlas.mapped',
      'Every feature (12)',
      '<li>rh_insula_area</li>',
    ]) {
      assert.ok(section.includes(text), text);
    }
    const joined = out('h4', 'report.html');
    assert.ok(joined.includes('<li>eTIV: it describes the whole head, not a region</li>'));
    assert.ok(joined.includes('sites from &quot;scanner&quot;') || joined.includes('sites from "scanner"'));
    assert.ok(out('h5', 'report.html').includes('marked as usual (empty, NA, NaN …), and by NA, unk, -7'));
  });

  it('writes a report of new subjects beside what the model was fitted on, unless told not to', async () => {
    const header = 'id,site,age,dx,f,g';
    const lines = rows.map(
      (row) =>
        `s${row},${'AB'[row % 2]},${30 + row},${(row % 3) + 1},${thickness(row, 1)},${thickness(row, 2)}`,
    );
    const table = folder.write('report.csv', [header, ...lines].join('\n'));
    const id = ['--id', 'id'];
    await harmonize(table, 'rh', ...id);
    const said = await apply(
      'rh',
      folder.write('later.csv', [header, ...lines.slice(0, 6)].join('\n')),
      'ra',
    );
    assert.match(said, /written to .*: harmonized\.csv, report\.html, provenance\.json/);
    const page = out('ra', 'report.html');
    for (const text of [
      '6 new subjects harmonized by a ComBat model',
      'What was read',
      'New values compared with those of the training',
      'age in training</dt><dd>30 to 53; no new subject outside',
    ]) {
      assert.ok(page.includes(text), text);
    }
    await apply('rh', folder.path('later.csv'), 'rn', '--no-report');
    assert.throws(() => out('rn', 'report.html'), { code: 'ENOENT' });
    await assert.rejects(apply('rh', folder.path('later.csv'), 'ra'), /file exists/);
  });
});
