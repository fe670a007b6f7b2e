import assert from 'node:assert/strict';
import { linearTicks, logTicks, tickText } from '../../../sdk/plot/panels/axis-ticks';

describe('axis ticks', () => {
  it('are round numbers within the range', () => {
    assert.deepEqual(linearTicks(0, 3000, 8), [0, 500, 1000, 1500, 2000, 2500, 3000]);
    assert.deepEqual(linearTicks(-0.13, 0.31, 5), [-0.1, 0, 0.1, 0.2, 0.3]);
    assert.deepEqual(linearTicks(5, 5, 4), [5]);
  });

  it('are powers of ten on a logarithmic axis, with steps between where there are few', () => {
    assert.deepEqual(logTicks(0.02, 0.6), [0.02, 0.05, 0.1, 0.2, 0.5]);
    assert.deepEqual(logTicks(0.9, 11), [1, 1.5, 2, 3, 4, 5, 6, 8, 10]);
    assert.deepEqual(logTicks(1e-5, 0.5), [1e-5, 1e-4, 1e-3, 0.01, 0.1]);
    const many = logTicks(1e-20, 1);
    assert.ok(many.length >= 5 && many.length <= 9, `${many.length}`);
  });

  it('are written short', () => {
    assert.deepEqual([0, 2500, 0.05, 1e-5, 2e8].map(tickText), ['0', '2,500', '0.05', '1e-5', '2e8']);
  });
});
