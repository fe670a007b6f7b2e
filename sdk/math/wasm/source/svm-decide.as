import { doubles } from './float64';
import { gaussian, multiply } from './products';
import { classFilled, classStart, firstOf, machinesOf, secondOf } from './svm-layout';

/** How many test items are one unit of work. */
const ROWS: i32 = 16;

/**
 * What the machines of all pairs of classes decide of test items, by sixteens: positive for the first class.
 *
 * @param total - how many training items there are, with those that fill up the classes
 * @param decisions - the linear ones of each test item, one for each pair; then the Gaussian ones
 * @param tests - how many test items there are, filled up to a multiple of sixteen
 * @param scratch - room for sixteen rows of training items
 */
export function decidePairs(
  items: usize,
  total: i32,
  width: i32,
  classes: usize,
  pairs: usize,
  count: i32,
  norms: usize,
  testItems: usize,
  testNorms: usize,
  tests: i32,
  gamma: f64,
  decisions: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let unit = from; unit < to; unit++) {
    const test = ROWS * unit;
    multiply(testItems + doubles(test * width), ROWS, items, total, width, scratch, total, false);
    for (let kind: i32 = 0; kind < 2; kind++) {
      if (kind === 1)
        gaussian(scratch, scratch, ROWS, total, total, testNorms + doubles(test), norms, gamma);
      for (let pair: i32 = 0; pair < count; pair++) {
        for (let i: i32 = 0; i < ROWS; i++) {
          const row = scratch + doubles(i * total);
          const decision = decide(row, classes, pairs, pair, kind);
          const place = (<usize>(kind * tests + test + i) * <usize>count + <usize>pair) << 3;
          store<f64>(decisions + place, decision);
        }
      }
    }
  }
}

function decide(row: usize, classes: usize, pairs: usize, pair: i32, kind: i32): f64 {
  const a = firstOf(pairs, pair);
  const b = secondOf(pairs, pair);
  const m = classFilled(classes, a);
  const n = classFilled(classes, b);
  const machine = machinesOf(pairs, pair) + doubles(kind * (m + n + 1));
  const bias = load<f64>(machine + doubles(m + n));
  return (
    bias +
    dot(machine, row + doubles(classStart(classes, a)), m) +
    dot(machine + doubles(m), row + doubles(classStart(classes, b)), n)
  );
}

/** The inner product of two vectors whose length is a multiple of four. */
@inline
function dot(a: usize, b: usize, length: i32): f64 {
  let sum = f64x2.splat(0.0);
  let other = f64x2.splat(0.0);
  for (let i: i32 = 0; i < length; i += 4) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(a + doubles(i)), v128.load(b + doubles(i))));
    other = f64x2.add(other, f64x2.mul(v128.load(a + doubles(i), 16), v128.load(b + doubles(i), 16)));
  }
  const both = f64x2.add(sum, other);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
