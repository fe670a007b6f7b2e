import type { RunOptions } from '../data/run-options';
import type { CombatModel } from './combat-model';
import type { JointPrior } from './frame/closed-form';
import { closedForm, jointPrior } from './frame/closed-form';
import type { SiteEffects, SiteInput } from './frame/shrink-sites';
import { shrinkSite } from './frame/shrink-sites';
import type { NewSiteEstimate } from './new-site-policy';

/** The effects of a new site, and what was noticed. */
export type NewSiteEffects = Pick<SiteEffects, 'features' | 'gammaStar' | 'deltaStar' | 'issues'>;

/**
 * Makes what shrinks the effects of new sites: towards the prior pooled over the model's sites (`estimate`), towards those of
 * their own features, as ComBatFamily's `predict` does (`own-priors`), or by the closed form of a joint prior (`creb`). Where the
 * model's sites are too few for a prior, the bare estimates are used.
 *
 * @param options.joint - the joint prior of a model whose effects are not in memory
 */
export function newSiteShrinker(
  model: CombatModel,
  {
    how,
    run,
    joint: given,
  }: { readonly how: NewSiteEstimate; readonly run: RunOptions; readonly joint?: JointPrior },
): (input: SiteInput) => Promise<NewSiteEffects> {
  const { settings, pooledPrior } = model;
  if (how === 'own-priors') return (input) => shrinkSite(input, settings, { run });
  const joint = how === 'creb' ? (given ?? jointPrior(model)) : undefined;
  if (joint !== undefined) {
    const scaled = settings.meanOnly === false;
    return (input) => Promise.resolve({ ...closedForm(input, joint, { scaled }), issues: [] });
  }
  if (how === 'estimate' && pooledPrior !== null)
    return (input) => shrinkSite(input, settings, { prior: pooledPrior, run });
  return (input) => shrinkSite(input, { ...settings, eb: 'none' }, { run });
}
