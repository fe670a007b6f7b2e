import { isDigital } from '../../data/digital-persons';
import type { CohortSource } from '../../data/images/slice-source';
import { positionsOfScans } from '../../data/images/slice-source';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { rowsBy } from '../../data/group-by';
import type { ImageGeometry } from '../images/image-geometry';
import { evenly } from '../images/positions';
import type { IntensityRange } from '../images/scan-intensity';
import { toUnit } from '../images/scan-intensity';
import { compareScan } from './compare-scan';
import type { PlacedSlices } from './learn-extent';
import { learnExtents } from './learn-extent';
import { heightOf, learnedHeights, learnPlaces } from './learn-places';
import type { LearnedInput, LearnedKind, LearnedLook } from './learned-input';
import type { ReachingScan } from './learned-reach';
import { learnReach } from './learned-reach';
import { normalizationsOf } from './origin-of-images';
import { rounded } from './rounded';
import { patternSide } from './slice-pattern';
import type { ScanTraits } from './scan-traits';
import { quantileLevels, scanTraits } from './scan-traits';
import type { ScanSlices } from './scan-in-slices';
import { scanSlices } from './scan-slices';
import { scanParts, slicesOfParts } from './scan-parts';
import type { SliceIntensities } from './slice-intensities';
import { sliceIntensities } from './slice-intensities';

/** Scans of each contrast of a site that are described at most: means of more say no more. */
const described = 60;

/** Images without this share of zeros have no background that was set to 0. */
const leastBackground = 0.02;

/** Some slices of a scan, and the range that is measured where they are all that is given. */
interface ScanPart {
  readonly slices: number;
  readonly traits: ScanTraits;
  readonly range: IntensityRange;
}

interface DescribedScan {
  readonly row: number;
  readonly key: string;
  readonly traits: ScanTraits;
  readonly range: IntensityRange;
  /** The intensities of its slices, one by one. */
  readonly slices: readonly SliceIntensities[];
  /** Some of its slices, as scans of their own. */
  readonly parts: readonly ScanPart[];
  readonly zeros: number;
}

/**
 * Describes what a network learns from, so that other images can be held against it later: intensities by quantiles,
 * slices by what they look like from afar, and how far the scans reach themselves.
 *
 * @param scans - with the range that each was scaled from
 */
export async function learnInput(
  source: CohortSource,
  scans: { readonly ranges: readonly IntensityRange[]; readonly geometry: ImageGeometry },
  run: RunOptions = {},
): Promise<LearnedInput> {
  const { participants, suffixes, subjects, provenance, shape } = source;
  const all = await describeScans(source, scans.ranges, run);
  const keys = [...new Set(all.map(({ key }) => key))].sort();
  const kinds = keys.map((key) =>
    kindOf(
      all.filter((scan) => scan.key === key),
      source,
    ),
  );
  const looks = [...new Set(suffixes)].sort().map((suffix): LearnedLook => ({
    suffix,
    slices: lookOf(all.filter(({ row }) => suffixes[row] === suffix)),
  }));
  const persons = new Set(subjects).size;
  const digital = isDigital(provenance);
  const free = scans.ranges.filter(({ low, high }) => low < -0.05 * high).length;
  const zero = 2 * free > scans.ranges.length ? 'free' : 'kept';
  const learned = { kinds, looks, geometry: scans.geometry, zero } as const;
  const whole: ReachingScan[] = [];
  const placed = new Map<number, PlacedSlices>();
  const parts: (ReachingScan & Pick<ScanPart, 'slices'>)[] = [];
  for (const scan of all) {
    await breathe(run.signal);
    const reaching = ({ traits, range }: Pick<ScanPart, 'traits' | 'range'>): ReachingScan => ({
      traits,
      compared: compareScan(learned, { traits, range, suffix: suffixes[scan.row] }),
    });
    const seen = reaching(scan);
    whole.push(seen);
    placed.set(scan.row, { patterns: scan.traits.patterns, place: seen.compared.place });
    parts.push(...scan.parts.map((part) => ({ slices: part.slices, ...reaching(part) })));
  }
  // What so many slices do that are a part, more of them do too.
  const reachOfParts = slicesOfParts.map((slices) => ({
    slices,
    reach: learnReach([...whole, ...parts.filter((part) => part.slices >= slices)]),
  }));
  return {
    people: { digital: digital ? persons : 0, real: digital ? 0 : persons },
    scans: participants.ids.length,
    geometry: scans.geometry,
    shape,
    masked: mean(all.map(({ zeros }) => zeros)) > leastBackground,
    normalization: normalizationsOf(provenance),
    zero,
    background: rounded(mean(all.map(({ range }) => toUnit(0, range)))),
    kinds,
    looks: await learnExtents(source, { looks, placed }, run),
    reach: learnReach(whole),
    ...(parts.length === 0 ? {} : { reachOfParts }),
  };
}

