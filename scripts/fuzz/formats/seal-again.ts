import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

const digestOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Seals the records among some files again, as our writers do: each gets the SHA-256 of its contents, and what it says of the
 * file of arrays beside it is what that file is. What is no JSON object stays as it is.
 */
export function sealAgain(files: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      name,
      name.endsWith('.json') ? resealed(name, bytes, files) : bytes,
    ]),
  );
}

/** The bytes as they are where they are no JSON, or nested deeper than they can be written. */
function resealed(name: string, bytes: Uint8Array, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  try {
    return sealed(name, JSON.parse(Buffer.from(bytes).toString()), files) ?? bytes;
  } catch {
    return bytes;
  }
}

function sealed(
  name: string,
  record: unknown,
  files: Readonly<Record<string, Uint8Array>>,
): Uint8Array | undefined {
  if (!isObject(record)) return undefined;
  for (const part of [record['weights'], record['arrays']]) {
    if (!isObject(part) || typeof part['file'] !== 'string') continue;
    const beside = join(dirname(name), part['file']);
    if (!Object.hasOwn(files, beside)) continue;
    Object.assign(part, { bytes: files[beside].length, sha256: digestOf(files[beside]) });
  }
  const { sha256, ...rest } = record;
  void sha256;
  return Buffer.from(JSON.stringify({ ...rest, sha256: digestOf(JSON.stringify(rest)) }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
