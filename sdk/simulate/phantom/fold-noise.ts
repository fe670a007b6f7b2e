import type { Random } from '../../math/random';
import { makeRandom } from '../../math/random';

/** Points along each side of the tile, 1 mm apart: a power of two. */
const tileSize = 256;

/** The wavelength of the noise, in mm: two sulci and the gyri between them. */
export const foldWavelength = 27;

/** How many plane waves are summed. */
const waves = 160;

let tile: Float32Array | undefined;

/**
 * A square of band-limited Gaussian noise that repeats in both directions: value and gradient (per mm), three numbers
 * a point. It is a sum of plane waves of nearly one wavelength in all directions (a random wave model: Berry 1977, J.
 * Phys. A 10:2083), so that the lines where it is zero meander half a wavelength apart, as sulci do. The same for
 * every brain: each takes it turned and shifted.
 */
function foldTile(): Float32Array {
  tile ??= makeTile(makeRandom(20_240_601));
  return tile;
}

function makeTile(random: Random): Float32Array {
  const values = new Float32Array(3 * tileSize ** 2);
  const radius = tileSize / foldWavelength;
  for (let wave = 0; wave < waves; wave++) {
    const reach = radius * (1 + 0.12 * random.normal());
    const angle = 2 * Math.PI * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    addWave(values, [Math.round(reach * Math.cos(angle)), Math.round(reach * Math.sin(angle))], phase);
  }
  return values;
}

function addWave(values: Float32Array, [u, v]: readonly [number, number], phase: number): void {
  const amplitude = Math.sqrt(2 / waves);
  const base = (2 * Math.PI) / tileSize;
  // Angles come in whole steps of the base, but for the phase: tables instead of a cosine per point.
  const cosines = Float64Array.from({ length: tileSize }, (_, i) => amplitude * Math.cos(base * i + phase));
  const sines = Float64Array.from({ length: tileSize }, (_, i) => amplitude * Math.sin(base * i + phase));
  for (let j = 0, at = 0; j < tileSize; j++) {
    for (let i = 0; i < tileSize; i++, at += 3) {
      const turn = (u * i + v * j) & (tileSize - 1);
      const slope = -base * sines[turn];
      values[at] += cosines[turn];
      values[at + 1] += u * slope;
      values[at + 2] += v * slope;
    }
  }
}

/** One turn and shift of the tile for each of the three planes a surface can face. */
interface PlaneFrame {
  readonly cosine: number;
  readonly sine: number;
  readonly u: number;
  readonly v: number;
}

/**
 * The folding pattern of one hemisphere: the noise of the tile laid onto a surface in space. Each of three tiles, one
 * across each axis, counts as the surface faces it (triplanar projection), which keeps the wavelength on the surface.
 */
export class FoldPattern {
  /** What {@link at} found: the value, and its gradient along x, y and z per mm. */
  readonly found: Float64Array = new Float64Array(4);
  private readonly noise: Float32Array = foldTile();
  private readonly frames: readonly PlaneFrame[];

  constructor(random: Random) {
    this.frames = Array.from({ length: 3 }, () => {
      const angle = 2 * Math.PI * random.uniform();
      const u = tileSize * random.uniform();
      const v = tileSize * random.uniform();
      return { cosine: Math.cos(angle), sine: Math.sin(angle), u, v };
    });
  }

  /**
   * Looks at a place of a surface that faces along (nx, ny, nz).
   *
   * @param zoom - multiplies lengths: below 1 the pattern is coarser than the folds
   */
  at(
    x: number,
    y: number,
    z: number,
    [nx, ny, nz]: readonly [number, number, number],
    zoom: number = 1,
  ): void {
    const { found, frames } = this;
    const wx = nx * nx * nx * nx;
    const wy = ny * ny * ny * ny;
    const wz = nz * nz * nz * nz;
    const norm = 1 / Math.sqrt(wx * wx + wy * wy + wz * wz + 1e-12);
    found[0] = found[1] = found[2] = found[3] = 0;
    if (wx * norm > 0.02) this.add(frames[0], zoom * y, zoom * z, wx * norm, 2, 3);
    if (wy * norm > 0.02) this.add(frames[1], zoom * x, zoom * z, wy * norm, 1, 3);
    if (wz * norm > 0.02) this.add(frames[2], zoom * x, zoom * y, wz * norm, 1, 2);
  }

  /** Adds one plane's noise, weighted, its gradient along the axes numbered `first` and `second`. */
  private add(frame: PlaneFrame, a: number, b: number, weight: number, first: number, second: number): void {
    const { noise, found } = this;
    const { cosine, sine } = frame;
    const x = cosine * a - sine * b + frame.u;
    const y = sine * a + cosine * b + frame.v;
    const i = Math.floor(x);
    const j = Math.floor(y);
    const s = x - i;
    const t = y - j;
    const last = tileSize - 1;
    const low = tileSize * (j & last);
    const high = tileSize * ((j + 1) & last);
    const at00 = 3 * ((i & last) + low);
    const at10 = 3 * (((i + 1) & last) + low);
    const at01 = 3 * ((i & last) + high);
    const at11 = 3 * (((i + 1) & last) + high);
    const w00 = weight * (1 - s) * (1 - t);
    const w10 = weight * s * (1 - t);
    const w01 = weight * (1 - s) * t;
    const w11 = weight * s * t;
    found[0] += w00 * noise[at00] + w10 * noise[at10] + w01 * noise[at01] + w11 * noise[at11];
    const gx = w00 * noise[at00 + 1] + w10 * noise[at10 + 1] + w01 * noise[at01 + 1] + w11 * noise[at11 + 1];
    const gy = w00 * noise[at00 + 2] + w10 * noise[at10 + 2] + w01 * noise[at01 + 2] + w11 * noise[at11 + 2];
    found[first] += cosine * gx + sine * gy;
    found[second] += cosine * gy - sine * gx;
  }
}
