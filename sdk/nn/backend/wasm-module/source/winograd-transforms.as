// What the convolutions of winograd.as and winograd-weights.as share. Values of a block of tiles are kept as
// `[place in the tile][four tiles][four channels][tile][channel]`: what is multiplied together is read in one go.
import { floats } from './float';

/** A place in a tile of 4 × 4: how far apart, in bytes, its values are for so many tiles. Not a power of two, for caches. */
@inline
export function bytesOfPlace(quads: i32, channels: i32): usize {
  return <usize>quads * channels * 16 + 192;
}

/** Lists the addresses of the 16 pixels of a tile, of `zeros` for those outside the image. */
export function listTile(
  list: usize, image: usize, height: i32, width: i32, pixelBytes: i32, zeros: usize, top: i32, left: i32,
): void {
  for (let i = 0; i < 4; i++) {
    const row = top + i;
    const rowStart = image + <usize>row * width * pixelBytes;
    for (let j = 0; j < 4; j++) {
      const column = left + j;
      const inside = <u32>row < <u32>height && <u32>column < <u32>width;
      store<usize>(list, inside ? rowStart + <usize>column * pixelBytes : zeros);
      list += 4;
    }
  }
}

/**
 * Row `i` of Bᵀ·d·B for each channel of four tiles d, with Bᵀ = [1 0 −1 0; 0 1 1 0; 0 −1 1 0; 0 1 0 −1].
 *
 * @param lists - the pixels of each tile, 64 bytes apart
 * @param firstByte - where the channels to take begin in a pixel
 * @param out - for the first of the four places of the row
 */
export function transformPixels(
  lists: usize, i: i32, firstByte: usize, channels: i32, out: usize, placeBytes: usize,
): void {
  for (let tile = 0; tile < 4; tile++) {
    if (i == 0) combineRows(lists, 0, 2, true, firstByte, channels, out, placeBytes);
    else if (i == 1) combineRows(lists, 1, 2, false, firstByte, channels, out, placeBytes);
    else if (i == 2) combineRows(lists, 2, 1, true, firstByte, channels, out, placeBytes);
    else combineRows(lists, 1, 3, true, firstByte, channels, out, placeBytes);
    lists += 64;
    out += 16;
  }
}

@inline
function combineRows(
  list: usize, first: i32, second: i32, subtract: bool, firstByte: usize, channels: i32, out: usize, placeBytes: usize,
): void {
  const a0 = load<usize>(list + 16 * first) + firstByte;
  const a1 = load<usize>(list + 16 * first, 4) + firstByte;
  const a2 = load<usize>(list + 16 * first, 8) + firstByte;
  const a3 = load<usize>(list + 16 * first, 12) + firstByte;
  const b0 = load<usize>(list + 16 * second) + firstByte;
  const b1 = load<usize>(list + 16 * second, 4) + firstByte;
  const b2 = load<usize>(list + 16 * second, 8) + firstByte;
  const b3 = load<usize>(list + 16 * second, 12) + firstByte;
  const out2 = out + 2 * placeBytes;
  for (let c: usize = 0; c < floats(channels); c += 16) {
    const t0 = combined(v128.load(a0 + c), v128.load(b0 + c), subtract);
    const t1 = combined(v128.load(a1 + c), v128.load(b1 + c), subtract);
    const t2 = combined(v128.load(a2 + c), v128.load(b2 + c), subtract);
    const t3 = combined(v128.load(a3 + c), v128.load(b3 + c), subtract);
    const at: usize = 4 * c;
    v128.store(out + at, f32x4.sub(t0, t2));
    v128.store(out + placeBytes + at, f32x4.add(t1, t2));
    v128.store(out2 + at, f32x4.sub(t2, t1));
    v128.store(out2 + placeBytes + at, f32x4.sub(t1, t3));
  }
}

@inline
function combined(a: v128, b: v128, subtract: bool): v128 {
  return subtract ? f32x4.sub(a, b) : f32x4.add(a, b);
}
