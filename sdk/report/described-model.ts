import type { Reference } from '../data/references';
import { ConcordError } from '../errors';
import type { AnyModel, ModelCard } from '../methods/method';
import { aboutModel, makerOf } from '../methods/methods';

/** What reports say of the method of a model. */
export interface DescribedModel {
  readonly name: string;
  /** What it does, in half a sentence. */
  readonly summary?: string;
  readonly references: readonly Reference[];
  readonly card: ModelCard;
}

/**
 * The name of the method of a model, and what there is to know of both.
 *
 * @throws ConcordError `invalid-option` for a model of a kind that no method has.
 */
export function described(model: AnyModel): DescribedModel {
  const about = aboutModel(model);
  if (about === undefined)
    throw new ConcordError('invalid-option', `invalid model: no method has models of kind "${model.kind}"`);
  const maker = makerOf(model);
  return {
    name: about.title ?? about.kind.kind,
    summary: maker?.summary,
    references: maker?.references ?? [],
    card: about.kind.card(model),
  };
}
