// The gradient of a convolution by its filter.

/** Input channels by output channels of sums that are held in registers. */
const ROWS: i32 = 4;
const COLUMNS: i32 = 8;
/** Output pixels whose values are fetched at a time, so that they stay in the nearest memory for all taps. */
const BLOCK: i32 = 256;

/**
 * The gradient of a convolution by its filter: weights[t, k, c] = Σ over output pixels (n, i, j) of
 * image[n, i·rowStep + tapRow[t], j·columnStep + tapColumn[t], k] · gradient[n, i, j, c].
 *
 * It reads up to 12 bytes beyond `image` and does not use what stands there; the allocator keeps more than that at the
 * end of memory for itself.
 *
 * @param zeros - at least `depth` zeros, and three more
 * @param tapPlaces - row and column of each tap, one pair after the other
 * @param panels - where the weights are put, `[panel of 8 columns][tap][depth rounded up to 4][8]`, so that threads do
 * not write to neighbouring places; see `unpackWeights`
 * @param parts - into how many parts the input channels are divided, so that there is work for every thread
 * @param from - the first of the tasks: one for each 8 output channels and part
 * @param scratch - 9216 bytes
 */
export function convolveWeights(
  image: usize,
  batch: i32,
  height: i32,
  width: i32,
  depth: i32,
  zeros: usize,
  gradient: usize,
  tapPlaces: usize,
  taps: i32,
  rowStep: i32,
  columnStep: i32,
  outHeight: i32,
  outWidth: i32,
  columns: i32,
  panels: usize,
  parts: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const list = scratch;
  const values = scratch + 4 * BLOCK;
  const pixels = batch * outHeight * outWidth;
  const tiles = (depth + ROWS - 1) / ROWS;
  const tileBytes = 4 * ROWS * COLUMNS;
  const tapBytes = <usize>tiles * tileBytes;
  for (let task = from; task < to; task++) {
    const panel = task / parts;
    const part = task - panel * parts;
    const firstTile = (part * tiles) / parts;
    const endTile = ((part + 1) * tiles) / parts;
    const sums = panels + <usize>panel * taps * tapBytes + firstTile * tileBytes;
    for (let tap = 0; tap < taps; tap++) {
      memory.fill(sums + <usize>tap * tapBytes, 0, (endTile - firstTile) * tileBytes);
    }
    for (let start = 0; start < pixels; start += BLOCK) {
      const count = min(BLOCK, pixels - start);
      packGradient(gradient, start, count, columns, panel, values);
      for (let tap = 0; tap < taps; tap++) {
        const tapRow = load<i32>(tapPlaces + 8 * tap);
        const tapColumn = load<i32>(tapPlaces + 8 * tap, 4);
        listPixels(
          list, start, count, image, height, width, 4 * depth, zeros,
          tapRow, tapColumn, rowStep, columnStep, outHeight, outWidth,
        );
        addProducts(list, count, firstTile, endTile, values, sums + <usize>tap * tapBytes);
      }
    }
  }
}

/** Puts the gradients of 8 output channels side by side, those beyond the last being 0. */
function packGradient(
  gradient: usize,
  start: i32,
  count: i32,
  columns: i32,
  panel: i32,
  packed: usize,
): void {
  const width = min(COLUMNS, columns - panel * COLUMNS);
  let from = gradient + (<usize>start * columns + panel * COLUMNS) * 4;
  for (const end = packed + 4 * COLUMNS * count; packed < end; packed += 4 * COLUMNS) {
    if (width == COLUMNS) {
      v128.store(packed, v128.load(from));
      v128.store(packed, v128.load(from, 16), 16);
    } else {
      for (let j = 0; j < COLUMNS; j++) store<f32>(packed + 4 * j, j < width ? load<f32>(from + 4 * j) : 0);
    }
    from += 4 * columns;
  }
}

