// Convolution as multiplication of matrices, without ever building the matrix of windows: each row of that matrix
// is a list of addresses, one for each tap of the window, of the channels of one pixel (Dukhan 2019,
// "The indirect convolution algorithm", arXiv:1907.02129).

/** Pixels computed together: as many rows by 8 columns of sums are held in registers. */
const ROWS: i32 = 4;
/** Output channels computed together; the filter is rearranged to panels of as many columns. */
const COLUMNS: i32 = 8;
/** Tiles of pixels whose addresses are listed at a time, so that each panel is fetched once for all of them. */
const TILES: i32 = 16;

/**
 * Rearranges a matrix per tap to panels of 8 columns, `[panel][tap][depth][8]`, columns beyond the last being 0.
 *
 * @param tapOffsets - for each tap, where its matrix begins in `source`, in values
 * @param depthStep - how far apart, in values, the rows of a matrix are in `source`
 * @param columnStep - how far apart its columns are
 * @param from - the first panel
 */
export function packPanels(
  source: usize,
  panels: usize,
  tapOffsets: usize,
  taps: i32,
  depth: i32,
  columns: i32,
  depthStep: i32,
  columnStep: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let panel = from; panel < to; panel++) {
    const first = panel * COLUMNS;
    const width = min(COLUMNS, columns - first);
    let out = panels + <usize>panel * taps * depth * (4 * COLUMNS);
    for (let tap = 0; tap < taps; tap++) {
      let row = source + (<usize>load<i32>(tapOffsets + 4 * tap) + <usize>first * columnStep) * 4;
      for (let k = 0; k < depth; k++) {
        if (columnStep == 1 && width == COLUMNS) {
          v128.store(out, v128.load(row));
          v128.store(out, v128.load(row, 16), 16);
        } else {
          for (let j = 0; j < COLUMNS; j++) {
            store<f32>(out + 4 * j, j < width ? load<f32>(row + <usize>j * columnStep * 4) : 0);
          }
        }
        out += 4 * COLUMNS;
        row += <usize>depthStep * 4;
      }
    }
  }
}

/**
 * Convolves images with a filter that has been packed: out[n, i, j, c] = bias[c] + Σ over taps t and depth k of
 * image[n, i·rowStep + tapRow[t], j·columnStep + tapColumn[t], k] · filter[t, k, c], where what lies outside the
 * image is 0.
 *
 * @param zeros - at least `depth` zeros
 * @param tapPlaces - row and column of each tap, one pair after the other
 * @param outImageStep - how far apart the images of the output are, in values; likewise the rows and columns, so that
 * the output can be every other pixel of a larger image
 * @param bias - the address of a number per output channel, or 0
 * @param from - the first group of TILES·ROWS output pixels, counted over all images
 * @param scratch - `256 · (taps + 1) + 160` bytes
 */
export function convolve(
  image: usize,
  batch: i32,
  height: i32,
  width: i32,
  depth: i32,
  zeros: usize,
  panels: usize,
  tapPlaces: usize,
  taps: i32,
  rowStep: i32,
  columnStep: i32,
  out: usize,
  outHeight: i32,
  outWidth: i32,
  columns: i32,
  outImageStep: i32,
  outRowStep: i32,
  outColumnStep: i32,
  bias: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const pixels = batch * outHeight * outWidth;
  const panelBytes = <usize>taps * depth * (4 * COLUMNS);
  const outs = scratch;
  // Where the results of a panel with fewer columns are put first.
  const spareOuts = outs + 4 * ROWS * TILES;
  const spare = spareOuts + 4 * ROWS;
  for (let i = 0; i < ROWS; i++) store<usize>(spareOuts + 4 * i, spare + 4 * COLUMNS * i);
  const lists = spare + 4 * COLUMNS * ROWS;
  for (let group = from; group < to; group++) {
    const start = group * (ROWS * TILES);
    const count = min(ROWS * TILES, pixels - start);
    const tiles = (count + ROWS - 1) / ROWS;
    // The last tile may have fewer pixels: it repeats the last one, whose results are then written twice, alike.
    for (let i = 0; i < tiles * ROWS; i++) {
      const pixel = start + min(i, count - 1);
      const n = pixel / (outHeight * outWidth);
      const inImage = pixel - n * outHeight * outWidth;
      const y = inImage / outWidth;
      const x = inImage - y * outWidth;
      const place = <usize>n * outImageStep + <usize>y * outRowStep + <usize>x * outColumnStep;
      store<usize>(outs + 4 * i, out + 4 * place);
      let list = lists + 4 * ((i / ROWS) * ROWS * taps + (i & (ROWS - 1)));
      const base = image + <usize>n * height * width * depth * 4;
      for (let tap = 0; tap < taps; tap++) {
        const row = y * rowStep + load<i32>(tapPlaces + 8 * tap);
        const column = x * columnStep + load<i32>(tapPlaces + 8 * tap, 4);
        const inside = <u32>row < <u32>height && <u32>column < <u32>width;
        store<usize>(list, inside ? base + (<usize>row * width + column) * depth * 4 : zeros);
        list += 4 * ROWS;
      }
    }
    for (let first = 0, panel = panels; first < columns; first += COLUMNS, panel += panelBytes) {
      const whole = columns - first >= COLUMNS;
      let b0 = f32x4.splat(0);
      let b1 = b0;
      if (bias != 0) {
        if (whole) {
          b0 = v128.load(bias + 4 * first);
          b1 = v128.load(bias + 4 * first, 16);
        } else {
          v128.store(spare, b0);
          v128.store(spare, b1, 16);
          memory.copy(spare, bias + 4 * first, 4 * (columns - first));
          b0 = v128.load(spare);
          b1 = v128.load(spare, 16);
        }
      }
      let list = lists;
      for (let tile = 0; tile < tiles; tile++) {
        const at = outs + 4 * ROWS * tile;
        if (whole) {
          multiplyTile(list, taps, depth, panel, at, 4 * first, b0, b1);
        } else {
          multiplyTile(list, taps, depth, panel, spareOuts, 0, b0, b1);
          for (let i = 0; i < ROWS; i++) {
            const from = spare + 4 * COLUMNS * i;
            memory.copy(load<usize>(at + 4 * i) + 4 * first, from, 4 * (columns - first));
          }
        }
        list += 4 * ROWS * taps;
      }
    }
  }
}

