import assert from 'node:assert/strict';
import { timesVector } from '../../../sdk/math/linear/times-vector';

describe('timesVector', () => {
  it('multiplies every row by the vector', () => {
    const matrix = Float64Array.of(1, 2, 3, 4, 5, 6);
    assert.deepEqual([...timesVector(matrix, Float64Array.of(1, 10, 100))], [321, 654]);
    assert.deepEqual([...timesVector(new Float64Array(0), Float64Array.of(1, 10))], []);
  });
});
