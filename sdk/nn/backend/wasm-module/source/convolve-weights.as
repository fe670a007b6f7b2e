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
 * It reads up to 28 bytes beyond `image` and `gradient` and does not use what stands there.
 *
 * @param zeros - at least `depth` zeros, and three more
 * @param tapPlaces - row and column of each tap, one pair after the other
 * @param padded - where the weights are put, `[tap][depth rounded up to 4][columns rounded up to 8]`
 * @param parts - into how many parts the input channels are divided, so that there is work for every thread
 * @param from - the first of the tasks: one for each 8 output channels and part
 * @param scratch - 1024 bytes
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
  padded: usize,
  parts: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const pixels = batch * outHeight * outWidth;
  const tiles = (depth + ROWS - 1) / ROWS;
  const panels = (columns + COLUMNS - 1) / COLUMNS;
  const rowBytes = panels * COLUMNS * 4;
  const tapBytes = <usize>tiles * ROWS * rowBytes;
  for (let task = from; task < to; task++) {
    const panel = task / parts;
    const part = task - panel * parts;
    const firstTile = (part * tiles) / parts;
    const endTile = ((part + 1) * tiles) / parts;
    const sums = padded + panel * (4 * COLUMNS);
    clear(sums, taps, firstTile, endTile, tapBytes, rowBytes);
    for (let start = 0; start < pixels; start += BLOCK) {
      const count = min(BLOCK, pixels - start);
      const values = gradient + (<usize>start * columns + panel * COLUMNS) * 4;
      for (let tap = 0; tap < taps; tap++) {
        const tapRow = load<i32>(tapPlaces + 8 * tap);
        const tapColumn = load<i32>(tapPlaces + 8 * tap, 4);
        listPixels(
          scratch, start, count, image, height, width, 4 * depth, zeros,
          tapRow, tapColumn, rowStep, columnStep, outHeight, outWidth,
        );
        let at = sums + <usize>tap * tapBytes + <usize>firstTile * ROWS * rowBytes;
        for (let tile = firstTile; tile < endTile; tile++) {
          addProducts(scratch, count, 4 * ROWS * tile, values, 4 * columns, at, rowBytes);
          at += ROWS * rowBytes;
        }
      }
    }
  }
}

function clear(sums: usize, taps: i32, firstTile: i32, endTile: i32, tapBytes: usize, rowBytes: usize): void {
  const zero = f32x4.splat(0);
  for (let tap = 0; tap < taps; tap++) {
    for (let row = firstTile * ROWS; row < endTile * ROWS; row++) {
      const at = sums + <usize>tap * tapBytes + <usize>row * rowBytes;
      v128.store(at, zero);
      v128.store(at, zero, 16);
    }
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

/** Adds Σ over pixels of four image values times eight gradient values to 4 × 8 sums. */
function addProducts(
  list: usize,
  count: i32,
  offset: usize,
  gradient: usize,
  gradientBytes: usize,
  sums: usize,
  rowBytes: usize,
): void {
  let a00 = f32x4.splat(0);
  let a01 = a00;
  let a10 = a00;
  let a11 = a00;
  let a20 = a00;
  let a21 = a00;
  let a30 = a00;
  let a31 = a00;
  for (const end = list + 4 * count; list < end; list += 4) {
    const pixel = load<usize>(list) + offset;
    const g0 = v128.load(gradient);
    const g1 = v128.load(gradient, 16);
    gradient += gradientBytes;
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
  addTo(sums, a00, a01);
  addTo(sums + rowBytes, a10, a11);
  addTo(sums + 2 * rowBytes, a20, a21);
  addTo(sums + 3 * rowBytes, a30, a31);
}

function addTo(sums: usize, low: v128, high: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), low));
  v128.store(sums, f32x4.add(v128.load(sums, 16), high), 16);
}

/**
 * Copies weights out of `[tap][paddedDepth][paddedColumns]` to `[tap][depth][columns]`.
 *
 * @param from - the first tap
 */
export function unpadWeights(
  padded: usize,
  weights: usize,
  depth: i32,
  columns: i32,
  paddedDepth: i32,
  paddedColumns: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let tap = from; tap < to; tap++) {
    for (let k = 0; k < depth; k++) {
      memory.copy(
        weights + (<usize>tap * depth + k) * columns * 4,
        padded + (<usize>tap * paddedDepth + k) * paddedColumns * 4,
        4 * columns,
      );
    }
  }
}
