import { closeSync, openSync, readSync } from 'node:fs';

/** Reads the raw numbers straight into a typed array, so that loading holds them once. */
export function readNumbers(path: string, count: number): Float64Array {
  const values = new Float64Array(count);
  const bytes = new Uint8Array(values.buffer);
  const file = openSync(path, 'r');
  for (let at = 0; at < bytes.length;) at += readSync(file, bytes, at, bytes.length - at, null);
  closeSync(file);
  return values;
}
