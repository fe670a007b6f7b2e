// Convolution with a window of 3 × 3 in steps of one pixel: for each tile of 2 × 2 pixels and pair of channels 16
// multiplications where the plain way takes 36, and no more rounding (Lavin & Gray 2016, "Fast algorithms for
// convolutional neural networks", arXiv:1509.09308, F(2×2, 3×3)): Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A.
import { bytesOfPlace, listTile, transformPixels } from './winograd-transforms';

/** Output channels computed together. */
const COLUMNS: i32 = 8;
/** Tiles treated at a time, so that what comes of them stays in near memory. */
const TILES: i32 = 32;

/**
 * G·g·Gᵀ of a filter g, in panels of 8 output channels, `[panel][place][depth][8]`, with
 * G = [1 0 0; ½ ½ ½; ½ −½ ½; 0 0 1].
 *
 * @param tapOffsets - for each of the nine taps, row by row, where its matrix begins in `source`, in values
 * @param depthStep - how far apart, in values, the rows of a matrix are in `source`
 * @param columnStep - how far apart its columns are
 * @param from - the first panel
 */
export function transformFilter(
  source: usize, panels: usize, tapOffsets: usize, depth: i32, depthStep: i32, columnStep: i32,
  from: i32, to: i32, scratch: usize,
): void {
  const placeBytes = <usize>depth * (4 * COLUMNS);
  for (let panel = from; panel < to; panel++) {
    for (let half = 0; half < 2; half++) {
      let at = source + <usize>(panel * COLUMNS + 4 * half) * columnStep * 4;
      let out = panels + <usize>panel * 16 * placeBytes + 16 * half;
      for (let k = 0; k < depth; k++) {
        transformFour(at, tapOffsets, columnStep, out, placeBytes);
        at += <usize>depthStep * 4;
        out += 4 * COLUMNS;
      }
    }
  }
}

@inline
function transformFour(source: usize, tapOffsets: usize, step: i32, out: usize, placeBytes: usize): void {
  const half = f32x4.splat(0.5);
  for (let j = 0; j < 4; j++) {
    let r0: v128;
    let r1: v128;
    let r2: v128;
    if (j == 0 || j == 3) {
      const column = tapOffsets + (j == 0 ? 0 : 8);
      r0 = fourColumns(source, column, step);
      r1 = fourColumns(source, column + 12, step);
      r2 = fourColumns(source, column + 24, step);
    } else {
      r0 = acrossRow(source, tapOffsets, step, j);
      r1 = acrossRow(source, tapOffsets + 12, step, j);
      r2 = acrossRow(source, tapOffsets + 24, step, j);
    }
    const ends = f32x4.mul(f32x4.add(r0, r2), half);
    const middle = f32x4.mul(r1, half);
    const at = out + <usize>j * placeBytes;
    v128.store(at, r0);
    v128.store(at + 4 * placeBytes, f32x4.add(ends, middle));
    v128.store(at + 8 * placeBytes, f32x4.sub(ends, middle));
    v128.store(at + 12 * placeBytes, r2);
  }
}

/** ½(g₀ ± g₁ + g₂) along a row of the window. */
@inline
function acrossRow(source: usize, tapOffsets: usize, step: i32, j: i32): v128 {
  const half = f32x4.splat(0.5);
  const first = fourColumns(source, tapOffsets, step);
  const last = fourColumns(source, tapOffsets + 8, step);
  const ends = f32x4.mul(f32x4.add(first, last), half);
  const middle = f32x4.mul(fourColumns(source, tapOffsets + 4, step), half);
  return j == 1 ? f32x4.add(ends, middle) : f32x4.sub(ends, middle);
}

@inline
function fourColumns(source: usize, tapOffset: usize, step: i32): v128 {
  const at = source + <usize>load<i32>(tapOffset) * 4;
  if (step == 1) return v128.load(at);
  const bytes = <usize>step * 4;
  let values = v128.load32_zero(at);
  values = f32x4.replace_lane(values, 1, load<f32>(at + bytes));
  values = f32x4.replace_lane(values, 2, load<f32>(at + 2 * bytes));
  return f32x4.replace_lane(values, 3, load<f32>(at + 3 * bytes));
}