async function describeScans(
  source: CohortSource,
  ranges: readonly IntensityRange[],
  { signal }: RunOptions,
): Promise<readonly DescribedScan[]> {
  const { participants, suffixes, slices, shape } = source;
  const positionsOf = positionsOfScans(source);
  const rowsOf = rowsBy(participants.sites.map((site, row) => `${site}\n${suffixes[row]}`));
  const found: DescribedScan[] = [];
  for (const [key, rows] of rowsOf) {
    for (const row of evenly(rows, described)) {
      await breathe(signal);
      const positions = positionsOf[row];
      const data = await source.read(positions);
      const its = positions.map((position) => slices[position]);
      const scan = scanSlices(data, { shape, slices: its });
      const traits = scanTraits(scan);
      if (traits === undefined) continue;
      const zeros = data.filter((value) => value === 0).length / data.length;
      const range = ranges[row];
      found.push({ row, key, traits, range, slices: sliceIntensities(scan), parts: partsOf(scan), zeros });
    }
  }
  return found;
}

function partsOf(scan: ScanSlices): readonly ScanPart[] {
  const parts = slicesOfParts.flatMap((slices) => scanParts(scan, slices).map((part) => ({ slices, part })));
  return parts.flatMap(({ slices, part }) => {
    const traits = scanTraits(part);
    if (traits === undefined) return [];
    const [low] = traits.quantiles;
    const high = traits.quantiles[quantileLevels.length - 1];
    // Of one intensity it could not be given.
    return high > low ? [{ slices, traits, range: { low: Math.min(0, low), high } }] : [];
  });
}

function kindOf(scans: readonly DescribedScan[], { participants, suffixes }: CohortSource): LearnedKind {
  const [{ row }] = scans;
  return {
    site: participants.sites[row],
    suffix: suffixes[row],
    scans: participants.ids.filter((_, other) => isSame(other)).length,
    range: {
      low: mean(scans.map(({ range }) => range.low)),
      high: mean(scans.map(({ range }) => range.high)),
    },
    quantiles: quantileLevels.map((_, i) =>
      rounded(mean(scans.map(({ traits, range }) => toUnit(traits.quantiles[i], range)))),
    ),
    places: learnPlaces(scans),
  };
  function isSame(other: number): boolean {
    return participants.sites[other] === participants.sites[row] && suffixes[other] === suffixes[row];
  }
}

/** The mean slices of scans, at so many places along their extent. */
function lookOf(scans: readonly DescribedScan[]): LearnedLook['slices'] {
  const all = scans.flatMap(({ traits, range }) => traits.patterns.map((pattern) => ({ pattern, range })));
  const height = heightOf(all.map(({ pattern }) => pattern.position));
  const size = patternSide ** 2;
  const bins = Array.from({ length: learnedHeights }, () => ({
    count: 0,
    position: 0,
    cover: new Float64Array(size),
    values: new Float64Array(size),
  }));
  for (const { pattern, range } of all) {
    const bin = bins[height(pattern.position)];
    bin.count++;
    bin.position += pattern.position;
    pattern.cover.forEach((cover, cell) => {
      bin.cover[cell] += cover;
      bin.values[cell] += cover * toUnit(pattern.values[cell], range);
    });
  }
  return bins
    .filter(({ count }) => count > 0)
    .map(({ count, position, cover, values }) => ({
      position: rounded(position / count),
      cover: Array.from(cover, (sum) => rounded(sum / count, 2)),
      values: Array.from(values, (sum, cell) => (cover[cell] > 0 ? rounded(sum / cover[cell], 2) : 0)),
    }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
