import { sortedValues } from '../../math/statistics/quantiles';

/** What is left out are the rarest intensities: edges between levels, and single bright voxels. */
const counted = 0.95;

/** Values that are looked at, at most, evenly spread. */
const looked = 2 ** 17;

/** How many different intensities hold 95 % of these values: few in labels, posterized scans and scans of few bits. */
export function grayLevels(values: Float32Array): number {
  const step = Math.ceil(values.length / looked);
  const sorted = sortedValues(values.filter((_, at) => at % step === 0));
  const lengths = runLengths(sorted).sort((a, b) => b - a);
  let held = 0;
  const index = lengths.findIndex((length) => (held += length) >= counted * sorted.length);
  return index + 1;
}

/** The length of the longest run of one value in sorted values. */
export function longestRun(sorted: Float64Array): number {
  return runLengths(sorted).reduce((longest, length) => Math.max(longest, length), 0);
}

function runLengths(sorted: Float64Array): number[] {
  const lengths: number[] = [];
  sorted.forEach((value, at) => {
    if (at === 0 || value !== sorted[at - 1]) lengths.push(1);
    else lengths[lengths.length - 1]++;
  });
  return lengths;
}
