import assert from 'node:assert/strict';
import { holdOut } from '../../../sdk/nn/train/hold-out';

/** Five persons; the first was scanned twice, and every scan has two images. */
const subjects = ['a', 'a', 'b', 'c', 'd', 'e'];
const participants = { ids: ['a-1', 'a-2', 'b', 'c', 'd', 'e'], sites: ['X', 'X', 'X', 'X', 'X', 'X'] };
const rows = Int32Array.from({ length: 12 }, (_, image) => Math.floor(image / 2));

describe('holding out', () => {
  it('takes persons, each with all scans and all images, and no image twice', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { ids, learned, validated } = holdOut({ participants, subjects, rows }, { share: 0.4, seed });
      const persons = new Set(ids.map((id) => subjects[participants.ids.indexOf(id)]));
      assert.equal(persons.size, 2);
      const heldOut = (image: number): boolean => persons.has(subjects[rows[image]]);
      assert.deepEqual(validated, [...rows.keys()].filter(heldOut));
      assert.deepEqual(
        [...learned, ...validated].sort((x, y) => x - y),
        [...rows.keys()],
      );
      assert.equal(ids.includes('a-1'), ids.includes('a-2'));
    }
  });

  it('takes families with all persons, where they are known', () => {
    // b and d are siblings.
    const families = ['1', '', '2', '', '2', '3'];
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const related = { participants: { ...participants, families }, subjects, rows };
      const { ids } = holdOut(related, { share: 0.5, seed });
      assert.equal(ids.includes('a-1'), ids.includes('a-2'));
      assert.equal(ids.includes('b'), ids.includes('d'));
    }
    const one = { participants: { ...participants, families: subjects.map(() => '1') }, subjects, rows };
    assert.throws(() => holdOut(one, { share: 0.5, seed: 1 }), /there is one family only/);
  });

  it('leaves one person to learn from, and takes one at least', () => {
    const split = (share: number): number =>
      holdOut({ participants, subjects, rows }, { share, seed: 1 }).ids.length;
    assert.ok(split(0.99) >= 4 && split(0.99) < 6);
    assert.ok(split(0.01) >= 1 && split(0.01) <= 2);
  });

  it('refuses a share that is none, and one person alone', () => {
    for (const share of [0, 1, NaN, -1]) {
      assert.throws(() => holdOut({ participants, subjects, rows }, { share, seed: 1 }), {
        code: 'invalid-option',
        message: /invalid heldOut/,
      });
    }
    const alone = {
      participants: { ids: ['a-1', 'a-2'], sites: ['X', 'Y'] },
      subjects: ['a', 'a'],
      rows: Int32Array.of(0, 1),
    };
    assert.throws(() => holdOut(alone, { share: 0.5, seed: 1 }), {
      code: 'too-little-data',
      message: /one person/,
    });
  });

  const ofSites = (sites: readonly string[], share: number, everySite?: boolean): readonly string[][] =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const people = { ids: participants.ids, sites };
      const { ids } = holdOut({ participants: people, subjects, rows }, { share, seed, everySite });
      return sites.filter((_, row) => !ids.includes(people.ids[row]));
    });

  it('leaves a person of each site to learn from, also where the share would take all', () => {
    // The first person is at X and at Y; e alone is at Z.
    const sites = ['X', 'Y', 'Y', 'X', 'X', 'Z'];
    for (const learned of ofSites(sites, 0.8))
      assert.deepEqual([...new Set(learned)].sort(), ['X', 'Y', 'Z']);
    assert.ok(ofSites(sites, 0.8, false).some((learned) => !learned.includes('Z')));
  });

  it('changes nothing of who is held out where each site keeps somebody anyhow', () => {
    const one = ofSites(['X', 'X', 'X', 'X', 'X', 'X'], 0.4);
    assert.deepEqual(one, ofSites(['X', 'X', 'X', 'X', 'X', 'X'], 0.4, false));
  });

  it('refuses persons of whom each is the only one of a site', () => {
    assert.throws(() => ofSites(['V', 'V', 'W', 'X', 'Y', 'Z'], 0.4), {
      code: 'too-little-data',
      message: /only one of a site/,
    });
  });
});
