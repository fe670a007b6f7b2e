/** How many bytes that many float32 take. */
@inline
export function floats(count: i32): usize {
  return <usize>count << 2;
}

/** The first two of four float32, as float64. */
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** The last two of four float32, as float64. */
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3));
}

/** Adds four float32 to the four float64 at `sums`. */
@inline
export function addWide(sums: usize, x: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), low(x)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), high(x)), 16);
}

/**
 * e to the power x, to 2 units in the last place for −87 < x < 88 and held at these ends beyond; NaN stays NaN.
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2, and e to the r is 1 + r + r²·q(r), with q of degree 4 fitted so that its
 * largest relative error (3·10⁻⁹) is smallest.
 */
@inline
export function exponential(x: v128): v128 {
  // pmin and pmax, unlike min and max, are one instruction, and with x first they keep NaN.
  const held = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87.0)), f32x4.splat(88.0));
  // Adding 1.5·2²³ rounds to a whole number, and leaves it in the low bits.
  const rounded = f32x4.add(f32x4.mul(held, f32x4.splat(1.4426950408889634)), f32x4.splat(12582912.0));
  const n = f32x4.sub(rounded, f32x4.splat(12582912.0));
  // ln 2 in two parts, the first with so few digits that n times it is exact.
  const r = f32x4.sub(
    f32x4.sub(held, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.mul(n, f32x4.splat(-0.00021219444005469057)),
  );
  let q = f32x4.splat(0.001381461313067019);
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.008368709828055215));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.041668387363908335));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.16666520689790854));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.4999999345169537));
  const e = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), f32x4.splat(1.0));
  return f32x4.mul(e, i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23));
}

@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1.0), f32x4.add(f32x4.splat(1.0), exponential(f32x4.neg(x))));
}
