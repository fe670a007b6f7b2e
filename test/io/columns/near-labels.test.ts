import assert from 'node:assert/strict';
import { foldLabel, mergeLabels, nearLabels } from '../../../sdk/io/columns/labels/near-labels';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

describe('labels that differ in spelling only', () => {
  const folder = temporaryFolder();

  const same: readonly (readonly string[])[] = [
    ['GE', 'ge', 'GE\u200b', 'G E', '\ufeffGE', 'G\u00adE', 'ＧＥ'],
    ['Zürich', 'Zu\u0308rich', 'ZÜRICH', 'zürich'],
    ['São Paulo', 'Sa\u0303o  Paulo', 'são\u00a0paulo'],
    ['1', '1.0', '01', '1.', '001', '1.00'],
    ['Site 1', 'site1', 'Site 01'],
    ['ﬁeld', 'field'],
  ];
  for (const labels of same) {
    it(`are ${JSON.stringify(labels)}`, () => {
      assert.equal(new Set(labels.map(foldLabel)).size, 1);
    });
  }

  it('are not these', () => {
    const distinct = ['1', '10', '1.05', '1.5', '0', '0.5', 'A', 'Á', 'A-1', 'A1.0x', '-1'];
    assert.equal(new Set(distinct.map(foldLabel)).size, distinct.length);
  });

  const alike: readonly (readonly string[])[] = [
    ['KCL', '\u041aCL', '\u039aCL', 'kcl.', 'KCL_', '"KCL"', 'KCL,'],
    ['site-1', 'site\u20131', 'site\u22121', 'site_1', 'site 1', 'site.1', 'site - 01', 'site1'],
    ['18-25', '18\u201325'],
    ['M', '\u041c', '\u039c'],
    ['Москва', 'МОСКВА'],
  ];
  for (const labels of alike) {
    it(`are, to be warned of, ${JSON.stringify(labels)}`, () => {
      assert.deepEqual(
        nearLabels(labels).map((group) => group.map(({ label }) => label).sort()),
        [[...labels].sort()],
      );
    });
  }

  const makers: readonly (readonly string[])[] = [
    ['SIEMENS', 'Siemens Healthineers', 'Siemens HealthCare GmbH', 'Siemens_AG', 'siemens medical solutions'],
    [
      'GE MEDICAL SYSTEMS',
      'GE',
      'GE Healthcare',
      'General Electric Company',
      'GEMS',
      'GE Precision Healthcare LLC',
    ],
    ['Philips', 'Philips Medical Systems', 'Philips Healthcare', 'Philips Medical Systems Nederland B.V.'],
    ['TOSHIBA', 'Canon Medical Systems', 'CANON_MEC', 'TOSHIBA_MEC', 'Canon Medical Systems Corporation'],
    ['Hitachi', 'Hitachi Medical', 'Hitachi Medical Corporation', 'HITACHI, Ltd.', 'FUJIFILM Healthcare'],
    ['UIH', 'United Imaging', 'Shanghai United Imaging Healthcare Co., Ltd.'],
    ['Bruker', 'Bruker BioSpin MRI GmbH'],
    ['Siemens · Prisma_fit', 'Siemens Healthineers · MAGNETOM Prisma Fit', 'SIEMENS · Prisma fit'],
  ];
  for (const labels of makers) {
    it(`are those of one maker of scanners: ${JSON.stringify(labels)}`, () => {
      assert.deepEqual(
        nearLabels(labels).map((group) => group.map(({ label }) => label).sort()),
        [[...labels].sort()],
      );
    });
  }

  it('are not those of several makers, models or places', () => {
    const distinct = [
      ...[
        'SIEMENS',
        'GE',
        'Philips',
        'Canon',
        'Hitachi',
        'UIH',
        'Bruker',
        'GE 2',
        'Siemens Prisma',
        'Siemens Skyra',
      ],
      ...[
        'Geneva',
        'Gent',
        'GER',
        'Philipsburg',
        'General Hospital',
        'Medical School',
        'MAGNETOM',
        'Imaging Center',
      ],
      ...['GE · Premier', 'GE · Signa', 'Siemens · Prisma', 'Siemens · Prisma · 1'],
    ];
    assert.deepEqual(nearLabels(distinct), []);
  });

  it('are not those whose signs, points or separators say something', () => {
    const distinct = [
      ...['1.1', '11', '1-1', 'K-CL', 'KCL', 'E4+', 'E4-', 'E4', '-1', '1', '.5', '5', '5 µm', '5 mm'],
      ...['--', '?', '.', '_', 'UCL', 'UCLs', 'GOSH', 'GOHS'],
    ];
    assert.deepEqual(nearLabels(distinct), []);
  });

  const table = (
    sites: readonly string[],
    sexes: readonly string[] = sites.map((_, at) => 'FM'[at % 2]),
  ): string =>
    folder.write(
      't.csv',
      `id,site,sex,x\n${sites.map((site, at) => `s${at},${site},${sexes[at]},${at}.5`).join('\n')}\n`,
    );

  it('stay apart with a warning that shows what differs', async () => {
    const cohort = await loadTable(table(['GE', 'ge', 'GE', 'GE\u200b', 'Zürich', 'Zu\u0308rich', 'A']));
    assert.equal(new Set(cohort.participants.sites).size, 6);
    const said = cohort.issues.filter(({ code }) => code === 'near-equal-labels');
    assert.deepEqual(
      said.map(({ severity, message }) => [severity, message]),
      [
        [
          'warning',
          'sites in column "site" of t.csv differ only in how they are written: "GE" (2), "GE\\u{200b}" (1), "ge" (1); ' +
            '"Zu\\u{308}rich" (1), "Zürich" (1)',
        ],
      ],
    );
    assert.match(said[0].suggestion, /sameSite: "fold"/);
  });

  it('show letters that look alike by their code points, and are folded when asked', async () => {
    const path = table(['KCL', 'КCL', 'KCL', 'site-1', 'site–1', 'site-1']);
    const [said] = (await loadTable(path)).issues.filter(({ code }) => code === 'near-equal-labels');
    assert.match(said.message, /: "KCL" \(2\), "\\u\{41a\}CL" \(1\); "site-1" \(2\), "site–1" \(1\)$/);
    const { participants } = await loadTable(path, { sameSite: 'fold' });
    assert.deepEqual(participants.sites, ['KCL', 'KCL', 'KCL', 'site-1', 'site-1', 'site-1']);
  });

  it('are merged when asked, to the commonest spelling or the one given', async () => {
    const path = table(['1', '1.0', '1', '2', '2.0', '02', '2', '3']);
    const folded = await loadTable(path, { sameSite: 'fold' });
    assert.deepEqual(folded.participants.sites, ['1', '1', '1', '2', '2', '2', '2', '3']);
    assert.ok(!folded.issues.some(({ code }) => code === 'near-equal-labels'));
    assert.match(
      folded.issues.find(({ code }) => code === 'merged-labels')?.message ?? '',
      /read as the same: "1\.0" \(1\) as "1", "2\.0" \(1\) as "2", "02" \(1\) as "2"$/,
    );
    const named = await loadTable(path, { sameSite: { '1.0': '1', '3': 'drei', '4': 'vier' } });
    assert.deepEqual(named.participants.sites, ['1', '1', '1', '2', '2.0', '02', '2', 'drei']);
    assert.ok(
      named.issues.some(({ code, message }) => code === 'near-equal-labels' && message.includes('"02"')),
    );
    assert.match(
      named.issues.find(({ code }) => code === 'merged-labels')?.message ?? '',
      /"4" is not there$/,
    );
    await rejectsWith(loadTable(path, { sameSite: 'all' as never }), {
      code: 'invalid-option',
      says: ['sameSite', '"all"'],
    });
  });

  it('are folded to what a model knows, where it knows one of them', () => {
    const merged = (
      texts: readonly (string | null)[],
      known: readonly string[],
    ): readonly (string | null)[] =>
      mergeLabels({ name: 'site', file: 't.csv', texts, lines: texts.map((_, row) => row + 2) }, 'fold', {
        optionName: 'sameSite',
        known,
      }).column.texts;
    assert.deepEqual(merged(['ge', 'ge', 'Ge', 'B', null], ['GE', 'b ']), ['GE', 'GE', 'GE', 'b ', null]);
    assert.deepEqual(merged(['ge'], ['GE']), ['GE']);
    // A model may know two that fold alike: those stay, and a third is not guessed.
    assert.deepEqual(merged(['ge', 'GE', 'Ge', 'Ge'], ['GE', 'ge']), ['ge', 'GE', 'Ge', 'Ge']);
    assert.deepEqual(merged(['x', 'X', 'x'], ['GE']), ['x', 'x', 'x']);
  });

  it('are treated alike in covariates, and only where they are levels', async () => {
    const path = table(['A', 'B', 'A', 'B'], ['1.0', '2', '1', '2']);
    const apart = await loadTable(path, { covariates: ['sex'] });
    const said = apart.issues.filter(({ code }) => code === 'near-equal-labels');
    assert.match(said[0].message, /^levels in column "sex".*"1" \(1\), "1\.0" \(1\)$/);
    assert.match(said[0].suggestion, /sameLevel\.sex: "fold"/);
    const merged = await loadTable(path, { covariates: ['sex'], sameLevel: { sex: 'fold' } });
    const [sex] = merged.participants.covariates;
    assert.deepEqual(sex.kind === 'categorical' && sex.levels, ['1', '2']);
    const dose = await loadTable(path, { covariates: [{ name: 'sex', kind: 'continuous' }] });
    assert.ok(!dose.issues.some(({ code }) => code === 'near-equal-labels'));
    await rejectsWith(loadTable(path, { covariates: ['sex'], sameLevel: { gender: 'fold' } }), {
      code: 'unknown-column',
      says: ['"gender"', '"sex"'],
    });
  });

  it('are said of ids too', async () => {
    const path = folder.write('ids.csv', 'id,site,x\nsub-01,A,1\nSUB-01,B,2\nsub-2,A,3\nsub-02,B,4\n');
    const said = (await loadTable(path)).issues.filter(({ code }) => code === 'near-equal-labels');
    assert.match(
      said[0].message,
      /^ids in column "id".*"SUB-01" \(1\), "sub-01" \(1\); "sub-02" \(1\), "sub-2" \(1\)$/,
    );
  });
});
