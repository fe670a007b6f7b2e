import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Random } from '../../sdk/math/random';
import { deriveSeed, makeRandom } from '../../sdk/math/random';
import type { FuzzedFormat, FuzzSeed } from './fuzzed-format';
import { mutateBytes } from './mutate-bytes';
import { mutateJson } from './mutate-json';
import { mutateText } from './mutate-text';

/** What a damaged file is made of. */
export interface CasePlan {
  readonly seeds: readonly FuzzSeed[];
  readonly seed: number;
  readonly index: number;
}

/**
 * Writes the files of a case into an empty folder: the same seed and number give the same bytes.
 *
 * @returns the path to be opened
 */
export function makeCase(folder: string, format: FuzzedFormat, { seeds, seed, index }: CasePlan): string {
  const random = makeRandom(deriveSeed(seed, index));
  const { files, altered, opened } = seeds[random.integer(seeds.length)];
  rmSync(folder, { recursive: true, force: true });
  const changed = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      name,
      name === altered ? mutate(Buffer.from(bytes), format, random) : bytes,
    ]),
  );
  const resealed = format.reseal !== undefined && random.uniform() < 0.85 ? format.reseal(changed) : changed;
  for (const [name, bytes] of Object.entries(resealed)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return join(folder, opened);
}

function mutate(bytes: Buffer, format: FuzzedFormat, random: Random): Buffer {
  // Packed files are mostly damaged within.
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && random.uniform() < 0.8) {
    return gzipSync(mutate(gunzipSync(bytes), format, random), { level: 1 });
  }
  const { kind, words = [] } = format;
  const chance = random.uniform();
  const isText = bytes.length > 0 && bytes.every((byte) => byte !== 0);
  if (kind === 'bytes' || chance < 0.1 || !isText) return mutateBytes(bytes, random);
  if (kind === 'json' && chance < 0.8) return Buffer.from(mutateJson(bytes.toString(), random));
  return Buffer.from(mutateText(bytes.toString(), random, words));
}
