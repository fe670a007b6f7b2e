import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { TrainingRecord } from '../../data/networks/training-record';
import { nearlyAlways, recentMean, sameImages } from '../../nn/train/training-signs';
import type { MurdJudgement } from './murd-validation';

/** Says what went wrong in a training, as far as the figures show it. */
export function trainingTroubles(judgement: MurdJudgement, { history }: TrainingRecord): readonly Issue[] {
  const { contentVariance, domainDifference, styleDiversity } = judgement;
  const issues: Issue[] = [];
  const say = (code: 'collapsed' | 'single-style' | 'unbalanced-training', message: string): void =>
    void issues.push(makeIssue(code, message, {}));
  if (contentVariance < 1e-4) {
    say('collapsed', `the content is the same for every image (variance ${contentVariance.toPrecision(2)})`);
  }
  if (domainDifference < sameImages) {
    say('collapsed', `images translated to another site stay as they are (${shown(domainDifference)})`);
  }
  if (styleDiversity < 0.01 * domainDifference) {
    say(
      'single-style',
      `the styles of a site make the same image (${shown(styleDiversity)}, between sites ${shown(domainDifference)})`,
    );
  }
  const real = recentMean(history, 'discriminator sureOfReal');
  const made = recentMean(history, 'discriminator sureOfMade');
  if (real > nearlyAlways && made > nearlyAlways) {
    say(
      'unbalanced-training',
      `the discriminator separates all images that are made from real ones (${real.toFixed(2)}, ${made.toFixed(2)} sure)`,
    );
  }
  return issues;
}

function shown(difference: number): string {
  return `mean difference ${difference.toPrecision(2)} of a range of 2`;
}
