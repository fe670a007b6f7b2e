import assert from 'node:assert/strict';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { siteSizes, sitesFact, allSitesTable, someOf } from '../../sdk/report/listed-sites';
import { methodsSection, studiedData } from '../../sdk/report/methods-section';
import { readingSection } from '../../sdk/report/reading-section';
import { siteTables } from '../../sdk/report/site-tables';

/** Sites of 2, 3, 4 … scans. */
const many = (count: number): { name: string; subjects: number }[] =>
  Array.from({ length: count }, (_, at) => ({ name: `site${at}`, subjects: at + 2 }));

describe('sites in reports', () => {
  it('are all named up to 20', () => {
    const value = sitesFact(many(20)).value;
    assert.match(value, /^20: site0 \(2\), .*, site19 \(21\)$/);
    assert.match(siteSizes(many(20)), /^site0, n = 2; .*; site19, n = 21$/);
    assert.deepEqual(allSitesTable(many(20)), []);
  });

  it('are some of very many, and all in a table', () => {
    const { value } = sitesFact(many(130));
    assert.match(value, /^130: site0 \(2\), .*, site11 \(13\) and 118 more \(all in a table below\)$/);
    assert.equal(siteSizes(many(131)), 'n = 2 to 132, median 67');
    assert.match(someOf(many(130).map(({ name }) => name)), /site11 and 118 more$/);
    const [{ rows }] = allSitesTable(many(130));
    assert.deepEqual([rows.length, rows[129]], [130, ['site129', 131]]);
  });

  it('so it is wherever a report on a table names them, and Table 1 has them all', () => {
    const ids = Array.from({ length: 120 }, (_, row) => `p${row}`);
    const people = makeParticipants(
      ids,
      ids.map((_, row) => `site${row}`),
    );
    const cohort = makeFeatureCohort(
      people,
      makeFeatureMatrix(
        Float64Array.from(ids, (_, row) => row),
        ids,
        ['f'],
      ),
    );
    const studied = studiedData(people, '1 feature');
    const texts = JSON.stringify([
      methodsSection({ studied, provenance: [] }),
      readingSection(cohort, {}).facts,
    ]);
    assert.ok(!texts.includes('site99') && texts.includes('at 120 sites (n = 1 to 1, median 1)'), texts);
    const [table] = siteTables(cohort);
    assert.ok(ids.every((_, row) => JSON.stringify(table.rows).includes(`"site${row}"`)));
  });
});