/** Lists the addresses of the image pixels that one tap sees from `count` output pixels. */
function listPixels(
  list: usize,
  start: i32,
  count: i32,
  image: usize,
  height: i32,
  width: i32,
  pixelBytes: i32,
  zeros: usize,
  tapRow: i32,
  tapColumn: i32,
  rowStep: i32,
  columnStep: i32,
  outHeight: i32,
  outWidth: i32,
): void {
  let n = start / (outHeight * outWidth);
  let y = (start - n * outHeight * outWidth) / outWidth;
  let x = start - (n * outHeight + y) * outWidth;
  const step = columnStep * pixelBytes;
  for (const end = list + 4 * count; list < end; ) {
    const run = min(outWidth - x, <i32>(end - list) / 4);
    const row = y * rowStep + tapRow;
    if (<u32>row >= <u32>height) {
      for (let i = 0; i < run; i++) store<usize>(list + 4 * i, zeros);
    } else {
      const rowStart = image + (<usize>n * height + row) * width * pixelBytes;
      let column = x * columnStep + tapColumn;
      let at = rowStart + column * pixelBytes;
      for (let i = 0; i < run; i++) {
        store<usize>(list + 4 * i, <u32>column < <u32>width ? at : zeros);
        column += columnStep;
        at += step;
      }
    }
    list += 4 * run;
    x = 0;
    if (++y == outHeight) {
      y = 0;
      n++;
    }
  }
}

/** For each four input channels, adds Σ over pixels of their values times eight gradients to 4 × 8 sums. */
function addProducts(
  list: usize,
  count: i32,
  firstTile: i32,
  endTile: i32,
  gradients: usize,
  sums: usize,
): void {
  const end = list + 4 * count;
  for (let tile = firstTile; tile < endTile; tile++) {
    const offset = 4 * ROWS * tile;
    let a00 = f32x4.splat(0);
    let a01 = a00;
    let a10 = a00;
    let a11 = a00;
    let a20 = a00;
    let a21 = a00;
    let a30 = a00;
    let a31 = a00;
    let gradient = gradients;
    let next = list;
    while (next < end) {
      const pixel = load<usize>(next) + offset;
      next += 4;
      const g0 = v128.load(gradient);
      const g1 = v128.load(gradient, 16);
      gradient += 4 * COLUMNS;
      let value = v128.load_splat<f32>(pixel);
      a00 = f32x4.add(a00, f32x4.mul(value, g0));
      a01 = f32x4.add(a01, f32x4.mul(value, g1));
      value = v128.load_splat<f32>(pixel, 4);
      a10 = f32x4.add(a10, f32x4.mul(value, g0));
      a11 = f32x4.add(a11, f32x4.mul(value, g1));
      value = v128.load_splat<f32>(pixel, 8);
      a20 = f32x4.add(a20, f32x4.mul(value, g0));
      a21 = f32x4.add(a21, f32x4.mul(value, g1));
      value = v128.load_splat<f32>(pixel, 12);
      a30 = f32x4.add(a30, f32x4.mul(value, g0));
      a31 = f32x4.add(a31, f32x4.mul(value, g1));
    }
    add(sums, a00, a01);
    add(sums + 32, a10, a11);
    add(sums + 64, a20, a21);
    add(sums + 96, a30, a31);
    sums += 4 * ROWS * COLUMNS;
  }
}

function add(sums: usize, low: v128, high: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), low));
  v128.store(sums, f32x4.add(v128.load(sums, 16), high), 16);
}

/**
 * Puts what `convolveWeights` computed in the order of a filter, `[tap][depth][columns]`.
 *
 * @param from - the first tap
 */
export function unpackWeights(
  panels: usize,
  weights: usize,
  taps: i32,
  depth: i32,
  columns: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const tapBytes = <usize>((depth + ROWS - 1) / ROWS) * (4 * ROWS * COLUMNS);
  for (let tap = from; tap < to; tap++) {
    let panel = panels + <usize>tap * tapBytes;
    for (let first = 0; first < columns; first += COLUMNS, panel += <usize>taps * tapBytes) {
      const bytes = 4 * min(COLUMNS, columns - first);
      let out = weights + (<usize>tap * depth * columns + first) * 4;
      for (let k = 0, at = panel; k < depth; k++, at += 4 * COLUMNS, out += 4 * columns) {
        if (bytes == 4 * COLUMNS) {
          v128.store(out, v128.load(at));
          v128.store(out, v128.load(at, 16), 16);
        } else {
          memory.copy(out, at, bytes);
        }
      }
    }
  }
}
