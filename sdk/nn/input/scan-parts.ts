import type { ScanSlices } from './scan-in-slices';

/** How many slices parts have: as many as comparisons of methods cut, and one alone; fewer first. */
export const slicesOfParts: readonly number[] = [1, 5];

/** The parts of the brain that scans are seen by, as shares of the slices: its base, the middle that is compared, its top. */
const parts: readonly (readonly [from: number, to: number])[] = [
  [0.05, 0.35],
  [0.35, 0.65],
  [0.65, 0.95],
];

/** Scans of fewer slices are a part themselves, however far apart these are. */
export const slicesOfWhole = 15;

/**
 * So many slices of a scan at several heights, as somebody could cut them who wants no whole brain; none of a scan that
 * has few slices itself.
 */
export function scanParts(scan: ScanSlices, count: number): readonly ScanSlices[] {
  const area = scan.height * scan.width;
  const filled = scan.positions
    .map((position, slice) => ({ position, slice }))
    .filter(({ slice }) => scan.inside.subarray(slice * area, (slice + 1) * area).includes(1))
    .sort((a, b) => a.position - b.position)
    .map(({ slice }) => slice);
  if (filled.length < slicesOfWhole) return [];
  return parts.map(([from, to]) => {
    const wanted = Array.from({ length: count }, (_, i) => {
      const share = count === 1 ? (from + to) / 2 : from + (i * (to - from)) / (count - 1);
      return filled[Math.round(share * (filled.length - 1))];
    });
    return takeScanSlices(scan, wanted);
  });
}

/** Some slices of a scan. */
export function takeScanSlices(scan: ScanSlices, wanted: readonly number[]): ScanSlices {
  const { data, inside, height, width, positions } = scan;
  const area = height * width;
  const taken = {
    data: new Float32Array(wanted.length * area),
    inside: new Uint8Array(wanted.length * area),
  };
  wanted.forEach((slice, i) => {
    taken.data.set(data.subarray(slice * area, (slice + 1) * area), i * area);
    taken.inside.set(inside.subarray(slice * area, (slice + 1) * area), i * area);
  });
  return { ...scan, ...taken, positions: wanted.map((slice) => positions[slice]), stacked: false };
}
