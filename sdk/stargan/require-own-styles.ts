import { ConcordError } from '../errors';
import type { StyleChoice } from '../nn/styles/style-choice';
import type { StarganModel } from './stargan-model';
import { domainsOf, starganTitles } from './stargan-model';

/**
 * Checks that a model has what is chosen: with one domain, nothing that is drawn or read is a site's own.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireOwnStyles(model: Pick<StarganModel, 'kind'>, choice: StyleChoice): void {
  if (domainsOf(model) === 'sites') return;
  const drawn = 'site' in choice && choice.styleSeed !== undefined;
  const headed = 'reference' in choice && choice.head !== undefined;
  if (!drawn && !headed) return;
  const what = drawn ? 'styleSeed: styles that are drawn' : 'head: styles that are read';
  throw new ConcordError(
    'invalid-option',
    `invalid ${what} with a ${starganTitles.one} are of no site (leave it out, or train a ${starganTitles.sites})`,
  );
}
