import { ok } from 'node:assert/strict';
import { normalQuantile, normalUpperTail } from '../../../sdk/math/statistics/normal-quantile';

describe('the upper tail of the normal distribution', () => {
  // math.erfc(z / math.sqrt(2)) / 2 of Python 3, which is R's pnorm(z, lower.tail = FALSE).
  const known = [
    { z: -1, tail: 0.8413447460685429 },
    { z: 0, tail: 0.5 },
    { z: 1.96, tail: 0.0249978951482204 },
    { z: 6, tail: 9.865876450376946e-10 },
  ];
  for (const { z, tail } of known) {
    it(`is that of the error function at ${z}`, () => {
      ok(Math.abs(normalUpperTail(z) / tail - 1) < 1e-12);
    });
  }

  it('is undone by the quantile', () => {
    ok(Math.abs(normalQuantile(1 - normalUpperTail(0.7)) - 0.7) < 1e-12);
  });
});
