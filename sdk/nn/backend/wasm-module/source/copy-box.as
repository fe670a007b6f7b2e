/**
 * Copies a box out of or into a larger array: target[i, j, k, l] = source[i, j, k, l], for l along neighbouring values and
 * the other indices along steps of their own.
 *
 * @param size1 - how many j there are; likewise k and l
 * @param sourceStep0 - how far apart, in values, neighbouring i are in the source; likewise j and k, and in the target
 * @param from - the first row, counted over all i, j and k
 */
export function copyBox(
  source: usize,
  target: usize,
  size1: i32,
  size2: i32,
  size3: i32,
  sourceStep0: i32,
  sourceStep1: i32,
  sourceStep2: i32,
  targetStep0: i32,
  targetStep1: i32,
  targetStep2: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  let i = from / (size1 * size2);
  let j = from / size2 - i * size1;
  let k = from - (i * size1 + j) * size2;
  for (let row = from; row < to; ) {
    let at = source + <usize>(i * sourceStep0 + j * sourceStep1 + k * sourceStep2) * 4;
    let out = target + <usize>(i * targetStep0 + j * targetStep1 + k * targetStep2) * 4;
    const count = min(size2 - k, to - row);
    if (size3 < 16) copyShort(at, out, count, 4 * sourceStep2, 4 * targetStep2, size3);
    else {
      for (let n = 0; n < count; n++) {
        memory.copy(out, at, 4 * size3);
        at += 4 * sourceStep2;
        out += 4 * targetStep2;
      }
    }
    row += count;
    k = 0;
    if (++j == size1) {
      j = 0;
      i++;
    }
  }
}

/** Rows of a few values, for which copying memory at large would take longer to begin than to do. */
function copyShort(source: usize, target: usize, count: i32, sourceStep: usize, targetStep: usize, size: i32): void {
  for (let n = 0; n < count; n++) {
    for (let l = 0; l < 4 * size; l += 4) store<f32>(target + l, load<f32>(source + l));
    source += sourceStep;
    target += targetStep;
  }
}
