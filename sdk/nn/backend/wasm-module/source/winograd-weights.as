// The gradient of a convolution with a window of 3 × 3 by its filter, by the same tiles as in winograd.as: for each tile
// and pair of channels 16 multiplications instead of 36. It is the transpose of what is there by the filter:
// Gᵀ·[Σ over tiles of (A·dy·Aᵀ) ⊙ (Bᵀ·d·B)]·G.
import { floats } from './float';
import { bytesOfPlace, listTile, transformPixels } from './winograd-transforms';

/** Output channels computed together. */
const COLUMNS: i32 = 8;
/** Tiles treated at a time. */
const TILES: i32 = 64;

/**
 * The sums over tiles, `[place][panel of 8 output channels][depth][8]` at `sums`.
 *
 * @param depth - a multiple of 4
 * @param zeros - at least as many as `depth` and `columns`
 * @param gradient - dy, `[batch, outHeight, outWidth, columns]`
 * @param columns - a multiple of 8
 * @param parts - into how many parts the input channels are divided, so that there is work for every thread
 * @param from - the first of the tasks: one for each of the four rows of places and part
 * @param scratch - 1024·depth + 1024·columns + 1024 bytes
 */
export function sumTiles(
  image: usize, batch: i32, height: i32, width: i32, depth: i32, zeros: usize, firstRow: i32, firstColumn: i32,
  gradient: usize, outHeight: i32, outWidth: i32, columns: i32, sums: usize, parts: i32,
  from: i32, to: i32, scratch: usize,
): void {
  const down = (outHeight + 1) / 2;
  const across = (outWidth + 1) / 2;
  const tiles = batch * down * across;
  const panels = columns / COLUMNS;
  const lists = scratch;
  const factors = lists + 4 * 64;
  const values = factors + <usize>columns * (4 * 4 * TILES);
  for (let task = from; task < to; task++) {
    const i = task / parts;
    const part = task - i * parts;
    const first = 4 * ((part * (depth / 4)) / parts);
    const count = 4 * (((part + 1) * (depth / 4)) / parts) - first;
    const target = sums + <usize>first * (4 * COLUMNS) + <usize>(4 * i * panels) * depth * (4 * COLUMNS);
    const panelBytes = <usize>depth * (4 * COLUMNS);
    for (let at = 0; at < 4 * panels; at++) memory.fill(target + <usize>at * panelBytes, 0, count * (4 * COLUMNS));
    for (let start = 0; start < tiles; start += TILES) {
      const quads = (min(TILES, tiles - start) + 3) / 4;
      const placeBytes = bytesOfPlace(quads, count);
      for (let quad = 0; quad < quads; quad++) {
        for (let lane = 0; lane < 4; lane++) {
          const index = start + 4 * quad + lane;
          const tile = min(index, tiles - 1);
          const row = tile / across;
          const n = row / down;
          const y = 2 * (row - n * down);
          const x = 2 * (tile - row * across);
          const from = image + <usize>n * height * width * depth * 4;
          listTile(lists + 64 * lane, from, height, width, 4 * depth, zeros, y + firstRow, x + firstColumn);
          const at = gradient + ((<usize>n * outHeight + y) * outWidth + x) * columns * 4;
          // Beyond the last tile nothing is added.
          const there = index < tiles;
          transformGradient(
            there ? at : zeros,
            there && x + 1 < outWidth ? at + 4 * columns : zeros,
            there && y + 1 < outHeight ? at + 4 * outWidth * columns : zeros,
            there && x + 1 < outWidth && y + 1 < outHeight ? at + 4 * (outWidth + 1) * columns : zeros,
            i, columns, factors + (4 * quad + lane) * (4 * COLUMNS),
          );
        }
        transformPixels(lists, i, 4 * first, count, values + <usize>quad * count * 16, placeBytes);
      }
      for (let j = 0; j < 4; j++) {
        for (let panel = 0; panel < panels; panel++) {
          const factor = factors + <usize>(j * panels + panel) * (4 * COLUMNS * TILES);
          let value = values + <usize>j * placeBytes;
          let sum = target + <usize>(j * panels + panel) * panelBytes;
          for (let k = 0; k < count; k += 4) {
            addProducts(value, 16 * count, factor, quads, sum);
            value += 64;
            sum += 4 * 4 * COLUMNS;
          }
        }
      }
    }
  }
}