/** Four pixels by eight channels. `list` holds four addresses for each tap, `outs` the four places of the results. */
export function multiplyTile(
  list: usize,
  taps: i32,
  depth: i32,
  panel: usize,
  outs: usize,
  outOffset: usize,
  b0: v128,
  b1: v128,
): void {
  let a00 = b0;
  let a01 = b1;
  let a10 = b0;
  let a11 = b1;
  let a20 = b0;
  let a21 = b1;
  let a30 = b0;
  let a31 = b1;
  let f0: v128;
  let f1: v128;
  let x: v128;
  for (const last = list + 16 * taps; list < last; list += 16) {
    let p0 = load<usize>(list);
    let p1 = load<usize>(list, 4);
    let p2 = load<usize>(list, 8);
    let p3 = load<usize>(list, 12);
    const end = p0 + 4 * depth;
    // The branches keep compilers from computing four products at once, for which registers are too few.
    while (true) {
      f0 = v128.load(panel);
      f1 = v128.load(panel, 16);
      panel += 32;
      x = v128.load_splat<f32>(p0);
      p0 += 4;
      a00 = f32x4.add(a00, f32x4.mul(x, f0));
      a01 = f32x4.add(a01, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p1);
      p1 += 4;
      a10 = f32x4.add(a10, f32x4.mul(x, f0));
      a11 = f32x4.add(a11, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p2);
      p2 += 4;
      a20 = f32x4.add(a20, f32x4.mul(x, f0));
      a21 = f32x4.add(a21, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p3);
      p3 += 4;
      a30 = f32x4.add(a30, f32x4.mul(x, f0));
      a31 = f32x4.add(a31, f32x4.mul(x, f1));
      if (p0 >= end) break;

      f0 = v128.load(panel);
      f1 = v128.load(panel, 16);
      panel += 32;
      x = v128.load_splat<f32>(p0);
      p0 += 4;
      a00 = f32x4.add(a00, f32x4.mul(x, f0));
      a01 = f32x4.add(a01, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p1);
      p1 += 4;
      a10 = f32x4.add(a10, f32x4.mul(x, f0));
      a11 = f32x4.add(a11, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p2);
      p2 += 4;
      a20 = f32x4.add(a20, f32x4.mul(x, f0));
      a21 = f32x4.add(a21, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p3);
      p3 += 4;
      a30 = f32x4.add(a30, f32x4.mul(x, f0));
      a31 = f32x4.add(a31, f32x4.mul(x, f1));
      if (p0 >= end) break;

      f0 = v128.load(panel);
      f1 = v128.load(panel, 16);
      panel += 32;
      x = v128.load_splat<f32>(p0);
      p0 += 4;
      a00 = f32x4.add(a00, f32x4.mul(x, f0));
      a01 = f32x4.add(a01, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p1);
      p1 += 4;
      a10 = f32x4.add(a10, f32x4.mul(x, f0));
      a11 = f32x4.add(a11, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p2);
      p2 += 4;
      a20 = f32x4.add(a20, f32x4.mul(x, f0));
      a21 = f32x4.add(a21, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p3);
      p3 += 4;
      a30 = f32x4.add(a30, f32x4.mul(x, f0));
      a31 = f32x4.add(a31, f32x4.mul(x, f1));
      if (p0 >= end) break;

      f0 = v128.load(panel);
      f1 = v128.load(panel, 16);
      panel += 32;
      x = v128.load_splat<f32>(p0);
      p0 += 4;
      a00 = f32x4.add(a00, f32x4.mul(x, f0));
      a01 = f32x4.add(a01, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p1);
      p1 += 4;
      a10 = f32x4.add(a10, f32x4.mul(x, f0));
      a11 = f32x4.add(a11, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p2);
      p2 += 4;
      a20 = f32x4.add(a20, f32x4.mul(x, f0));
      a21 = f32x4.add(a21, f32x4.mul(x, f1));
      x = v128.load_splat<f32>(p3);
      p3 += 4;
      a30 = f32x4.add(a30, f32x4.mul(x, f0));
      a31 = f32x4.add(a31, f32x4.mul(x, f1));
      if (p0 >= end) break;
    }
  }
  let at = load<usize>(outs) + outOffset;
  v128.store(at, a00);
  v128.store(at, a01, 16);
  at = load<usize>(outs, 4) + outOffset;
  v128.store(at, a10);
  v128.store(at, a11, 16);
  at = load<usize>(outs, 8) + outOffset;
  v128.store(at, a20);
  v128.store(at, a21, 16);
  at = load<usize>(outs, 12) + outOffset;
  v128.store(at, a30);
  v128.store(at, a31, 16);
}