/**
 * Convolves images with a filter that `transformFilter` has made: out[n, i, j, c] = bias[c] + added[n, i, j, c] +
 * Σ over u, v < 3 and k of image[n, i + firstRow + u, j + firstColumn + v, k] · filter[u, v, k, c], where what lies
 * outside the image is 0.
 *
 * @param depth - a multiple of 4
 * @param zeros - at least `depth` zeros
 * @param columns - a multiple of 8
 * @param bias - the address of a number per output channel, or 0
 * @param added - the address of what is added, or 0
 * @param parts - into how many parts the output channels are divided, so that there is work for every thread
 * @param from - the first of the tasks: one for each TILES tiles, counted over all images, and part
 * @param scratch - 2048·depth + 19712 bytes
 */
export function convolveTiles(
  image: usize, batch: i32, height: i32, width: i32, depth: i32, zeros: usize,
  panels: usize, firstRow: i32, firstColumn: i32,
  out: usize, outHeight: i32, outWidth: i32, columns: i32, bias: usize, added: usize, parts: i32,
  from: i32, to: i32, scratch: usize,
): void {
  const down = (outHeight + 1) / 2;
  const across = (outWidth + 1) / 2;
  const tiles = batch * down * across;
  const products = scratch;
  const lists = products + 16 * TILES * (4 * COLUMNS);
  const values = lists + 4 * 64;
  const allPanels = columns / COLUMNS;
  const panelBytes = <usize>depth * (4 * COLUMNS);
  let filled = -1;
  for (let task = from; task < to; task++) {
    const block = task / parts;
    const part = task - block * parts;
    const start = block * TILES;
    const count = min(TILES, tiles - start);
    const quads = (count + 3) / 4;
    const placeBytes = bytesOfPlace(quads, depth);
    if (filled != block) {
      fillBlock(image, height, width, depth, zeros, firstRow, firstColumn, down, across, start, tiles, quads, lists, values);
      filled = block;
    }
    const endPanel = ((part + 1) * allPanels) / parts;
    for (let panel = (part * allPanels) / parts; panel < endPanel; panel++) {
      let filter = panels + <usize>panel * 16 * panelBytes;
      let product = products;
      for (let place = 0; place < 16; place++) {
        let value = values + <usize>place * placeBytes;
        for (let quad = 0; quad < quads; quad++) {
          multiplyQuad(value, filter, depth, product + quad * (16 * COLUMNS));
          value += 16 * depth;
        }
        filter += panelBytes;
        product += TILES * (4 * COLUMNS);
      }
      putTiles(products, start, count, down, across, outHeight, outWidth, columns, panel, bias, added, out);
    }
  }
}

function fillBlock(
  image: usize, height: i32, width: i32, depth: i32, zeros: usize, firstRow: i32, firstColumn: i32,
  down: i32, across: i32, start: i32, tiles: i32, quads: i32, lists: usize, values: usize,
): void {
  const placeBytes = bytesOfPlace(quads, depth);
  for (let quad = 0; quad < quads; quad++) {
    for (let i = 0; i < 4; i++) {
      // The last four may have fewer tiles: it repeats the last one, which comes to nothing.
      const index = min(start + 4 * quad + i, tiles - 1);
      const n = index / (down * across);
      const inImage = index - n * down * across;
      const y = inImage / across;
      const x = inImage - y * across;
      const from = image + <usize>n * height * width * depth * 4;
      listTile(lists + 64 * i, from, height, width, 4 * depth, zeros, 2 * y + firstRow, 2 * x + firstColumn);
    }
    const out = values + <usize>quad * depth * 16;
    for (let i = 0; i < 4; i++) transformPixels(lists, i, 0, depth, out + <usize>(4 * i) * placeBytes, placeBytes);
  }
}

/**
 * Four tiles by eight channels, for one place in the tile. Whether it is done is asked after each product: compilers take
 * what stands between two branches as it is, and would else compute four products at once, for which registers are too few.
 */
function multiplyQuad(value: usize, filter: usize, depth: i32, out: usize): void {
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
  const end = value + 16 * depth;
  while (true) {
    f0 = v128.load(filter);
    f1 = v128.load(filter, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 16);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 32);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 48);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 4;
    filter += 32;
    if (value >= end) break;

    f0 = v128.load(filter);
    f1 = v128.load(filter, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 16);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 32);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 48);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 4;
    filter += 32;
    if (value >= end) break;

    f0 = v128.load(filter);
    f1 = v128.load(filter, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 16);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 32);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 48);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 4;
    filter += 32;
    if (value >= end) break;

    f0 = v128.load(filter);
    f1 = v128.load(filter, 16);
    x = v128.load_splat<f32>(value);
    a00 = f32x4.add(a00, f32x4.mul(x, f0));
    a01 = f32x4.add(a01, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 16);
    a10 = f32x4.add(a10, f32x4.mul(x, f0));
    a11 = f32x4.add(a11, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 32);
    a20 = f32x4.add(a20, f32x4.mul(x, f0));
    a21 = f32x4.add(a21, f32x4.mul(x, f1));
    x = v128.load_splat<f32>(value, 48);
    a30 = f32x4.add(a30, f32x4.mul(x, f0));
    a31 = f32x4.add(a31, f32x4.mul(x, f1));
    value += 52;
    filter += 32;
    if (value >= end) break;
  }
  v128.store(out, a00);
  v128.store(out, a01, 16);
  v128.store(out, a10, 32);
  v128.store(out, a11, 48);
  v128.store(out, a20, 64);
  v128.store(out, a21, 80);
  v128.store(out, a30, 96);
  v128.store(out, a31, 112);
}

