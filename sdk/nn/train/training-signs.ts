import type { TrainingPoint } from '../../data/networks/training-record';

/** Below this mean difference, on the scale of networks (2 from background to bright), images are taken to be the same. */
export const sameImages = 0.002;

/** A critic that is right more often than this has nothing left to teach. */
export const nearlyAlways = 0.97;

/** The mean of a value over the last tenth of a history; `NaN` where it was not recorded. */
export function recentMean(history: readonly TrainingPoint[], name: string): number {
  const last = history.slice(-Math.max(1, Math.round(history.length / 10)));
  const values = last.flatMap(({ values: all }) => (name in all ? [all[name]] : []));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
