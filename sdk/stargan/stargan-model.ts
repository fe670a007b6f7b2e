import type { Issue } from '../data/issue';
import type { TrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray } from '../data/networks/weights';
import type { Provenance } from '../data/provenance';
import type { ImageGeometry } from '../nn/images/image-geometry';
import type { LearnedInput } from '../nn/input/learned-input';
import type { StarganArchitecture } from './network/stargan-sizes';
import type { StarganDomains } from './training/loss-weights';

/** The mean style of a site's scans. Plain JSON. */
export type SiteMeanStyle = { readonly site: string; readonly style: readonly number[] };

/**
 * A StarGAN v2 that has been fitted, or with one domain for all sites a style-encoding GAN. Nothing of it is on a backend.
 */
export interface StarganModel {
  /** `stargan-v2` where every site is a domain, `style-gan` where all scans are of one. */
  readonly kind: 'stargan-v2' | 'style-gan';
  readonly architecture: StarganArchitecture;
  /** The sites it knows, sorted. */
  readonly sites: readonly string[];
  /** The mean style of each site, in their order. */
  readonly styles: readonly SiteMeanStyle[];
  readonly geometry: ImageGeometry;
  /** What it learned from, the range of each site's intensities included. */
  readonly learned: LearnedInput;
  /** What it has learned: the trees `generator`, `mapping`, `style` and `critic`. */
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  /** The participants that were held out to judge it. */
  readonly heldOut: readonly string[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

/** What models are by their domains. */
export const starganKinds: Readonly<Record<StarganDomains, StarganModel['kind']>> = {
  sites: 'stargan-v2',
  one: 'style-gan',
};

/** The names of models in text, by their domains. */
export const starganTitles: Readonly<Record<StarganDomains, string>> = {
  sites: 'StarGAN v2',
  one: 'style-encoding GAN',
};

/** Whether every site is a domain of a model, or all scans are of one. */
export function domainsOf({ kind }: Pick<StarganModel, 'kind'>): StarganDomains {
  return kind === starganKinds.one ? 'one' : 'sites';
}

/** How many domains there are, each with a head of style encoder and discriminator. */
export function countDomains(domains: StarganDomains, sites: readonly string[]): number {
  return domains === 'one' ? 1 : sites.length;
}
