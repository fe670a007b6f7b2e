// What a guard sees of a scan, measured once and kept: the limits can then be drawn and tried without opening the scan again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import type { ImageCohort, Volume } from 'concord-mri';
import * as concord from 'concord-mri';
import type { ImageSet } from '../../../sdk/data/images/image-set';
import { imageSource } from '../../../sdk/data/images/memory-source';
import type { IntensityRange } from '../../../sdk/nn/images/scan-intensity';
import { measureScanRanges } from '../../../sdk/nn/images/scan-intensity';
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { grayLevels } from '../../../sdk/nn/input/gray-levels';
import { scanTraits } from '../../../sdk/nn/input/scan-traits';
import type { ScanTraits } from '../../../sdk/nn/input/scan-traits';
import { slicesOfScan } from '../../../sdk/nn/input/scan-slices';
import { onBlack } from '../../../sdk/preprocess/on-black';
import { throughSlices } from '../../../sdk/preprocess/slices/through-slices';

/** What is seen of a scan, or why it did not come so far. */
export type Measured =
  { readonly refused: string } | { readonly traits: ScanTraits; readonly range: IntensityRange };

/** Chooses among slices by where they are, in mm. */
export type PickSlices = (positions: readonly number[]) => readonly number[];

/** Errors of the sources and of the build are two classes. */
export function isConcordError(error: unknown): error is concord.ConcordError {
  return error instanceof Error && 'problem' in error;
}

/** Cuts a scan as `harmonizeVolumes` does, and describes it. */
export async function measureVolume(
  { geometry, shape: [height, width] }: Pick<LearnedInput, 'geometry' | 'shape'>,
  volume: Volume,
  pick?: PickSlices,
): Promise<Measured> {
  const step = { step: 'judge', options: {}, version: '' };
  const cut = { ...geometry, scan: 'it', size: [height, width] as const, channels: 1 as const, step };
  const seen: { images?: ImageSet } = {};
  const stop = new Error('measured');
  try {
    await throughSlices(onBlack(volume).filled, cut, (images) => {
      seen.images = images;
      // Nothing is to be put back.
      throw stop;
    });
  } catch (error) {
    if (error !== stop && isConcordError(error)) return { refused: error.problem };
    if (error !== stop) throw error;
  }
  const { images } = seen;
  if (images === undefined) throw new Error('no slices were cut');
  const wanted = pick?.(images.slices.map(({ position }) => position));
  const found = await measureImages(wanted === undefined ? images : takeSlices(images, wanted));
  if ('refused' in found) return found;
  // As `harmonizeVolumes` counts them: before pixels of another size mix them.
  const levels = grayLevels(volume.data.filter((_, voxel) => volume.mask?.[voxel] !== 0));
  return { ...found, traits: { ...found.traits, levels: Math.min(levels, found.traits.levels) } };
}

function takeSlices(images: ImageSet, wanted: readonly number[]): ImageSet {
  const [, height, width, channels] = images.shape;
  const take = <Values extends Float32Array | Uint8Array>(
    values: Values,
    size: number,
    made: Values,
  ): Values => {
    wanted.forEach((slice, at) => made.set(values.subarray(slice * size, (slice + 1) * size), at * size));
    return made;
  };
  const area = height * width;
  return {
    ...images,
    shape: [wanted.length, height, width, channels],
    slices: wanted.map((slice) => images.slices[slice]),
    data: take(images.data, area * channels, new Float32Array(wanted.length * area * channels)),
    mask: images.mask && take(images.mask, area, new Uint8Array(wanted.length * area)),
  };
}

async function measureImages(images: ImageSet): Promise<Measured> {
  const people = concord.makeParticipants([images.slices[0].scan], ['elsewhere'], []);
  return measureScan(concord.makeImageCohort(people, images, { suffixes: [''] }));
}

/** Describes the one scan of a cohort. */
export async function measureScan(cohort: ImageCohort): Promise<Measured> {
  try {
    const [range] = await measureScanRanges(imageSource(cohort));
    const traits = scanTraits(slicesOfScan(cohort.images, 0, cohort.images.slices.length));
    return traits === undefined ? { refused: 'its mask is empty' } : { traits, range };
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return { refused: error.problem };
  }
}

const sources = ['sdk/nn/input', 'test/bench/guard'];
const measuring = /gray-levels|scan-traits|slice-pattern|scan-slices|spoil|measure/;

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s+/gm, ' ');
}

/** Where measurements are kept: another folder for every state of the sources that measure and spoil. */
export function cacheFolder(): string {
  const digest = createHash('sha256');
  for (const folder of sources) {
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name);
      if (file.endsWith('.ts') && measuring.test(file)) digest.update(name).update(withoutComments(file));
    }
  }
  const base = process.env['CONCORD_GUARD_CACHE'] ?? join(tmpdir(), 'concord-guard');
  const folder = resolve(base, digest.digest('hex').slice(0, 12));
  mkdirSync(folder, { recursive: true });
  return folder;
}

interface Packed {
  readonly traits: Omit<ScanTraits, 'patterns'>;
  readonly range: IntensityRange;
  readonly positions: readonly number[];
}

/** A measurement that is kept in a file. */
export async function kept(file: string, measure: () => Promise<Measured>): Promise<Measured> {
  if (existsSync(file)) return unpacked(readFileSync(file));
  const found = await measure();
  writeFileSync(`${file}.part`, packed(found));
  renameSync(`${file}.part`, file);
  return found;
}

function packed(found: Measured): Buffer {
  if ('refused' in found) return Buffer.from(`${JSON.stringify(found)}\n`);
  const { patterns, ...traits } = found.traits;
  const head: Packed = { traits, range: found.range, positions: patterns.map(({ position }) => position) };
  const cells = Float32Array.from(patterns.flatMap(({ cover, values }) => [...cover, ...values]));
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(head)}\n`),
    deflateSync(Buffer.from(cells.buffer), { level: 1 }),
  ]);
}

function unpacked(bytes: Buffer): Measured {
  const end = bytes.indexOf('\n');
  const head = JSON.parse(bytes.subarray(0, end).toString()) as Packed | { readonly refused: string };
  if ('refused' in head) return head;
  const raw = inflateSync(bytes.subarray(end + 1));
  const cells = new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4);
  const side = cells.length / head.positions.length / 2;
  const patterns = head.positions.map((position, i) => ({
    position,
    cover: Float64Array.from(cells.subarray(2 * i * side, (2 * i + 1) * side)),
    values: Float64Array.from(cells.subarray((2 * i + 1) * side, (2 * i + 2) * side)),
  }));
  return { traits: { ...head.traits, patterns }, range: head.range };
}
