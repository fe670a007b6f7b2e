import type { Tensor2D } from '@tensorflow/tfjs-core';
import { tensor2d } from '@tensorflow/tfjs-core';

/** A row for each entry with a 1 at it, else zeros, `[entries, length]`. */
export function oneHot(entries: readonly number[], length: number): Tensor2D {
  const rows = new Float32Array(entries.length * length);
  entries.forEach((entry, i) => (rows[i * length + entry] = 1));
  return tensor2d(rows, [entries.length, length]);
}
