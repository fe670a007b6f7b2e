import { createHash } from 'node:crypto';

/**
 * Makes a short digest of what is too long for a record: 16 hexadecimal digits of a SHA-256, enough to tell one from
 * another. Voxels are taken as they stand in memory, all else as JSON.
 */
export function digestOf(...parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part instanceof Float32Array || part instanceof Uint8Array ? part : JSON.stringify(part));
  }
  return hash.digest('hex').slice(0, 16);
}
