import { concat, tensor, tidy, tile } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import type { Features } from '../../nn/blocks/convolution';

/**
 * Adds channels that say where along a sequence each position is: sines and cosines of one wave over the whole length, of
 * two, of four, and so on.
 *
 * @param x - `[N, length, C]`
 * @param places - how many channels, an even number; 0 leaves x as it is
 * @returns `[N, length, C + places]`
 * @throws ConcordError `invalid-option` for an odd number, or for images, which show where things are by themselves.
 */
export function withPlaces<X extends Features>(x: X, places: number): X {
  if (places === 0) return x;
  if (x.rank !== 3 || places % 2 !== 0 || !(places > 0)) {
    throw new ConcordError(
      'invalid-option',
      `invalid places: ${places} (0 for images; an even number for sequences)`,
    );
  }
  const [batch, length] = x.shape;
  return tidy(() => {
    const waves = new Float32Array(length * places);
    for (let position = 0; position < length; position++) {
      for (let wave = 0; wave < places / 2; wave++) {
        const angle = (2 * Math.PI * 2 ** wave * (position + 0.5)) / length;
        waves[position * places + 2 * wave] = Math.sin(angle);
        waves[position * places + 2 * wave + 1] = Math.cos(angle);
      }
    }
    return concat([x, tile(tensor(waves, [1, length, places]), [batch, 1, 1])], 2) as X;
  });
}