/** Row `i` of A·dy·Aᵀ for all channels of a tile, with A = [1 0; 1 1; 1 −1; 0 −1]. */
function transformGradient(d00: usize, d01: usize, d10: usize, d11: usize, i: i32, columns: i32, out: usize): void {
  const placeBytes = <usize>columns * (4 * TILES);
  for (let c: usize = 0; c < floats(columns); c += 4 * COLUMNS) {
    for (let half: usize = 0; half < 4 * COLUMNS; half += 16) {
      const left = pair(v128.load(d00 + c + half), v128.load(d10 + c + half), i);
      const right = pair(v128.load(d01 + c + half), v128.load(d11 + c + half), i);
      const at = out + half;
      v128.store(at, left);
      v128.store(at + placeBytes, f32x4.add(left, right));
      v128.store(at + 2 * placeBytes, f32x4.sub(left, right));
      v128.store(at + 3 * placeBytes, f32x4.neg(right));
    }
    out += 4 * COLUMNS * TILES;
  }
}

@inline
function pair(upper: v128, lower: v128, i: i32): v128 {
  if (i == 0) return upper;
  if (i == 1) return f32x4.add(upper, lower);
  if (i == 2) return f32x4.sub(upper, lower);
  return f32x4.neg(lower);
}

/** Adds Σ over tiles of the values of four input channels times the factors of eight output channels to 4 × 8 sums. */
function addProducts(value: usize, quadBytes: usize, factor: usize, quads: i32, sums: usize): void {
  let a00 = f32x4.splat(0);
  let a01 = a00;
  let a10 = a00;
  let a11 = a00;
  let a20 = a00;
  let a21 = a00;
  let a30 = a00;
  let a31 = a00;
  let f0: v128;
  let f1: v128;
  let x: v128;
  const rest = quadBytes - 48;
  const end = factor + quads * (4 * 4 * COLUMNS);
  // The branches keep compilers from computing four products at once, for which registers are too few.
  while (true) {
    f0 = v128.load(factor);
    f1 = v128.load(factor, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 4);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 8);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 12);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 16;
    factor += 32;
    if (factor >= end) break;

    f0 = v128.load(factor);
    f1 = v128.load(factor, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 4);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 8);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 12);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 16;
    factor += 32;
    if (factor >= end) break;

    f0 = v128.load(factor);
    f1 = v128.load(factor, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 4);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 8);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 12);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 16;
    factor += 32;
    if (factor >= end) break;

    f0 = v128.load(factor);
    f1 = v128.load(factor, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 4);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 8);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 12);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += rest;
    factor += 32;
    if (factor >= end) break;
  }
  add(sums, a00, a01);
  add(sums + 32, a10, a11);
  add(sums + 64, a20, a21);
  add(sums + 96, a30, a31);
}

@inline
function add(sums: usize, low: v128, high: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), low));
  v128.store(sums, f32x4.add(v128.load(sums, 16), high), 16);
}

/**
 * Makes a filter, `[3, 3, depth, columns]`, of what `sumTiles` has summed: Gᵀ·s·G with Gᵀ = [1 ½ ½ 0; 0 ½ −½ 0; 0 ½ ½ 1].
 *
 * @param from - the first panel
 */
export function filterOfSums(
  sums: usize, weights: usize, depth: i32, columns: i32, from: i32, to: i32, scratch: usize,
): void {
  const placeBytes = <usize>depth * columns * 4;
  for (let panel = from; panel < to; panel++) {
    let at = sums + <usize>panel * depth * (4 * COLUMNS);
    let out = weights + panel * (4 * COLUMNS);
    for (let k = 0; k < depth; k++) {
      for (let half: usize = 0; half < 4 * COLUMNS; half += 16) putTaps(at + half, out + half, placeBytes);
      at += 4 * COLUMNS;
      out += 4 * <usize>columns;
    }
  }
}

@inline
function putTaps(sums: usize, out: usize, placeBytes: usize): void {
  for (let u = 0; u < 3; u++) {
    const s0 = alongColumn(sums, placeBytes, u);
    const s1 = alongColumn(sums + placeBytes, placeBytes, u);
    const s2 = alongColumn(sums + 2 * placeBytes, placeBytes, u);
    const s3 = alongColumn(sums + 3 * placeBytes, placeBytes, u);
    const middle = f32x4.mul(f32x4.add(s1, s2), f32x4.splat(0.5));
    v128.store(out, f32x4.add(s0, middle));
    v128.store(out + placeBytes, f32x4.mul(f32x4.sub(s1, s2), f32x4.splat(0.5)));
    v128.store(out + 2 * placeBytes, f32x4.add(middle, s3));
    out += 3 * placeBytes;
  }
}

@inline
function alongColumn(sums: usize, placeBytes: usize, u: i32): v128 {
  const first = v128.load(sums + 4 * placeBytes);
  const second = v128.load(sums + 8 * placeBytes);
  const half = f32x4.splat(0.5);
  if (u == 1) return f32x4.mul(f32x4.sub(first, second), half);
  const middle = f32x4.mul(f32x4.add(first, second), half);
  return f32x4.add(v128.load(sums + (u == 0 ? 0 : 12 * placeBytes)), middle);
}
