import type { Issue } from '../../data/issue';
import { everyPosition } from '../../math/pick-doubles';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { roundUp, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatSettings } from '../combat-model';
import { shrinkingRounds, worthShrinkingByKernel } from './shrink-parametric';
import type { SiteEffects, SizedSites } from './shrink-sites';
import { notConverged } from './shrink-sites';
import type { Standardized } from './standardize-block';

const noIssues: readonly Issue[] = [];

/**
 * Shrinks the sites where nothing is out of the ordinary, as nearly all are: every feature has values there, and a spread. In
 * WebAssembly, with the same bits as `shrinkSite`, which takes many looks at the features: V8 makes none of them fast in time.
 *
 * @returns for each site its effects, or `undefined` where `shrinkSite` has to look closer
 */
export function shrinkUsualSites(
  standardized: Standardized,
  { names, sizes }: SizedSites,
  { settings, reference }: { readonly settings: CombatSettings; readonly reference: number },
): readonly (SiteEffects | undefined)[] {
  const features = standardized.status.length;
  const usual = settings.eb === 'parametric' && settings.meanOnly === false;
  if (!usual || standardized.values !== undefined || features < 2 || !worthShrinkingByKernel(features))
    return [];
  const stride = roundUp(features, 2);
  const need = { bytes: 8 * (6 * stride + 7) + 64 * 3, scratchBytes: 0, work: 0 };
  const zeros = (): Float64Array => new Float64Array(names.length * features);
  const work: SitesWork = {
    standardized,
    settings,
    every: everyPosition(features),
    found: { deltaHat: zeros(), gammaStar: zeros(), deltaStar: zeros() },
  };
  return (
    withFloat64Kernels(need, (room) => {
      const places = { statistics: room.take(8 * 6 * stride), outcome: room.take(8 * 7) };
      return names.map((name, index) => {
        if (index === reference) return undefined;
        return shrinkUsual({ room, ...places }, work, { name, index, subjects: sizes[index] });
      });
    }) ?? []
  );
}

/** What the work on all sites has in common. */
interface SitesWork {
  readonly standardized: Standardized;
  readonly settings: CombatSettings;
  /** The numbers of all features. */
  readonly every: Int32Array;
  /** What is found of all sites, in one piece of memory, as a model has it: sites × features. */
  readonly found: Readonly<Record<'deltaHat' | 'gammaStar' | 'deltaStar', Float64Array>>;
}

/** The memory that each site is worked on in: six rows of numbers, and seven numbers. */
interface SiteRoom {
  readonly room: Float64Room;
  readonly statistics: number;
  readonly outcome: number;
}

function shrinkUsual(
  { room, statistics, outcome }: SiteRoom,
  { standardized, settings, every, found }: SitesWork,
  { name, index, subjects }: { readonly name: string; readonly index: number; readonly subjects: number },
): SiteEffects | undefined {
  const features = every.length;
  const stride = roundUp(features, 2);
  const first = index * features;
  const location = standardized.location.subarray(first, first + features);
  const row = (k: number): Float64Array => room.doubles(statistics + 8 * k * stride, features);
  row(0).set(location);
  row(1).set(standardized.squares.subarray(first, first + features));
  row(2).set(standardized.counts.subarray(first, first + features));
  const { tolerance, maxIterations } = settings;
  room.run('siteEffects', [statistics, features, tolerance, shrinkingRounds(maxIterations), outcome], {
    units: 1,
  });
  const [done, iterations, moving, ...moments] = room.doubles(outcome, 7);
  if (done === 0) return undefined;
  const [locationMean, locationVariance, scaleShape, scaleScale] = moments;
  const prior = { locationMean, locationVariance, scaleShape, scaleScale };
  const keep = (all: Float64Array, k: number): Float64Array => {
    const own = all.subarray(first, first + features);
    own.set(row(k));
    return own;
  };
  return {
    site: { name, subjects, adjusts: 'location-and-scale', prior, iterations },
    features: every,
    gammaHat: location,
    deltaHat: keep(found.deltaHat, 3),
    gammaStar: keep(found.gammaStar, 4),
    deltaStar: keep(found.deltaStar, 5),
    scaled: every,
    issues: moving === 0 ? noIssues : [notConverged(name, settings)],
  };
}
