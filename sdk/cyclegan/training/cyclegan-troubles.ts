import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { TrainingRecord } from '../../data/networks/training-record';
import {
  alikeImages,
  differenceInWords,
  nearlyAlways,
  recentMean,
  sameImages,
} from '../../nn/train/training-signs';
import type { SitePair } from '../pairs';
import type { CycleganJudgement } from './cyclegan-validation';

/** Says what went wrong in a training, as far as the figures show it. */
export function cycleganTroubles(
  { directions }: CycleganJudgement,
  { history }: Pick<TrainingRecord, 'history'>,
  { sites, pairs }: { readonly sites: readonly string[]; readonly pairs: readonly SitePair[] },
): readonly Issue[] {
  const issues: Issue[] = [];
  for (const { from, to, difference, variety } of directions) {
    const way = `translated from site "${sites[from]}" to "${sites[to]}"`;
    const collapsed = (what: string): void =>
      void issues.push(makeIssue('collapsed', `images ${way} ${what}`, { site: sites[to] }));
    if (difference < sameImages) collapsed(`stay as they are (${differenceInWords(difference)})`);
    if (variety < alikeImages) {
      collapsed(`are all alike (they vary by ${variety.toPrecision(2)} of what real ones do)`);
    }
  }
  for (const [pair, { first, second }] of pairs.entries()) {
    const separated = recentMean(history, `critics${pair} separated`);
    if (!(separated > nearlyAlways)) continue;
    const message = `the critics of the sites "${sites[first]}" and "${sites[second]}" separate made from real images nearly always (${separated.toFixed(2)} of patches)`;
    issues.push(makeIssue('unbalanced-training', message, { site: sites[first] }));
  }
  return issues;
}
