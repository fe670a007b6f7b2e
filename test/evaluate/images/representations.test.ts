import assert from 'node:assert/strict';
import type { ImageCohort } from '../../../sdk/index';
import * as concord from '../../../sdk/index';

/** Scans of one image each: P1 and P2 at A and at B, P1 at A once more. */
async function scans(): Promise<ImageCohort> {
  const { cohort } = await concord.simulateSlices({
    scanners: 'abcd-like',
    subjects: 2,
    traveling: true,
    testRetest: true,
    slices: 1,
    size: 16,
    pixelSize: 12,
  });
  const { subjects, participants, suffixes } = cohort;
  const { ids, sites } = participants;
  const rows = [...ids.keys()].filter((row) => suffixes[row] === 'T1w' && sites[row] !== 'Philips');
  const again = (row: number): boolean => ids[row].includes('run-2');
  const wanted = rows.filter((row) => !again(row) || (subjects[row] === subjects[0] && sites[row] === 'GE'));
  return concord.takeSubjects(cohort, wanted);
}

function representation(rows: readonly (readonly number[])[]): concord.murd.ImageRepresentation {
  return { values: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] };
}

describe('representations of images', () => {
  let cohort: ImageCohort;
  before(async () => void (cohort = await scans()));

  it('are correlated by pairs that share person, site or both', () => {
    const { subjects, participants } = cohort;
    const first = subjects[0];
    // Person 1 and 2 by orthogonal patterns; at Siemens a part of another pattern is added.
    const of = subjects.map((subject, row) => {
      const own = subject === first ? [1, -1, 0, 0] : [0, 0, 1, -1];
      return participants.sites[row] === 'GE' ? own : own.map((value, i) => value + [1, 1, -1, -1][i]);
    });
    const found = concord.murd.compareRepresentations(representation(of), cohort);
    assert.equal(found.samePersonSameSite?.pairs, 1);
    assert.ok(Math.abs(found.samePersonSameSite.mean - 1) < 1e-12);
    // (1, −1, 0, 0)·(2, 0, −1, −1) / (√2·√6) = 1/√3, for either person.
    assert.ok(Math.abs((found.samePersonOtherSite?.mean ?? 0) - 1 / Math.sqrt(3)) < 1e-7);
    assert.equal(found.samePersonOtherSite?.pairs, 3);
    // At GE 0, twice; at Siemens (2, 0, −1, −1)·(1, 1, 0, −2) / 6 = 2/3.
    assert.equal(found.otherPersonSameSite?.pairs, 3);
    assert.ok(Math.abs(found.otherPersonSameSite.mean - 2 / 9) < 1e-7);
    assert.ok(Math.abs(found.otherPersonSameSite.lowest) < 1e-7);
  });

  it('fall apart by site as their silhouette says', () => {
    // On a line: 0, 1, 2 at GE and 10, 12 at Siemens. By hand, (b − a) / max(a, b) of each:
    const ge = [0, 1, 2];
    const siemens = [10, 12];
    const rows = cohort.participants.sites.map((site) => [
      (site === 'GE' ? ge.shift() : siemens.shift()) ?? NaN,
    ]);
    const expected = (1 - 1.5 / 11 + (1 - 1 / 10) + (1 - 1.5 / 9) + (1 - 2 / 9) + (1 - 2 / 11)) / 5;
    assert.ok(Math.abs(concord.murd.siteSilhouette(representation(rows), cohort) - expected) < 1e-7);
  });

  it('are drawn on the directions in which they vary most, by site', () => {
    const rows = cohort.participants.sites.map((site, row) => [site === 'GE' ? 0 : 5, row / 100, 0]);
    const { data } = concord.murd.plotRepresentation(representation(rows), cohort);
    assert.deepEqual(
      data.map(({ name }) => name),
      ['GE', 'Siemens'],
    );
    const [ge, siemens] = data.map(({ x }) => x as number[]);
    assert.ok(Math.abs(Math.abs(ge[0] - siemens[0]) - 5) < 0.1);
  });

  it('must be those of the cohort', () => {
    const other = representation([[1, 2]]);
    for (const ask of [
      () => concord.murd.compareRepresentations(other, cohort),
      () => concord.murd.siteSilhouette(other, cohort),
      () => concord.murd.plotRepresentation(other, cohort),
    ]) {
      assert.throws(ask, { code: 'invalid-option', message: /1 image in it, 5 in the cohort/ });
    }
  });
});
