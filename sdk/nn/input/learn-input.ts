import { isDigital } from '../../data/digital-persons';
import type { CohortSource } from '../../data/images/slice-source';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import type { ImageGeometry } from '../images/image-geometry';
import { evenly } from '../images/positions';
import type { IntensityRange } from '../images/scan-intensity';
import { toUnit } from '../images/scan-intensity';
import { compareScan } from './compare-scan';
import type { LearnedInput, LearnedKind, LearnedLook, LearnedReach } from './learned-input';
import { normalizationsOf } from './origin-of-images';
import { patternSide } from './slice-pattern';
import type { ScanTraits } from './scan-traits';
import { quantileLevels, scanTraits } from './scan-traits';
import { scanSlices } from './scan-slices';
import type { Seen } from './signs';
import { signs } from './signs';

/** Scans of each contrast of a site that are described at most: means of more say no more. */
const described = 60;

/** Slices of a look at most. */
const lookSlices = 8;

/** Images without this share of zeros have no background that was set to 0. */
const leastBackground = 0.02;

interface DescribedScan {
  readonly row: number;
  readonly key: string;
  readonly traits: ScanTraits;
  readonly range: IntensityRange;
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
  const learned = { kinds, looks, geometry: scans.geometry };
  return {
    people: { digital: digital ? persons : 0, real: digital ? 0 : persons },
    scans: participants.ids.length,
    geometry: scans.geometry,
    shape,
    masked: mean(all.map(({ zeros }) => zeros)) > leastBackground,
    normalization: normalizationsOf(provenance),
    zero: 2 * free > scans.ranges.length ? 'free' : 'kept',
    background: rounded(mean(all.map(({ range }) => toUnit(0, range)))),
    kinds,
    looks,
    reach: reachOf(all, learned, suffixes),
  };
}

async function describeScans(
  source: CohortSource,
  ranges: readonly IntensityRange[],
  { signal }: RunOptions,
): Promise<readonly DescribedScan[]> {
  const { participants, suffixes, slices, shape } = source;
  const positionsOf = new Map<string, number[]>(participants.ids.map((id) => [id, []]));
  slices.forEach(({ scan }, position) => positionsOf.get(scan)?.push(position));
  const rowsOf = new Map<string, number[]>();
  participants.sites.forEach((site, row) => {
    const key = `${site}\n${suffixes[row]}`;
    rowsOf.set(key, [...(rowsOf.get(key) ?? []), row]);
  });
  const found: DescribedScan[] = [];
  for (const [key, rows] of rowsOf) {
    for (const row of evenly(rows, described)) {
      await breathe(signal);
      const positions = positionsOf.get(participants.ids[row]) ?? [];
      const data = await source.read(positions);
      const its = positions.map((position) => slices[position]);
      const traits = scanTraits(scanSlices(data, { shape, slices: its }));
      const zeros = data.filter((value) => value === 0).length / data.length;
      if (traits !== undefined) found.push({ row, key, traits, range: ranges[row], zeros });
    }
  }
  return found;
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
  };
  function isSame(other: number): boolean {
    return participants.sites[other] === participants.sites[row] && suffixes[other] === suffixes[row];
  }
}

/** The mean slices of scans, at so many places along their extent. */
function lookOf(scans: readonly DescribedScan[]): LearnedLook['slices'] {
  const all = scans.flatMap(({ traits, range }) => traits.patterns.map((pattern) => ({ pattern, range })));
  const places = all.map(({ pattern }) => pattern.position);
  const least = Math.min(...places);
  const most = Math.max(...places);
  const size = patternSide ** 2;
  const bins = Array.from({ length: lookSlices }, () => ({
    count: 0,
    position: 0,
    cover: new Float64Array(size),
    values: new Float64Array(size),
  }));
  for (const { pattern, range } of all) {
    const share = most > least ? (pattern.position - least) / (most - least) : 0;
    const bin = bins[Math.min(lookSlices - 1, Math.floor(share * lookSlices))];
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

function reachOf(
  scans: readonly DescribedScan[],
  learned: Pick<LearnedInput, 'kinds' | 'looks' | 'geometry'>,
  suffixes: readonly string[],
): LearnedReach {
  const compared = scans.map(({ traits, row, range }) =>
    compareScan(learned, { traits, range, suffix: suffixes[row] }),
  );
  // Rounded outwards: the scan that reaches farthest is within what scans reach.
  const most = (values: readonly number[]): number =>
    Math.ceil(1e4 * values.reduce((a, b) => Math.max(a, b), -Infinity)) / 1e4 + 0;
  const least = (values: readonly number[]): number =>
    Math.floor(1e4 * values.reduce((a, b) => Math.min(a, b), Infinity)) / 1e4 + 0;
  const both = (values: readonly number[]): readonly [number, number] => [least(values), most(values)];
  return {
    shape: most(compared.map(({ match }) => match.rest)),
    brighter: most(compared.map(({ brighter }) => brighter)),
    lowest: both(compared.map(({ lowest }) => lowest)),
    roughness: both(scans.map(({ traits }) => traits.roughness)),
    cut: most(scans.map(({ traits }) => traits.cut)),
    signs: signsOf(scans.map(({ traits }, i) => ({ traits, compared: compared[i] }))),
  };
}

/** Not every training scan is described: others may be somewhat farther, by the rule that limits are drawn by. */
function signsOf(seen: readonly Seen[]): LearnedReach['signs'] {
  const reached: Record<string, number> = {};
  for (const { name, of, ofOrder = false } of signs) {
    const values = seen
      .map(of)
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    if (values.length === 0) continue;
    const farthest = values[values.length - 1];
    const beyond = ofOrder ? 0 : Math.max(0.01, (farthest - values[values.length >> 1]) / 10);
    // Rounded outwards: the scan that reaches farthest is within what scans reach.
    reached[name] = Math.ceil(1e4 * (farthest + beyond)) / 1e4;
  }
  return reached;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number, digits = 4): number {
  // JSON knows no −0.
  return Number(value.toFixed(digits)) + 0;
}
