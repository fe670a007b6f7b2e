import type { RunOptions } from '../../data/run-options';
import type { CombatModel, CombatSettings } from '../combat-model';
import { gather, poolPriors, referenceEffects, siteInput } from './gather-sites';
import type { SiteEffects, SizedSites } from './shrink-sites';
import { shrinkSite } from './shrink-sites';
import { shrinkUsualSites } from './shrink-usual-sites';
import type { Standardized } from './standardize-block';

/** Shrinks the effects of every site but the reference, one after the other. */
export async function shrinkSites(
  standardized: Standardized,
  { names, sizes }: SizedSites,
  options: {
    readonly settings: CombatSettings;
    /** The index of the reference site, or −1. */
    readonly reference: number;
    readonly run: RunOptions;
    readonly report: (done: number) => void;
  },
): Promise<readonly SiteEffects[]> {
  const { settings, reference, run, report } = options;
  const features = standardized.status.length;
  const effects: SiteEffects[] = [];
  const usual = shrinkUsualSites(standardized, { names, sizes }, { settings, reference });
  for (const [index, name] of names.entries()) {
    const done = usual[index];
    if (done !== undefined) {
      effects.push(done);
      continue;
    }
    const input = siteInput(standardized, { name, index, subjects: sizes[index] });
    if (index === reference) effects.push(referenceEffects(input));
    else {
      const own = { run, report: (done: number) => report(features * (1 + index) + done) };
      effects.push(await shrinkSite(input, settings, own));
    }
  }
  return effects;
}

/** What a model has learned of features and sites. */
export type FittedParts = Pick<
  CombatModel,
  | ('status' | 'sites' | 'grandMean' | 'pooledSd' | 'coefficients' | 'penalties' | 'freedom' | 'pooledPrior')
  | ('gammaHat' | 'deltaHat' | 'gammaStar' | 'deltaStar' | 'scaleCoefficients')
>;

/** Puts together what was learned. */
export function fittedParts(
  standardized: Standardized,
  effects: readonly SiteEffects[],
  settings: CombatSettings,
): FittedParts {
  const features = standardized.status.length;
  const { status, grandMean, pooledSd, coefficients, penalties, freedom, scaleCoefficients } = standardized;
  return {
    status,
    sites: effects.map((effect) => effect.site),
    grandMean,
    pooledSd,
    coefficients,
    penalties,
    freedom,
    scaleCoefficients,
    gammaHat: gather(effects, features, (effect) => effect.gammaHat),
    deltaHat: gather(effects, features, (effect) => effect.deltaHat),
    gammaStar: gather(effects, features, (effect) => effect.gammaStar),
    deltaStar: gather(effects, features, (effect) => effect.deltaStar),
    pooledPrior: settings.eb === 'none' ? null : poolPriors(effects),
  };
}
