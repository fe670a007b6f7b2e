import type { Random } from '../../../math/random';

/**
 * The magnitude of an image to whose real and imaginary parts Gaussian noise of standard deviation `sigma` was added:
 * it follows a Rice distribution, in air a Rayleigh distribution of mean σ√(π/2) (Gudbjartsson & Patz 1995, Magn.
 * Reson. Med. 34:910).
 */
export function addRicianNoise(data: Float32Array, sigma: number, random: Random): Float32Array {
  if (sigma === 0) return data.slice();
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const real = data[i] + sigma * random.normal();
    const imaginary = sigma * random.normal();
    out[i] = Math.sqrt(real * real + imaginary * imaginary);
  }
  return out;
}
