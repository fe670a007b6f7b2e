import type { HospitalCounts } from './counts';

/** The middle of a range that is this many times that of all others is suspected of another unit: years have 12 months, and the old are 7 times as old as schoolchildren. */
const times = 8;

/** A continuous covariate that one hospital has far from all others. */
export interface RangeApart {
  readonly hospital: string;
  readonly covariate: string;
  readonly own: readonly [low: number, high: number];
  /** From the lowest to the highest of the other hospitals. */
  readonly others: readonly [low: number, high: number];
}

/**
 * Finds covariates that are in another unit at one hospital, ages in months for example: its range has nothing in common with those of
 * the others, and its middle is more than eight times theirs, or less than an eighth.
 */
export function rangesApart(
  hospitals: readonly { readonly name: string; readonly counts: HospitalCounts }[],
): readonly RangeApart[] {
  const ranges = hospitals.flatMap(({ name, counts }) =>
    counts.covariates.flatMap((one) =>
      one.kind === 'continuous'
        ? [{ hospital: name, covariate: one.name, low: one.low, high: one.high }]
        : [],
    ),
  );
  return ranges.flatMap(({ hospital, covariate, low, high }): readonly RangeApart[] => {
    const others = ranges.filter((one) => one.covariate === covariate && one.hospital !== hospital);
    const least = Math.min(...others.map((one) => one.low));
    const most = Math.max(...others.map((one) => one.high));
    const ratio = (low + high) / (least + most);
    const apart = (low > most && ratio > times) || (high < least && ratio < 1 / times);
    return others.length > 0 && Math.min(low, least) >= 0 && apart
      ? [{ hospital, covariate, own: [low, high], others: [least, most] }]
      : [];
  });
}
