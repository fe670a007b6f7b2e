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
import type { LearnedMap } from '../intensity/normalize-volume';
import { nyulLandmarks, nyulMap, nyulSettings, standardLandmarks } from '../intensity/nyul-model';
import { percentileMap, percentileSettings } from '../intensity/percentile-scale';
import { whiteStripeMap, whiteStripeSettings } from '../intensity/white-stripe';
import { zScoreMap } from '../intensity/z-score';
import type {
  FittedMethod,
  IntensityMethod,
  IntensityMethodOptions,
  IntensityTarget,
} from './intensity-model';

/** What a method needs to know of one scan: its quantiles, or the way back from its own map. */
export type ScanSummary = readonly number[];

/** Learns a method from scans, each of which is looked at once, whatever the targets it counts for. */
export interface IntensityLearner {
  /** What to keep of the intensities of one scan. */
  summarize(values: Float64Array): ScanSummary;
  /** What was learned from some scans, at least one. */
  finish(scans: readonly ScanSummary[]): Pick<IntensityTarget, 'fitted' | 'calibration'>;
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
      return linearLearner(
        { method, settings: percentileSettings({ percentiles: options.percentiles }) },
        rescale,
      );
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
  { fitted, calibration }: Pick<IntensityTarget, 'fitted' | 'calibration'>,
  values: Float64Array,
): LearnedMap {
  const own = ownMap(fitted, values);
  return { ...own, map: thenLinear(own.map, calibration.scale, calibration.offset) };
}

function ownMap(fitted: FittedMethod, values: Float64Array): LearnedMap {
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
  return {
    summarize: (values) => {
      const { map } = ownMap(fitted, values);
      // All methods that come here are linear.
      return map.kind === 'linear' ? [1 / map.scale, -map.offset / map.scale] : [1, 0];
    },
    finish: (scans) => {
      const [scale, offset] = averageQuantiles(scans);
      return { fitted, calibration: rescale ? { scale, offset } : none };
    },
  };
}

function nyulLearner(options: AnyMethodOptions, rescale: boolean): IntensityLearner {
  const settings = nyulSettings(options);
  return {
    summarize: (values) => nyulLandmarks(values, settings.landmarks),
    finish: (scans) => {
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
  return {
    summarize: (values) => evenQuantiles(values, levels),
    finish: (scans) => ({
      fitted: { method: 'histogram-matching', quantiles: averageQuantiles(scans) },
      calibration: none,
    }),
  };
}

const none = { scale: 1, offset: 0 };
