import { createHash } from 'node:crypto';

/**
 * Makes a short digest of what is too long for a record: 16 hexadecimal digits of a SHA-256, enough to distinguish one from
 * another. Voxels are taken as they are in memory, all else as JSON with the keys of objects in order: what was stored and
 * loaded again has the same digest. Long lists go in entry by entry, since no text holds millions of slices.
 */
export function digestOf(...parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (part instanceof Float32Array || part instanceof Uint8Array) hash.update(part);
    else if (!Array.isArray(part)) hash.update(orderedJson(part));
    else {
      hash.update('[');
      part.forEach((entry, i) => hash.update(`${i === 0 ? '' : ','}${orderedJson(entry)}`));
      hash.update(']');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function orderedJson(value: unknown): string {
  // What JSON leaves out is null here, as it is within a list.
  return JSON.stringify(value ?? null, (_, part: unknown) => inOrder(part));
}

/** An object with its keys in order; any other value as it is. */
function inOrder(part: unknown): unknown {
  if (!isPlainObject(part)) return part;
  return Object.fromEntries(
    Object.keys(part)
      .sort()
      .map((key) => [key, part[key]]),
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'string') return false;
  return true;
}

const digests = new WeakMap<object, Map<unknown, string>>();

/**
 * Makes a digest of a model, to say in a provenance which one it was. It is computed once for each model: weights are
 * large, and models never change.
 * What is kept belongs to the model and to the parts that it was made of: of other parts, another digest is made.
 *
 * @param parts - what of the model decides its results, arrays among it; no times, nothing that was only noticed. The same
 * function each time, not one that is made anew at each call
 */
export function modelDigest<Model extends object>(model: Model, parts: (model: Model) => unknown): string {
  const kept = digests.get(model) ?? new Map<unknown, string>();
  const known = kept.get(parts);
  if (known !== undefined) return known;
  const made = digestOfParts(parts(model));
  digests.set(model, kept.set(parts, made));
  return made;
}

/**
 * Makes a digest of a plain value with arrays of numbers in it, which are taken as they are in memory, whatever the order of
 * keys. NaN and infinities, which JSON has as null, have digests of their own.
 */
export function digestOfParts(parts: unknown): string {
  const hash = createHash('sha256');
  /** The value as JSON is to have it: made before, since asking for each name of a long list takes longer than writing all. */
  const plain = (value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
    if (Array.isArray(value)) return isTexts(value) ? value : value.map(plain);
    if (ArrayBuffer.isView(value)) {
      hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return { bytes: value.byteLength };
    }
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(inOrder(value) as Readonly<Record<string, unknown>>);
    return Object.fromEntries(entries.map(([key, part]) => [key, plain(part)]));
  };
  const rest = JSON.stringify(plain(parts));
  return hash.update(rest).digest('hex').slice(0, 16);
}
