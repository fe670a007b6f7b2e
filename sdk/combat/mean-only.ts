import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { CombatMeanOnly, CombatSettings } from './combat-model';
import type { SiteEffects } from './frame/shrink-sites';
import { quoteName } from '../data/list-names';

/** What is adjusted, as a methods section would say it. */
export function meanOnlyText(meanOnly: CombatMeanOnly): string {
  if (meanOnly === false) return 'location and scale';
  return meanOnly === true
    ? 'location only, in the published form that weighs a whole site as one scan'
    : 'location only, shrunk by site size';
}

/**
 * Says how much of the site effect the published mean-only form leaves. It weighs γ̂ as if it came from one scan, so of
 * a feature's distance from the site's prior mean, γ̂ − γ̄, the share 1 / (τ² + 1) stays in the data, however large the
 * site is. The non-parametric form weighs by the data themselves, and without empirical Bayes nothing is shrunk.
 */
export function meanOnlyIssues(effects: readonly SiteEffects[], settings: CombatSettings): readonly Issue[] {
  if (settings.meanOnly !== true || settings.eb !== 'parametric') return [];
  const left = effects.flatMap(({ site: { name, subjects, prior } }) =>
    prior === null || subjects < 2 ? [] : [{ name, share: 1 / (prior.locationVariance + 1) }],
  );
  if (left.length === 0) return [];
  left.sort((a, b) => a.share - b.share);
  const least = left[0];
  const most = left[left.length - 1];
  const percent = ({ name, share }: (typeof left)[number]): string =>
    `${(100 * share).toFixed(0)} % at ${quoteName(name)}`;
  const range = least === most ? percent(least) : `from ${percent(least)} to ${percent(most)}`;
  const message =
    'mean only in its published form weighs a whole site as one scan: ' +
    `of the differences of single features at a site, beyond the shift of all features, ${range} is left`;
  return [makeIssue('site-effect-left', message, { site: most.name })];
}
