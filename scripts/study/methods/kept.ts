// What takes long is kept in a file, and read when it is there.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Makes a plain value with typed arrays in it, once. */
export async function kept<Value>(path: string, make: () => Promise<Value>): Promise<Value> {
  const before = readKept<Value>(path);
  if (before !== undefined) return before;
  const value = await make();
  keep(path, value);
  return value;
}

/** Keeps a plain value with typed arrays in it, instead of what was kept before: compressed where the name ends so. */
export function keep(path: string, value: unknown): void {
  write(path, path.endsWith('.gz') ? gzipSync(serialize(value)) : serialize(value));
}

/** What was kept, where there is something. */
export function readKept<Value>(path: string): Value | undefined {
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path);
  return deserialize(path.endsWith('.gz') ? gunzipSync(content) : content) as Value;
}

/** Writes JSON, whole or not at all. */
export function writeWhole(path: string, value: unknown): void {
  write(path, `${JSON.stringify(value, null, 2)}\n`);
}

export function readJson<Value>(path: string): Value | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Value) : undefined;
}

/** Under another name first, so that what is there is whole. */
function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}
