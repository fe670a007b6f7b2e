// What the optimization of one machine has in memory, whichever way it goes on. It is set anew for each set of items.
import { doubles } from './float64';

// The state of the optimization: seven vectors, one after the other.
/** The kernel's diagonal, kept apart: read in every step, it would be scattered over the whole matrix. */
export let diagonal: usize = 0;
/** −yᵢ ∇ᵢ of the objective: what the optimality conditions and the steps are written in. */
export let ascent: usize = 0;
export let alphas: usize = 0;
export let bounds: usize = 0;
export let signs: usize = 0;
/** ∞ where yᵢ αᵢ may still grow, else −∞: the lesser of it and `ascent` is no candidate for growing where it may not. */
export let mayRise: usize = 0;
/** All bits where yᵢ αᵢ may still shrink, else none. */
export let mayFall: usize = 0;

export function layOut(state: usize, size: i32): void {
  const step = doubles(size);
  diagonal = state;
  ascent = state + step;
  alphas = state + 2 * step;
  bounds = state + 3 * step;
  signs = state + 4 * step;
  mayRise = state + 5 * step;
  mayFall = state + 6 * step;
}

@inline
export function at(vector: usize, i: i32): f64 {
  return load<f64>(vector + doubles(i));
}

@inline
export function put(vector: usize, i: i32, value: f64): void {
  store<f64>(vector + doubles(i), value);
}

/** Brings `mayRise` and `mayFall` of one item up to date. */
export function noteFreedom(i: i32): void {
  const canGrow = at(alphas, i) < at(bounds, i);
  const canShrink = at(alphas, i) > 0.0;
  const isFirst = at(signs, i) > 0.0;
  put(mayRise, i, (isFirst ? canGrow : canShrink) ? Infinity : -Infinity);
  store<i64>(mayFall + doubles(i), (isFirst ? canShrink : canGrow) ? -1 : 0);
}

/** The item at a place of a list. */
@inline
export function listed(list: usize, k: i32): i32 {
  return load<i32>(list + ((<usize>k) << 2));
}

@inline
export function rises(i: i32): bool {
  return at(mayRise, i) > 0.0;
}

@inline
export function falls(i: i32): bool {
  return load<i64>(mayFall + doubles(i)) !== 0;
}
