import assert from 'node:assert/strict';
import { fft, inverseFft } from '../../sdk/math/fft';

describe('fft', () => {
  const real = Float64Array.from({ length: 32 }, (_, n) => Math.sin(1.1 * n) + 0.3 * n);
  const imaginary = Float64Array.from({ length: 32 }, (_, n) => Math.cos(0.4 * n * n));

  it('equals the sum that defines the transform', () => {
    const got = fft(real, imaginary);
    for (let k = 0; k < 32; k++) {
      let re = 0;
      let im = 0;
      for (let n = 0; n < 32; n++) {
        const angle = (-2 * Math.PI * k * n) / 32;
        re += real[n] * Math.cos(angle) - imaginary[n] * Math.sin(angle);
        im += real[n] * Math.sin(angle) + imaginary[n] * Math.cos(angle);
      }
      assert.ok(Math.abs(got.real[k] - re) < 1e-11 && Math.abs(got.imaginary[k] - im) < 1e-11, `at ${k}`);
    }
  });

  it('is undone by its inverse', () => {
    const back = inverseFft(fft(real, imaginary));
    back.real.forEach((value, n) => assert.ok(Math.abs(value - real[n]) < 1e-13));
    back.imaginary.forEach((value, n) => assert.ok(Math.abs(value - imaginary[n]) < 1e-13));
  });

  it('leaves its input alone and takes the length 1', () => {
    const before = real.slice();
    fft(real);
    assert.deepEqual(real, before);
    assert.deepEqual(fft(Float64Array.of(3)).real, Float64Array.of(3));
  });

  it('refuses lengths that are no power of two', () => {
    for (const length of [0, 3, 48]) {
      assert.throws(() => fft(new Float64Array(length)), { code: 'invalid-option', message: /power of two/ });
    }
  });
});
