/** How the effects of a site that a model was not fitted on are estimated from its scans. */
export type NewSiteEstimate = 'estimate' | 'own-priors' | 'creb';

/** What to do with subjects of a site that the model was not fitted on. */
export type UnseenSitePolicy = 'error' | 'covariates' | NewSiteEstimate;

/** All that {@link NewSiteEstimate} may be. */
export const newSiteEstimates: readonly NewSiteEstimate[] = ['estimate', 'own-priors', 'creb'];

/** All that {@link UnseenSitePolicy} may be. */
export const unseenPolicies: readonly UnseenSitePolicy[] = ['error', 'covariates', ...newSiteEstimates];

/** Whether a policy estimates the effects of new sites, rather than refusing their scans or leaving them as they are. */
export function estimatesNewSites(policy: unknown): policy is NewSiteEstimate {
  return newSiteEstimates.some((known) => known === policy);
}
