import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { TrainingRecord } from '../../data/networks/training-record';
import { differenceInWords, oneSidedDiscriminator, sameImages } from '../../nn/train/training-signs';
import type { MurdJudgement } from './murd-validation';

/** Says what went wrong in a training, as far as the figures show it. */
export function trainingTroubles(judgement: MurdJudgement, { history }: TrainingRecord): readonly Issue[] {
  const { contentVariance, domainDifference, styleDiversity } = judgement;
  const issues: Issue[] = [];
  const say = (code: 'collapsed' | 'single-style', message: string): void =>
    void issues.push(makeIssue(code, message, {}));
  if (contentVariance < 1e-4) {
    say('collapsed', `the content is the same for every image (variance ${contentVariance.toPrecision(2)})`);
  }
  if (domainDifference < sameImages) {
    say(
      'collapsed',
      `images translated to another site stay as they are (${differenceInWords(domainDifference)})`,
    );
  }
  if (styleDiversity < 0.01 * domainDifference) {
    say(
      'single-style',
      `the styles of a site make the same image (${differenceInWords(styleDiversity)}, between sites ${differenceInWords(domainDifference)})`,
    );
  }
  return [...issues, ...oneSidedDiscriminator(history, 'discriminator')];
}
