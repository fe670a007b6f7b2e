import type { Triple } from '../../../data/images/affine';
import type { Random } from '../../../math/random';
import { makeRandom } from '../../../math/random';
import type { ChannelGrid } from './sample-channels';
import { sampleChannels } from './sample-channels';

/** Points along each side of the tile (a power of two) and the distance between them in mm. */
const tileSize = 64;
const tileStep = 2;

/** The wavelength of the noise on a surface, in mm: two sulci and the gyri between them. */
export const foldWavelength = 26.5;

/** Across a surface the slopes of waves that run in all directions of space are longer by this much. */
const foreshortening = Math.sqrt(3 / 2);

/** How many plane waves are summed, and how much their wavelengths differ. */
const waves = 96;
const bandwidth = 0.18;

let tile: ChannelGrid | undefined;

/**
 * A cube of band-limited Gaussian noise that repeats in all directions: value and gradient (per mm), four numbers a
 * point. It is a sum of plane waves of nearly one wavelength in all directions (a random wave model: Berry 1977, J.
 * Phys. A 10:2083), so that the surfaces where it is zero meander half a wavelength apart, as sulci do. The same for
 * every brain: each takes it turned and shifted.
 */
function foldTile(): ChannelGrid {
  tile ??= makeTile(makeRandom(20_240_601));
  return tile;
}

function makeTile(random: Random): ChannelGrid {
  const points = tileSize + 1;
  const values = new Float32Array(4 * points ** 3);
  const radius = (tileSize * tileStep * foreshortening) / foldWavelength;
  for (let wave = 0; wave < waves; wave++) {
    const reach = radius * (1 + bandwidth * Math.max(-2.5, Math.min(2.5, random.normal())));
    const x = random.normal();
    const y = random.normal();
    const z = random.normal();
    const unit = reach / Math.hypot(x, y, z);
    addWave(values, [Math.round(unit * x), Math.round(unit * y), Math.round(unit * z)], random.uniform());
  }
  return { values, channels: 4, shape: [points, points, points] };
}

/** Adds a wave of so many periods along each side; the last points of a side are the first once more. */
function addWave(values: Float32Array, [u, v, w]: Triple, phase: number): void {
  const amplitude = Math.sqrt(2 / waves);
  const base = (2 * Math.PI) / tileSize;
  // Angles come in whole steps of the base, but for the phase: tables instead of a cosine per point.
  const angle = (i: number): number => base * i + 2 * Math.PI * phase;
  const cosines = Float64Array.from({ length: tileSize }, (_, i) => amplitude * Math.cos(angle(i)));
  const sines = Float64Array.from({ length: tileSize }, (_, i) => amplitude * Math.sin(angle(i)));
  for (let k = 0, at = 0; k <= tileSize; k++) {
    for (let j = 0; j <= tileSize; j++) {
      for (let i = 0; i <= tileSize; i++, at += 4) {
        const turn = (u * i + v * j + w * k) & (tileSize - 1);
        const slope = (-base / tileStep) * sines[turn];
        values[at] += cosines[turn];
        values[at + 1] += u * slope;
        values[at + 2] += v * slope;
        values[at + 3] += w * slope;
      }
    }
  }
}

/** The folding pattern of one hemisphere: the noise of the tile, turned and shifted. */
export class FoldPattern {
  /** What {@link at} found: the value, and its gradient along x, y and z per mm. */
  readonly found: Float64Array = new Float64Array(4);
  private readonly noise: ChannelGrid = foldTile();
  private readonly shift: Float64Array;
  /** Row by row. */
  private readonly turn: Float64Array;

  constructor(random: Random) {
    this.shift = Float64Array.from({ length: 3 }, () => tileSize * random.uniform());
    this.turn = randomRotation(random);
  }

  /**
   * Looks at a place.
   *
   * @param zoom - multiplies lengths: below 1 the pattern is coarser than the folds
   */
  at(x: number, y: number, z: number, zoom: number): void {
    const { found, turn, shift, noise } = this;
    const unit = zoom / tileStep;
    const u = wrap(unit * (turn[0] * x + turn[1] * y + turn[2] * z) + shift[0]);
    const v = wrap(unit * (turn[3] * x + turn[4] * y + turn[5] * z) + shift[1]);
    const w = wrap(unit * (turn[6] * x + turn[7] * y + turn[8] * z) + shift[2]);
    sampleChannels(noise, found, u, v, w);
    const a = found[1];
    const b = found[2];
    const c = found[3];
    found[1] = turn[0] * a + turn[3] * b + turn[6] * c;
    found[2] = turn[1] * a + turn[4] * b + turn[7] * c;
    found[3] = turn[2] * a + turn[5] * b + turn[8] * c;
  }
}

function wrap(place: number): number {
  return place - tileSize * Math.floor(place / tileSize);
}

/** A rotation by a random unit quaternion, all turns alike (Shoemake 1992, Graphics Gems III: 124). */
function randomRotation(random: Random): Float64Array {
  const q = [random.normal(), random.normal(), random.normal(), random.normal()];
  const length = Math.hypot(...q);
  const [a, b, c, d] = q.map((part) => part / length);
  return Float64Array.of(
    ...[1 - 2 * (c * c + d * d), 2 * (b * c - a * d), 2 * (b * d + a * c)],
    ...[2 * (b * c + a * d), 1 - 2 * (b * b + d * d), 2 * (c * d - a * b)],
    ...[2 * (b * d - a * c), 2 * (c * d + a * b), 1 - 2 * (b * b + c * c)],
  );
}
