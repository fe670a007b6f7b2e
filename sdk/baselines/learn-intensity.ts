import { oneOf } from '../data/one-of';
import { fcmMap, fcmSettings } from '../intensity/fcm-normalize';
import type { HistogramMatchingOptions } from '../intensity/histogram-matching';
import {
  averageQuantiles,
  evenQuantiles,
  histogramMatchingMap,
  requireLevels,
} from '../intensity/histogram-matching-model';
import { thenLinear } from '../intensity/intensity-map';
import { kdeMap, kdeSettings } from '../intensity/kde-normalize';
import type { LearntMap } from '../intensity/normalize-volume';
import { nyulLandmarks, nyulMap, nyulSettings, standardLandmarks } from '../intensity/nyul-model';
import { percentileMap, percentileSettings } from '../intensity/percentile-scale';
import { whiteStripeMap, whiteStripeSettings } from '../intensity/white-stripe';
import { zScoreMap } from '../intensity/z-score';
import type {
  FittedMethod,
  IntensityMethod,
  IntensityMethodOptions,
  IntensityModel,
} from './intensity-model';

/** Gathers, scan by scan, what a method needs of the scans it is fitted on. */
export interface IntensityLearner {
  /** Takes in the intensities of one scan. */
  add(values: Float64Array): void;
  /** What was learned from all of them, at least one. */
  finish(): Pick<IntensityModel, 'fitted' | 'calibration'>;
}

/** Options of any method; each reads its own. */
export type AnyMethodOptions = IntensityMethodOptions['percentile'] &
  IntensityMethodOptions['white-stripe'] &
  IntensityMethodOptions['kde-mode'] &
  IntensityMethodOptions['fcm'] &
  IntensityMethodOptions['nyul'] &
  IntensityMethodOptions['histogram-matching'];

/**
 * Starts to learn a method.
 *
 * @param rescale - whether results go back to the intensities of the scans learned from
 * @throws ConcordError `invalid-option` on an unknown method or an option out of range.
 */
export function intensityLearner(
  method: IntensityMethod,
  options: AnyMethodOptions,
  rescale: boolean,
): IntensityLearner {
  switch (method) {
    case 'nyul':
      return nyulLearner(options, rescale);
    case 'histogram-matching':
      return histogramLearner(options);
    case 'z-score':
      return linearLearner({ method }, rescale);
    case 'percentile':
      return linearLearner({ method, settings: percentileSettings(options) }, rescale);
    case 'white-stripe':
      return linearLearner({ method, settings: whiteStripeSettings(options) }, rescale);
    case 'kde-mode':
      return linearLearner({ method, settings: kdeSettings(options) }, rescale);
    case 'fcm':
      return linearLearner({ method, settings: fcmSettings(options) }, rescale);
    default:
      oneOf('method', method, methods);
      return method;
  }
}

const methods: readonly IntensityMethod[] = [
  'z-score',
  'percentile',
  'white-stripe',
  'kde-mode',
  'fcm',
  'nyul',
  'histogram-matching',
];

/** The map of one scan by a fitted method, calibration included. */
export function intensityMap(
  { fitted, calibration }: Pick<IntensityModel, 'fitted' | 'calibration'>,
  values: Float64Array,
): LearntMap {
  const own = ownMap(fitted, values);
  return { ...own, map: thenLinear(own.map, calibration.scale, calibration.offset) };
}

function ownMap(fitted: FittedMethod, values: Float64Array): LearntMap {
  switch (fitted.method) {
    case 'z-score':
      return zScoreMap(values);
    case 'percentile':
      return percentileMap(values, fitted.settings);
    case 'white-stripe':
      return whiteStripeMap(values, fitted.settings);
    case 'kde-mode':
      return kdeMap(values, fitted.settings);
    case 'fcm':
      return fcmMap(values, fitted.settings);
    case 'nyul':
      return nyulMap(values, { percentiles: fitted.settings.landmarks, standard: fitted.standard });
    case 'histogram-matching':
      return histogramMatchingMap(values, fitted.quantiles);
  }
}

/** Linear methods learn nothing but the way back: the average of the inverses of the scans' own maps. */
function linearLearner(fitted: FittedMethod, rescale: boolean): IntensityLearner {
  let count = 0;
  let scale = 0;
  let offset = 0;
  return {
    add: (values) => {
      const { map } = ownMap(fitted, values);
      if (map.kind !== 'linear') return;
      count++;
      scale += 1 / map.scale;
      offset -= map.offset / map.scale;
    },
    finish: () => ({
      fitted,
      calibration: rescale ? { scale: scale / count, offset: offset / count } : { scale: 1, offset: 0 },
    }),
  };
}

function nyulLearner(options: AnyMethodOptions, rescale: boolean): IntensityLearner {
  const settings = nyulSettings(options);
  const scans: (readonly number[])[] = [];
  return {
    add: (values) => {
      scans.push(nyulLandmarks(values, settings.landmarks));
    },
    finish: () => {
      const average = averageQuantiles(scans);
      const ends = [average[0], average[average.length - 1]] as const;
      const scale = rescale ? ends : settings.scale;
      const standard = standardLandmarks(scans, scale);
      return { fitted: { method: 'nyul', settings: { ...settings, scale }, standard }, calibration: none };
    },
  };
}

function histogramLearner(options: HistogramMatchingOptions): IntensityLearner {
  const levels = requireLevels(options.levels ?? 1001);
  const scans: (readonly number[])[] = [];
  return {
    add: (values) => {
      scans.push(evenQuantiles(values, levels));
    },
    finish: () => ({
      fitted: { method: 'histogram-matching', quantiles: averageQuantiles(scans) },
      calibration: none,
    }),
  };
}

const none = { scale: 1, offset: 0 };
