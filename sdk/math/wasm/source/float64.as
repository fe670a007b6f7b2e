/** How many bytes that many float64 take. */
@inline
export function doubles(count: i32): usize {
  return <usize>count << 3;
}

/**
 * e to the power x for x ≤ 0, to 1 unit in the last place or so; 0 below −708. x = n·ln 2 + r with |r| ≤ ln 2 / 2; e to
 * the r by its power series, of which 13 powers leave less than rounding does. exponential.ts does the same, to the bit.
 */
@inline
export function exponential(x: v128): v128 {
  const held = f64x2.pmax(x, f64x2.splat(-708.0));
  // Adding 1.5·2⁵² rounds to a whole number, and leaves it in the low bits.
  const rounded = f64x2.add(f64x2.mul(held, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744.0));
  const n = f64x2.sub(rounded, f64x2.splat(6755399441055744.0));
  // ln 2 in two parts, the first with so few digits that n times it is exact.
  const r = f64x2.sub(
    f64x2.sub(held, f64x2.mul(n, f64x2.splat(0.693147180369123816490))),
    f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)),
  );
  let q = f64x2.splat(1.0 / 6227020800.0);
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 479001600.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 39916800.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 3628800.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 362880.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 40320.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 5040.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 720.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 120.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 24.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 6.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(0.5));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0));
  const power = i64x2.shl(i64x2.add(rounded, i64x2.splat(1023)), 52);
  return v128.bitselect(f64x2.mul(q, power), f64x2.splat(0.0), f64x2.ge(x, f64x2.splat(-708.0)));
}
