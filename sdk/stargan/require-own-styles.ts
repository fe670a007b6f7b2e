import { ConcordError } from '../errors';
import type { StyleChoice } from '../nn/styles/style-choice';
import type { StarganModel } from './stargan-model';
import { domainsOf, starganTitles } from './stargan-model';

/**
 * Checks that a model has what is chosen: with one domain, no style that is drawn or read is a site's own.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireOwnStyles(model: Pick<StarganModel, 'kind'>, choice: StyleChoice): void {
  if (domainsOf(model) === 'sites') return;
  const drawn = 'site' in choice && choice.styleSeed !== undefined;
  const headed = 'reference' in choice && choice.head !== undefined;
  if (!drawn && !headed) return;
  throw new ConcordError(
    'invalid-option',
    drawn
      ? `a ${starganTitles.one} has no styles of a site to draw (leave out the seed of styles, or use a ${starganTitles.sites})`
      : `invalid head: a ${starganTitles.one} reads all styles by one (leave it out)`,
  );
}
