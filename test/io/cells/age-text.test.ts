import assert from 'node:assert/strict';
import { loadTable } from '../../../sdk/io/tables/load-table';
import type { LoadTableOptions } from '../../../sdk/io/tables/table-options';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

describe('ages', () => {
  const folder = temporaryFolder();
  const table = (ages: readonly string[], name = 'age'): string =>
    folder.write(
      'ages.csv',
      `id,site,${name},x\n${ages.map((age, at) => `s${at},${at % 2 ? 'A' : 'B'},${age},${at}.5`).join('\n')}\n`,
    );
  const agesIn = async (path: string, options: LoadTableOptions = {}): Promise<unknown> => {
    const { participants } = await loadTable(path, { covariates: ['age'], features: 'x', ...options });
    const [age] = participants.covariates;
    return age.kind === 'continuous' ? [age.unit, ...age.values] : age.levels;
  };

  it('reads those of DICOM in years, and says so', async () => {
    const path = table(['035Y', '420M', '010W', '100D', 'NA']);
    const cohort = await loadTable(path, { covariates: ['age'], features: 'x' });
    const [age] = cohort.participants.covariates;
    assert.ok(age.kind === 'continuous');
    assert.equal(age.unit, 'years');
    assert.deepEqual([...age.values].slice(0, 2), [35, 35]);
    // 70 and 100 days of a year of 365.25.
    assert.ok(Math.abs(age.values[2] - 0.19164955509924708) < 1e-15);
    assert.ok(Math.abs(age.values[3] - 0.2737850787132101) < 1e-15);
    assert.ok(Number.isNaN(age.values[4]));
    const said = cohort.issues.find(({ code }) => code === 'converted-ages');
    assert.match(
      said?.message ?? '',
      /^column "age" of ages\.csv: 4 ages as DICOM writes them, such as "035Y", read in years$/,
    );
  });

  it('reads them in the unit that is asked for, and with the zeros dropped', async () => {
    const months = { covariates: [{ name: 'age', unit: 'months' }] };
    assert.deepEqual(await agesIn(table(['035Y', '006M']), months), ['months', 420, 6]);
    assert.deepEqual(await agesIn(table(['5Y', '12y', '8Y'])), ['years', 5, 12, 8]);
    assert.deepEqual(await agesIn(table(['035Y', '040Y', '41'])), ['years', 35, 40, 41]);
    await rejectsWith(agesIn(table(['035Y', '006M']), { covariates: [{ name: 'age', unit: 'decades' }] }), {
      code: 'invalid-option',
      says: ['"decades"', 'years, months'],
    });
  });

  it('leaves levels alone', async () => {
    const visit = { covariates: ['visit'] };
    const cohort = await loadTable(table(['12M', '24M', '12M'], 'visit'), { ...visit, features: 'x' });
    assert.equal(cohort.participants.covariates[0].kind, 'categorical');
    assert.deepEqual(await agesIn(table(['<18', '18+', '18+', '<18'])), ['18+', '<18']);
    const stated = { covariates: [{ name: 'age', kind: 'categorical' as const }] };
    assert.deepEqual(await agesIn(table(['035Y', '040Y']), stated), ['035Y', '040Y']);
    assert.deepEqual(await agesIn(table(['40', '50', '89+', '40']), stated), ['40', '50', '89+']);
    const grade = await loadTable(table(['0', '1+', '2+', '0'], 'grade'), {
      covariates: ['grade'],
      features: 'x',
    });
    assert.equal(grade.participants.covariates[0].kind, 'categorical');
  });

  const hidden = ['89+', '90+', '>89', '>=89', '≥ 90', '89 or older', '89 and over', '90 plus'];
  for (const text of hidden) {
    it(`refuses "${text}", and reads it as 89 when told`, async () => {
      const path = table(['70', '80', '75', text]);
      await rejectsWith(agesIn(path), {
        code: 'invalid-number',
        says: ['row 5', 'column "age"', 'privacy (BIDS, HIPAA)', 'ageCap: 89', `missing: "${text}"`],
        where: { row: 5, column: 'age' },
      });
      const cohort = await loadTable(path, { covariates: ['age'], features: 'x', ageCap: 89 });
      const [age] = cohort.participants.covariates;
      assert.deepEqual(age.kind === 'continuous' && [...age.values], [70, 80, 75, 89]);
      const said = cohort.issues.filter(({ code }) => code === 'capped-ages');
      assert.deepEqual(
        said.map(({ severity, message }) => [severity, message]),
        [['warning', `1 age in column "age" of ages.csv read as 89: "${text}"; the first in row 5`]],
      );
      assert.deepEqual(await agesIn(path, { missing: [text] }), [undefined, 70, 80, 75, NaN]);
    });
  }

  it('refuses a single one with a unit among plain ages, and says what it means', async () => {
    for (const [text, says] of [
      ['396M', 'it means 396 months, which is 33 years: write the age as a number in the unit of the others'],
      ['34y6m', 'it means 34 years 6 months, which is 34.5 years'],
      ['33 years', 'it means 33 years: write'],
    ]) {
      await rejectsWith(agesIn(table(['40', '50', text, '41', '52'])), {
        code: 'invalid-number',
        says: [`"${text}"`, 'row 4', says],
      });
    }
  });

  for (const ages of [
    ['34 years', '35 years', '36 years'],
    ['34y6m', '35y2m', '36y1m', '40'],
    ['34 yrs', '35 yrs old', '36 Jahre', '37 ans', 'unsure'],
    ['420M', '40', '41'],
  ]) {
    it(`refuses ${ages.join(', ')}, which would be levels`, async () => {
      await rejectsWith(agesIn(table(ages)), { code: 'invalid-number', says: [`"${ages[0]}"`, 'it means'] });
      const asked = await agesIn(table(ages), { covariates: [{ name: 'age', kind: 'categorical' }] });
      assert.deepEqual(asked, [...ages].sort());
    });
  }

  it('says that all have a unit, and how groups are said to be that', async () => {
    await rejectsWith(agesIn(table(['34 years', '35 years', '36 years'])), {
      code: 'invalid-number',
      says: ['3 texts of the column are numbers with a unit', 'in one unit, 34 for years', 'categorical'],
    });
    const groups = table(['young', 'old', '20-30 years', 'old']);
    assert.deepEqual(await agesIn(groups), ['20-30 years', 'old', 'young']);
  });

  it('refuses them also where most ages are hidden, and those that are no cap', async () => {
    await rejectsWith(agesIn(table(['89+', '89+', '90+', '70'])), {
      code: 'invalid-number',
      says: ['"89+"'],
    });
    await rejectsWith(agesIn(table(['20', '30', '25', '<18']), { ageCap: 89 }), {
      code: 'invalid-number',
      says: ['"<18"', 'only a bound', 'missing: "<18"'],
    });
    await rejectsWith(agesIn(table(['70', '80', '75', '85+']), { ageCap: 89 }), {
      code: 'invalid-number',
      says: ['"85+"', 'ageCap: 85'],
    });
    for (const [text, cap] of [
      ['95+', 95],
      ['>90', 89],
    ] as const) {
      const path = table(['70', '80', '75', text]);
      await rejectsWith(agesIn(path), {
        code: 'invalid-number',
        says: [`read them as ${cap} with ageCap: ${cap},`],
      });
      assert.deepEqual(await agesIn(path, { ageCap: cap }), [undefined, 70, 80, 75, cap]);
    }
    await rejectsWith(agesIn(table(['70', '80']), { ageCap: -1 }), {
      code: 'invalid-option',
      says: ['ageCap'],
    });
  });
});
