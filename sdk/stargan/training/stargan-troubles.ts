import type { Issue, IssueCode } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { TrainingRecord } from '../../data/networks/training-record';
import {
  alikeImages,
  differenceInWords,
  oneSidedDiscriminator,
  sameImages,
} from '../../nn/train/training-signs';
import type { StarganJudgement } from './stargan-validation';
import { criticNames } from './update-names';

/** With a lower rank correlation than this with what they were made of, images show another anatomy. */
const sameAnatomy = 0.6;

/** Says what went wrong in a training, as far as the figures show it. */
export function starganTroubles(
  { difference, styleDifference, resemblance, variety }: StarganJudgement,
  { history }: Pick<TrainingRecord, 'history'>,
): readonly Issue[] {
  const found: [IssueCode, string][] = [];
  if (difference < sameImages) {
    found.push([
      'collapsed',
      `images made in another style stay as they are (${differenceInWords(difference)})`,
    ]);
  }
  if (resemblance < sameAnatomy) {
    found.push([
      'collapsed',
      `images made in another style keep little of the anatomy (rank correlation ${resemblance.toFixed(2)} with what they were made of)`,
    ]);
  }
  if (variety < alikeImages) {
    found.push([
      'collapsed',
      `images made in another style are all alike (they vary by ${variety.toPrecision(2)} of what real ones do)`,
    ]);
  }
  if (styleDifference < sameImages) {
    found.push([
      'single-style',
      `the styles of two scans make the same image (${differenceInWords(styleDifference)})`,
    ]);
  }
  return [
    ...found.map(([code, message]) => makeIssue(code, message, {})),
    ...criticNames.flatMap((name) => oneSidedDiscriminator(history, name)).slice(0, 1),
  ];
}
