import assert from 'node:assert/strict';
import { makeNeighborhood, neighborhoodFromTriangles } from '../../sdk/data/neighborhood';
import { graphOrder } from '../../sdk/math/graph-order';
import { simulateVertexCohort } from '../../sdk/simulate/simulate-vertex-cohort';

describe('a simulated cohort of vertices', () => {
  it('has 10·4^n + 2 vertices and 30·4^n pairs that touch (Euler: V − E + F = 2)', () => {
    const { cohort, neighborhood } = simulateVertexCohort({ divisions: 2, sites: 2, subjects: 3 });
    assert.equal(cohort.features.features.length, 162);
    assert.equal(neighborhood.neighbors.length / 2, 480);
  });

  it('is the same for the same seed, and travels', () => {
    const options = { divisions: 1, sites: 3, subjects: 4, traveling: true };
    const one = simulateVertexCohort(options);
    assert.deepEqual(simulateVertexCohort(options).cohort.features.values, one.cohort.features.values);
    assert.equal(one.cohort.participants.ids.length, 12);
    const width = one.cohort.features.features.length;
    const { thickness } = one.truth;
    assert.deepEqual(thickness.subarray(0, width), thickness.subarray(width, 2 * width));
  });

  it('has the site effects that its truth tells, within the error of the mean', () => {
    const { cohort, truth } = simulateVertexCohort({
      divisions: 1,
      sites: 2,
      subjects: 200,
      traveling: true,
    });
    const width = cohort.features.features.length;
    for (let vertex = 0; vertex < width; vertex++) {
      let difference = 0;
      for (let person = 0; person < 200; person++) {
        const row = 2 * person;
        const at = (r: number): number => cohort.features.values[r * width + vertex];
        difference += (at(row) - at(row + 1)) / 200;
      }
      const wanted = truth.sites[0].shift[vertex] - truth.sites[1].shift[vertex];
      assert.ok(Math.abs(difference - wanted) < 0.04, `${difference} ${wanted}`);
    }
  });

  it('refuses counts out of range', () => {
    assert.throws(() => simulateVertexCohort({ sites: 0 }), { code: 'invalid-option' });
    assert.throws(
      () => simulateVertexCohort({ divisions: -1 }),
      /invalid divisions: -1 \(a whole number from 0\)/,
    );
    assert.throws(() => simulateVertexCohort({ divisions: 11 }), /invalid divisions: 11 \(10 at most/);
    assert.throws(
      () => simulateVertexCohort({ divisions: 9 }),
      /invalid divisions: 9 \(2,621,442 vertices of 4 × 60 scans are more than 268,435,456 values/,
    );
  });
});

describe('the order of a graph', () => {
  it('of a path has blocks of 2 and of 4 that hang together', () => {
    const path = [3, 0, 4, 1, 5, 2, 7, 6];
    const pairs = path.slice(1).flatMap((vertex, i) => [path[i], vertex]);
    const order = [...graphOrder(makeNeighborhood(8, pairs))];
    for (const block of [2, 4]) {
      for (let from = 0; from < 8; from += block) {
        const places = order.slice(from, from + block).map((vertex) => path.indexOf(vertex));
        assert.equal(Math.max(...places) - Math.min(...places), block - 1);
      }
    }
  });

  it('holds every vertex once, lone ones and separate pieces too, each piece together', () => {
    const order = [...graphOrder(makeNeighborhood(7, [0, 2, 2, 4, 1, 5, 5, 3]))];
    assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4, 5, 6]);
    const places = [0, 2, 4].map((vertex) => order.indexOf(vertex));
    assert.equal(Math.max(...places) - Math.min(...places), 2);
  });

  it('makes patches of a sphere: blocks of 16 are well narrower than in the order of numbering', () => {
    const { neighborhood, coordinates } = simulateVertexCohort({ divisions: 3, sites: 1, subjects: 1 });
    const spread = (order: ArrayLike<number>): number => {
      let sum = 0;
      let pairs = 0;
      for (let from = 0; from + 16 <= order.length; from += 16) {
        for (let i = from; i < from + 16; i++) {
          for (let j = from; j < i; j++, pairs++) {
            for (let axis = 0; axis < 3; axis++) {
              sum += (coordinates[3 * order[i] + axis] - coordinates[3 * order[j] + axis]) ** 2;
            }
          }
        }
      }
      return sum / pairs;
    };
    const numbering = Int32Array.from({ length: neighborhood.vertices }, (_, vertex) => vertex);
    assert.ok(spread(graphOrder(neighborhood)) < 0.6 * spread(numbering));
  });

  it('is of what touches: pairs and triangles are checked', () => {
    assert.throws(() => makeNeighborhood(3, [0, 3]), { code: 'invalid-option' });
    assert.throws(() => makeNeighborhood(3, [1, 1]), { code: 'invalid-option' });
    assert.throws(() => neighborhoodFromTriangles(3, [0, 1]), { code: 'invalid-option' });
    assert.deepEqual([...neighborhoodFromTriangles(3, [0, 1, 2]).neighbors], [1, 2, 0, 2, 0, 1]);
  });
});
