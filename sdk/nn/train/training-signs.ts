import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { TrainingPoint } from '../../data/networks/training-record';

/** Below this mean difference, on the scale of networks (2 from background to bright), images are taken to be the same. */
export const sameImages = 0.002;

/** Made images that vary less than this share of what real ones do are taken to be one image. */
export const alikeImages = 0.05;

/** A critic that is right more often than this has nothing left to teach. */
export const nearlyAlways = 0.97;

/** The mean of a value over the last tenth of a history; `NaN` where it was not recorded. */
export function recentMean(history: readonly TrainingPoint[], name: string): number {
  const last = history.slice(-Math.max(1, Math.round(history.length / 10)));
  const values = last.flatMap(({ values: all }) => (name in all ? [all[name]] : []));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The issue of a discriminator that separates made from real images nearly always, and has nothing left to teach; none
 * where it does not.
 *
 * @param update - the name of the discriminator's update, whose loss reports `sureOfReal` and `sureOfMade`
 */
export function oneSidedDiscriminator(history: readonly TrainingPoint[], update: string): readonly Issue[] {
  const real = recentMean(history, `${update} sureOfReal`);
  const made = recentMean(history, `${update} sureOfMade`);
  if (!(real > nearlyAlways && made > nearlyAlways)) return [];
  const message = `the discriminator separates all images that are made from real ones (${real.toFixed(2)}, ${made.toFixed(2)} sure)`;
  return [makeIssue('unbalanced-training', message, {})];
}

/** A mean difference of images on the scale of networks, in words. */
export function differenceInWords(difference: number): string {
  return `mean difference ${difference.toPrecision(2)} of a range of 2`;
}
