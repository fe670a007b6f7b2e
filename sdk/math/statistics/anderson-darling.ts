import { joinDoubles } from '../join-arrays';

/**
 * The k-sample Anderson–Darling test: whether samples come from one distribution, of whatever shape (Scholz & Stephens 1987,
 * Journal of the American Statistical Association 82:918, equations 6 and 7), with midranks for ties, as
 * `scipy.stats.anderson_ksamp` has it. Own code, since no package of npm has it.
 *
 * @param samples - the values of each sample; those that are `NaN` are missing, and empty samples do not count
 * @returns p, interpolated between 0.001 and 0.25 and not known beyond; `NaN` with fewer than two samples, or where all values
 * are equal
 */
export function andersonDarling(samples: readonly Float64Array[]): number {
  const sorted = samples.map((sample) => sample.filter((value) => value === value).sort());
  const present = sorted.filter(({ length }) => length > 0);
  const all = joinDoubles(present).sort();
  if (present.length < 2 || all.length < 4 || !(all[0] < all[all.length - 1])) return NaN;
  const sizes = present.map(({ length }) => length);
  const spread = Math.sqrt(varianceOf(sizes, all.length));
  return significance((midrankStatistic(present, all) - (sizes.length - 1)) / spread, sizes.length - 1);
}

/** A²_akN: samples and all values together are in ascending order. */
function midrankStatistic(samples: readonly Float64Array[], all: Float64Array): number {
  const total = all.length;
  const passed = new Int32Array(samples.length);
  const inner = new Float64Array(samples.length);
  for (let first = 0; first < total;) {
    const value = all[first];
    let next = first + 1;
    while (next < total && all[next] === value) next++;
    const ties = next - first;
    const below = first + ties / 2;
    const weight = ties / total / (below * (total - below) - (total * ties) / 4);
    for (const [i, sample] of samples.entries()) {
      const before = passed[i];
      while (passed[i] < sample.length && sample[passed[i]] === value) passed[i]++;
      const own = (before + passed[i]) / 2;
      inner[i] += weight * (total * own - below * sample.length) ** 2;
    }
    first = next;
  }
  return ((total - 1) / total) * samples.reduce((sum, { length }, i) => sum + inner[i] / length, 0);
}

/** σ²_N: the variance of the statistic where all samples are of one distribution. */
function varianceOf(sizes: readonly number[], total: number): number {
  const k = sizes.length;
  const reciprocals = sizes.reduce((sum, size) => sum + 1 / size, 0);
  let harmonic = 0;
  let nested = 0;
  for (let i = 2; i < total; i++) {
    harmonic += 1 / (total + 1 - i);
    nested += harmonic / i;
  }
  harmonic += 1;
  const a = (4 * nested - 6) * (k - 1) + (10 - 6 * nested) * reciprocals;
  const b =
    (2 * nested - 4) * k ** 2 +
    8 * harmonic * k +
    (2 * nested - 14 * harmonic - 4) * reciprocals -
    8 * harmonic +
    4 * nested -
    6;
  const c =
    (6 * harmonic + 2 * nested - 2) * k ** 2 +
    (4 * harmonic - 4 * nested + 6) * k +
    (2 * harmonic - 6) * reciprocals +
    4 * harmonic;
  const d = (2 * harmonic + 6) * k ** 2 - 4 * harmonic * k;
  return (a * total ** 3 + b * total ** 2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

/** Significance levels, and what gives their critical values: b₀ + b₁/√m + b₂/m (Scholz & Stephens 1987, table 2, as SciPy extends it). */
const levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
const b0 = [0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085];
const b1 = [-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615];
const b2 = [-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154];

/** The level of a standardized statistic: log p is a parabola of it, fitted to the levels known. */
function significance(statistic: number, m: number): number {
  const critical = levels.map((_, i) => b0[i] + b1[i] / Math.sqrt(m) + b2[i] / m);
  if (statistic < Math.min(...critical)) return levels[0];
  if (statistic > Math.max(...critical)) return levels[levels.length - 1];
  return Math.exp(parabola(critical, levels.map(Math.log), statistic));
}

/** The least-squares parabola through points, at x: by polynomials that are orthogonal over the points. */
function parabola(xs: readonly number[], ys: readonly number[], x: number): number {
  const count = xs.length;
  const sum = (of: (i: number) => number): number => xs.reduce((total, _, i) => total + of(i), 0);
  const middle = sum((i) => xs[i]) / count;
  const first = (at: number): number => at - middle;
  const squares = sum((i) => first(xs[i]) ** 2);
  const slope = sum((i) => first(xs[i]) ** 3) / squares;
  const second = (at: number): number => first(at) * (first(at) - slope) - squares / count;
  const along = (of: (at: number) => number): number =>
    sum((i) => of(xs[i]) * ys[i]) / sum((i) => of(xs[i]) ** 2);
  return sum((i) => ys[i]) / count + along(first) * first(x) + along(second) * second(x);
}
