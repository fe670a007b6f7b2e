import assert from 'node:assert/strict';
import type { MapCohort } from '../../sdk/maps/files/map-cohort';
import { mapCohort } from '../../sdk/maps/files/map-cohort';
import { temporaryFolder } from '../support/temporary-folder';

describe('a table of maps', () => {
  const folder = temporaryFolder();
  const read = (ids: readonly string[], ages: readonly number[]): Promise<MapCohort> => {
    const rows = ids.map((id, row) => `${id},${'KU'[row % 2]},${ages[row]},${id}.mgh\n`).join('');
    const table = folder.write('scans.csv', `id,site,age,lh\n${rows}`);
    return mapCohort(table, { files: ['lh'], out: folder.path('out') }, [{ name: 'age' }]);
  };
  const ages = [31, 32, 45, 47, 39, 41, 52, 53];
  const persons = ['a1', 'a2', 'a3', 'a4'];

  it('is doubted as any other: marks of missing values, and ids that look like visits', async () => {
    const ids = persons.flatMap((person) => [`${person}_MR1`, `${person}_MR2`]);
    const { cohort } = await read(ids, ages.with(2, 999));
    const said = (code: string): string => cohort.issues.find((issue) => issue.code === code)?.message ?? '';
    assert.match(said('doubtful-value'), /"age" holds 999/);
    assert.match(said('possible-repeats'), /^8 ids of scans\.csv look like several scans of 4 persons/);
  });

  it('knows families by their column, which an audit of some vertices keeps together', async () => {
    const rows = ages.map(
      (age, row) => `s${row},${'KU'[row % 2]},${age},${Math.floor(row / 4)}${row % 2},s${row}.mgh\n`,
    );
    const table = folder.write('kin.csv', `id,site,age,fam,lh\n${rows.join('')}`);
    const options = { files: ['lh'], out: folder.path('out'), family: 'fam' };
    const { cohort } = await mapCohort(table, options, [{ name: 'age' }]);
    assert.deepEqual(cohort.participants.families?.slice(0, 4), ['00', '01', '00', '01']);
  });

  it("knows persons by the ids of FreeSurfer's longitudinal stream", async () => {
    const ids = persons.flatMap((person) => [`${person}_t1.long.${person}`, `${person}_t2.long.${person}`]);
    const { cohort } = await read(ids, ages);
    assert.deepEqual([...new Set(cohort.participants.persons)], persons);
    assert.ok(cohort.issues.every(({ code }) => code !== 'possible-repeats'));
  });
});
