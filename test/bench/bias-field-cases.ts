// The images that `bias-field.bench.ts` measures on, as raw arrays in folders that both programs read.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Triple } from '../../sdk/data/images/affine';
import { makeRandom } from '../../sdk/math/random';

/** An image with the mask it is corrected in, and the log field put on it where that is known. */
export interface BiasCase {
  readonly name: string;
  readonly folder: string;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly shrink: Triple;
  readonly data: Float32Array;
  /** Where figures are computed, and where the field is estimated unless `otsu` is set. */
  readonly mask: Uint8Array;
  readonly otsu: boolean;
  readonly truth?: Float32Array;
  /** The image before the field was put on. */
  readonly clean?: Float32Array;
}

/** A field over the unit cube of the image, in no unit; it is scaled to the amplitude asked for. */
export type FieldShape = 'polynomial' | 'coil';

const shapes: Record<FieldShape, (x: number, y: number, z: number) => number> = {
  polynomial: (x, y, z) => 0.8 * x - 0.5 * y + 0.6 * z + 0.9 * x * y - 0.7 * z * z + 0.5 * y * y,
  // Near to one side and above, as the sensitivity of a surface coil falls off.
  coil: (x, y, z) => Math.exp(-((x - 0.8) ** 2 + (y + 0.3) ** 2 + (z - 0.6) ** 2) / (2 * 0.9 ** 2)),
};

/** The log of a field that runs from 1 − amplitude to 1 + amplitude in the mask. */
export function simulatedLogField(
  { shape, mask }: Pick<BiasCase, 'shape' | 'mask'>,
  kind: FieldShape,
  amplitude: number,
): Float32Array {
  const values = new Float64Array(mask.length);
  const unit = (i: number, axis: number): number => (2 * i) / (shape[axis] - 1) - 1;
  let low = Infinity;
  let high = -Infinity;
  for (let n = 0; n < values.length; n++) {
    const x = unit(n % shape[0], 0);
    const y = unit(Math.floor(n / shape[0]) % shape[1], 1);
    const z = unit(Math.floor(n / (shape[0] * shape[1])), 2);
    values[n] = shapes[kind](x, y, z);
    if (mask[n] === 0) continue;
    low = Math.min(low, values[n]);
    high = Math.max(high, values[n]);
  }
  // Outside the mask the shape may run on below zero; there it is held.
  return Float32Array.from(values, (value) =>
    Math.log(Math.max(0.05, 1 + amplitude * ((2 * (value - low)) / (high - low) - 1))),
  );
}

/** Three tissues in nested ellipsoids with a little noise. */
export function ellipsoidPhantom(seed: number): Pick<BiasCase, 'shape' | 'spacing' | 'data' | 'mask'> {
  const shape: Triple = [80, 96, 80];
  const random = makeRandom(seed);
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const mask = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) {
    const x = ((n % shape[0]) - 39.5) / 34;
    const y = ((Math.floor(n / shape[0]) % shape[1]) - 47.5) / 42;
    const z = (Math.floor(n / (shape[0] * shape[1])) - 39.5) / 34;
    const folds = 0.06 * Math.sin(9 * x) * Math.sin(9 * y) * Math.sin(9 * z);
    const radius = Math.hypot(x, y, z) + folds;
    const tissue = radius < 0.22 ? 300 : radius < 0.75 ? 1000 : radius < 0.93 ? 700 : radius < 1 ? 300 : 0;
    if (tissue > 0) mask[n] = 1;
    data[n] = tissue > 0 ? Math.max(1, tissue + 15 * random.normal()) : 0;
  }
  return { shape, spacing: [2, 2, 2], data, mask };
}

/** Writes a case where the peer finds it. */
export function writeCase(bias: BiasCase): BiasCase {
  mkdirSync(bias.folder, { recursive: true });
  writeFileSync(join(bias.folder, 'data.f32'), bias.data);
  writeFileSync(join(bias.folder, 'mask.u8'), bias.mask);
  const { shape, spacing, shrink, otsu } = bias;
  writeFileSync(join(bias.folder, 'case.json'), JSON.stringify({ shape, spacing, shrink, otsu }));
  return bias;
}

/** Reads a case that the peer prepared. */
export function readCase(name: string, folder: string): BiasCase {
  const about = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Pick<
    BiasCase,
    'shape' | 'spacing' | 'shrink'
  >;
  const mask = new Uint8Array(readFileSync(join(folder, 'mask.u8')));
  return { name, folder, ...about, data: readFloats(join(folder, 'data.f32')), mask, otsu: false };
}

export function readFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
