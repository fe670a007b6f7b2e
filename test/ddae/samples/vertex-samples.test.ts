import assert from 'node:assert/strict';
import * as concord from '../../../sdk/index';
import { contractFeatures } from '../../support/contract-cohorts';

describe('a DDAE of vertices', () => {
  it('holds persons out for validation, with all their scans', async () => {
    const cohort = contractFeatures({ A: 4, B: 4, C: 4 });
    const persons = cohort.participants.ids.map((_, row) => `p${row % 4}`);
    const participants = { ...cohort.participants, persons };
    const pairs = Array.from({ length: 7 }, (_, vertex) => [vertex, vertex + 1]).flat();
    const model = await concord.fitDdae(
      { ...cohort, participants },
      {
        size: 'tiny',
        steps: 1,
        batchSize: 4,
        heldOut: 0.5,
        neighborhood: concord.surfaces.makeNeighborhood(8, pairs),
      },
    );
    const out = persons.map((_, row) => model.heldOut.includes(participants.ids[row]));
    assert.equal(out.filter((held) => held).length, 6);
    for (const person of new Set(persons)) {
      assert.equal(new Set(out.filter((_, row) => persons[row] === person)).size, 1, person);
    }
  });
});
