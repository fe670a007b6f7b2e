// Shrinking the effects of one site by empirical Bayes: the iteration of ComBat, over all features at a time.
import { doubles } from './float64';

/**
 * Alternates between location and scale until no feature moves by more than a tolerance, or one becomes NaN.
 *
 * @param statistics - 3 rows of `count` values, an even number: the means γ̂, the sums of squares about them, the numbers of values
 * @param effects - 2 rows: where location and scale start, which become what they end as
 * @param outcome - two f64: how many rounds there were, and whether features still moved in the last
 */
export function shrinkSite(
  statistics: usize,
  effects: usize,
  count: i32,
  locationMean: f64,
  locationVariance: f64,
  scaleShape: f64,
  scaleScale: f64,
  tolerance: f64,
  mostRounds: i32,
  outcome: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(count);
  const end = statistics + row;
  const mean = f64x2.splat(locationMean);
  const variance = f64x2.splat(locationVariance);
  const shape = f64x2.splat(scaleShape);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1.0);
  const prior = f64x2.splat(scaleScale);
  const most = f64x2.splat(tolerance);
  let rounds: i32 = 0;
  let moving = true;
  while (moving && rounds < mostRounds) {
    moving = false;
    let sum = f64x2.splat(0.0);
    let effect = effects;
    for (let at = statistics; at < end; at += 16, effect += 16) {
      const own = v128.load(at);
      const values = v128.load(at + 2 * row);
      const before = v128.load(effect);
      const scale = v128.load(effect + row);
      const weight = f64x2.mul(variance, values);
      const gamma = f64x2.div(
        f64x2.add(f64x2.mul(weight, own), f64x2.mul(scale, mean)),
        f64x2.add(weight, scale),
      );
      const off = f64x2.sub(own, gamma);
      const distance = f64x2.add(v128.load(at + row), f64x2.mul(values, f64x2.mul(off, off)));
      const delta = f64x2.div(
        f64x2.add(f64x2.mul(half, distance), prior),
        f64x2.sub(f64x2.add(f64x2.mul(values, half), shape), one),
      );
      // One feature that moves is enough to go on: divisions cost more than the rest.
      if (!moving) {
        moving =
          v128.any_true(f64x2.gt(f64x2.div(f64x2.abs(f64x2.sub(gamma, before)), before), most)) ||
          v128.any_true(f64x2.gt(f64x2.div(f64x2.abs(f64x2.sub(delta, scale)), scale), most));
      }
      sum = f64x2.add(sum, f64x2.add(gamma, delta));
      v128.store(effect, gamma);
      v128.store(effect + row, delta);
    }
    rounds++;
    const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    if (total != total) {
      moving = true;
      break;
    }
  }
  store<f64>(outcome, <f64>rounds);
  store<f64>(outcome, moving ? 1.0 : 0.0, 8);
}