/** Writes the pixels of tiles for the eight channels of a panel. */
function putTiles(
  products: usize, start: i32, count: i32, down: i32, across: i32, outHeight: i32, outWidth: i32, columns: i32,
  panel: i32, bias: usize, added: usize, out: usize,
): void {
  let row = start / across;
  let x = 2 * (start - row * across);
  let n = row / down;
  let y = 2 * (row - n * down);
  const columnBytes = <usize>columns * 4;
  const rowBytes = <usize>outWidth * columnBytes;
  for (const end = products + count * (4 * COLUMNS); products < end; products += 4 * COLUMNS) {
    const place = ((<usize>n * outHeight + y) * outWidth + x) * columnBytes + panel * (4 * COLUMNS);
    const below = y + 1 < outHeight;
    const beside = x + 1 < outWidth;
    for (let half: usize = 0; half < 4 * COLUMNS; half += 16) {
      const b = bias == 0 ? f32x4.splat(0) : v128.load(bias + panel * (4 * COLUMNS) + half);
      putFour(products + half, b, added, out, place + half, rowBytes, columnBytes, below, beside);
    }
    x += 2;
    if (x >= outWidth) {
      x = 0;
      y += 2;
      if (y >= outHeight) {
        y = 0;
        n++;
      }
    }
  }
}

/** Aᵀ·m·A with Aᵀ = [1 1 1 0; 0 1 −1 −1]: four channels of the pixels of a tile, with what is added to them. */
@inline
function putFour(
  products: usize, bias: v128, added: usize, out: usize, place: usize, rowBytes: usize, columnBytes: usize,
  below: bool, beside: bool,
): void {
  const step: usize = TILES * (4 * COLUMNS);
  let m1 = v128.load(products, 4 * step);
  let m2 = v128.load(products, 8 * step);
  const upper0 = f32x4.add(f32x4.add(v128.load(products), m1), m2);
  const lower0 = f32x4.sub(f32x4.sub(m1, m2), v128.load(products, 12 * step));
  m1 = v128.load(products, 5 * step);
  m2 = v128.load(products, 9 * step);
  const upper1 = f32x4.add(f32x4.add(v128.load(products, step), m1), m2);
  const lower1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(products, 13 * step));
  m1 = v128.load(products, 6 * step);
  m2 = v128.load(products, 10 * step);
  const upper2 = f32x4.add(f32x4.add(v128.load(products, 2 * step), m1), m2);
  const lower2 = f32x4.sub(f32x4.sub(m1, m2), v128.load(products, 14 * step));
  m1 = v128.load(products, 7 * step);
  m2 = v128.load(products, 11 * step);
  const upper3 = f32x4.add(f32x4.add(v128.load(products, 3 * step), m1), m2);
  const lower3 = f32x4.sub(f32x4.sub(m1, m2), v128.load(products, 15 * step));
  putOne(f32x4.add(f32x4.add(upper0, upper1), f32x4.add(upper2, bias)), added, out, place);
  if (beside) {
    const right = f32x4.add(f32x4.sub(f32x4.sub(upper1, upper2), upper3), bias);
    putOne(right, added, out, place + columnBytes);
  }
  if (!below) return;
  place += rowBytes;
  putOne(f32x4.add(f32x4.add(lower0, lower1), f32x4.add(lower2, bias)), added, out, place);
  if (beside) {
    const right = f32x4.add(f32x4.sub(f32x4.sub(lower1, lower2), lower3), bias);
    putOne(right, added, out, place + columnBytes);
  }
}

@inline
function putOne(value: v128, added: usize, out: usize, place: usize): void {
  v128.store(out + place, added == 0 ? value : f32x4.add(value, v128.load(added + place)));
}
