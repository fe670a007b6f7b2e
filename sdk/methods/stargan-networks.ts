import type { Harmonizer } from '../data/harmonizer';
import { imagesKnownTo, requireSite } from '../nn/images/site-model';
import { toStored } from '../nn/stored-parts';
import type { FitStarganOptions } from '../stargan/fit-stargan';
import { parametersInWords } from '../stargan/network/stargan-parameters';
import { requireOwnStyles } from '../stargan/require-own-styles';
import { starganHarmonizer } from '../stargan/stargan-harmonizer';
import type { StarganModel } from '../stargan/stargan-model';
import { countDomains, domainsOf, starganKinds, starganTitles } from '../stargan/stargan-model';
import type { StarganDomains } from '../stargan/training/loss-weights';
import type { HarmonizerOptions, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingImages, TrainingPart } from './method-command';
import { commandPart } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';
import { scansInStyles, slicesInStyles } from './style-networks';

/** How models are stored and shown whose networks are those of StarGAN v2. */
export function starganKind(domains: StarganDomains): ModelKind<StarganModel> {
  return {
    kind: starganKinds[domains],
    storage: {
      as: 'folder',
      toStored,
      fromStored: async (parts) => {
        const { starganFromStored } = await import('../stargan/stargan-stored.js');
        return starganFromStored(parts);
      },
    },
    card,
  };
}

/** How they take the slices of whole scans. */
export const starganSlices: SliceMethod<StarganModel> = slicesInStyles<StarganModel>({
  trained: imagesKnownTo,
  requireSite: (model, site) => requireSite(model, site),
  requireChoice: requireOwnStyles,
  apply: async (model, images, options) => {
    const { applyStargan } = await import('../stargan/apply-stargan.js');
    return applyStargan(model, images, options);
  },
});

/**
 * How they give whole scans a style on the command line.
 *
 * @param method - its name there
 */
export function starganScans(method: string): ScansPart<StarganModel> {
  return scansInStyles(method, (model) => starganSlices.input(model), 'the mean of its scans');
}

/** How they are trained on the command line. */
export function starganTraining(
  domains: StarganDomains,
  sizes: Readonly<Record<string, TrainingImages>>,
): TrainingPart<StarganModel> {
  return {
    sizes,
    learningRate: 0.0001,
    summary: (model) => `${trainingSummary(model)}; ${networksOf(model)}`,
    ...commandPart({}, () => ({
      covariates: [],
      fit: async (source, { size, ...settings }) => {
        const { fitStargan } = await import('../stargan/fit-stargan.js');
        return fitStargan(source, { domains, size: size as FitStarganOptions['size'], ...settings });
      },
    })),
  };
}

/** Makes their harmonizers of slices. */
export function starganHarmonizers(
  domains: StarganDomains,
): (options: HarmonizerOptions<StarganModel>) => Harmonizer<StarganModel, 'images'> {
  return ({ fit, ...options }) => starganHarmonizer({ ...options, fit: { ...fit, domains } });
}

function card(model: StarganModel): ModelCard {
  const { sites, architecture } = model;
  const domains = domainsOf(model);
  return {
    title: `${starganTitles[domains]} model: ${sites.length} sites`,
    facts: [
      { label: 'sites', value: sites.join(', ') },
      {
        label: 'domains',
        value:
          domains === 'one'
            ? 'one for all scans: sites were not looked at while training'
            : `${sites.length}, one for each site`,
      },
      imagesFact(starganSlices.input(model)),
      { label: 'style', value: `${architecture.styleSize} numbers, one for all slices of a scan` },
      { label: 'networks', value: networksOf(model) },
      ...networkFacts(model),
    ],
  };
}

function networksOf(model: StarganModel): string {
  return parametersInWords(model.architecture, countDomains(domainsOf(model), model.sites));
}
