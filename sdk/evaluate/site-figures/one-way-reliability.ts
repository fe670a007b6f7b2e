/** How scans of one person agree, from a one-way analysis of variance by person. */
export interface OneWayReliability {
  /** ICC(1,1). */
  readonly icc: number;
  /** The within-person standard deviation, in the values' unit. */
  readonly withinSd: number;
  /** The within-person standard deviation over the mean of all values. */
  readonly withinCv: number;
  /** Persons with a value, and with at least two. */
  readonly persons: number;
  readonly repeated: number;
}

/** A spread of less than this share of the values is rounding. */
const rounding = 1e-12;

/**
 * The reliability of one feature from persons with any number of scans each: the one-way random effects analysis of
 * variance by person.
 *
 * - ICC(1,1) = (MSB − MSW) / (MSB + (n₀ − 1) MSW) (Shrout & Fleiss 1979, Psychological Bulletin 86:420, case 1), with
 *   n₀ = (N − Σ nᵢ² / N) / (k − 1) scans per person where their numbers differ (Donner 1986, International Statistical
 *   Review 54:67). It counts a difference between sites as disagreement. It can be negative.
 * - The within-person standard deviation is √MSW (Bland & Altman 1996, BMJ 312:1654).
 *
 * @param values - one per scan; `NaN` where missing
 * @param persons - the person of each scan, as numbers from 0
 * @returns `NaN` for what cannot be computed: the ICC without two persons or without a person with two values
 */
export function oneWayReliability(values: ArrayLike<number>, persons: Int32Array): OneWayReliability {
  const size = persons.reduce((most, person) => Math.max(most, person + 1), 0);
  const sums = new Float64Array(size);
  const counts = new Float64Array(size);
  let total = 0;
  let scans = 0;
  persons.forEach((person, row) => {
    if (Number.isNaN(values[row])) return;
    sums[person] += values[row];
    counts[person]++;
    total += values[row];
    scans++;
  });
  const mean = total / scans;
  let between = 0;
  let within = 0;
  let squaredCounts = 0;
  let met = 0;
  counts.forEach((count, person) => {
    if (count === 0) return;
    met++;
    squaredCounts += count * count;
    between += count * (sums[person] / count - mean) ** 2;
  });
  persons.forEach((person, row) => {
    if (!Number.isNaN(values[row])) within += (values[row] - sums[person] / counts[person]) ** 2;
  });
  const meanWithin = within / (scans - met);
  const meanBetween = between / (met - 1);
  const perPerson = (scans - squaredCounts / scans) / (met - 1);
  const varies = Math.sqrt(Math.max(meanWithin, meanBetween)) > rounding * Math.abs(mean);
  const repeats = scans > met;
  const withinSd = repeats ? Math.sqrt(meanWithin) : NaN;
  return {
    icc:
      repeats && met > 1 && varies
        ? (meanBetween - meanWithin) / (meanBetween + (perPerson - 1) * meanWithin)
        : NaN,
    withinSd,
    withinCv: withinSd / Math.abs(mean),
    persons: met,
    repeated: counts.reduce((sum, count) => sum + Number(count > 1), 0),
  };
}
