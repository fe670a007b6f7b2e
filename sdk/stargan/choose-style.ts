import type { Rank } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { makeRandom } from '../math/random';
import { givenImages } from '../nn/images/given-images';
import { numbersOf } from '../nn/images/numbers-of';
import { imagesKnownTo, rangeOfSite, requireSite } from '../nn/images/site-model';
import { normalNoise } from '../nn/ops/normal-noise';
import { oneHot } from '../nn/ops/one-hot';
import type { ChosenStyle } from '../nn/styles/chosen-style';
import type { SiteStyle } from '../nn/styles/style-choice';
import type { StyleReader } from '../nn/styles/style-of-reference';
import { requireSeed } from '../nn/train/require-seed';
import { readImages } from './network/image-trunk';
import { mappingNetwork } from './network/mapping-network';
import { starganGenerator } from './network/stargan-generator';
import type { StarganTensors } from './network/stargan-network';
import type { StarganModel } from './stargan-model';
import { countDomains, domainsOf } from './stargan-model';

/** The style encoder of a model: a head for each site, or one for all. */
export function starganReader(model: StarganModel, networks: StarganTensors): StyleReader {
  const domains = domainsOf(model);
  const heads = countDomains(domains, model.sites);
  return {
    model,
    heads,
    given: (reference, run) => givenImages(imagesKnownTo(model), reference, run),
    headOf: (site) => (domains === 'one' ? 0 : requireSite(model, site)),
    knownHead: (site) => (domains === 'one' ? 0 : model.sites.indexOf(site)),
    headsFor: () => Array.from({ length: heads }, (_, head) => head),
    read: (images, rows) => readImages(networks.style, images, rows),
    make: (images, styles) => starganGenerator(networks.generator, images, styles),
  };
}

/**
 * The style of a site: the mean of its scans, or one that is drawn.
 *
 * @throws ConcordError `unknown-site`; `invalid-option` for a seed that is none.
 */
export async function styleOfSite(
  model: StarganModel,
  networks: StarganTensors,
  { site, styleSeed }: SiteStyle,
): Promise<ChosenStyle> {
  const at = requireSite(model, site);
  const known = { range: rangeOfSite(model, site), name: site, issues: [] };
  if (styleSeed === undefined) return { ...known, style: Float32Array.from(model.styles[at].style) };
  requireSeed(styleSeed);
  const drawn = tidy(() => {
    const latents = normalNoise<Rank.R2>(makeRandom(styleSeed), [1, model.architecture.latentSize]);
    return mappingNetwork(networks.mapping, latents, oneHot([at], model.sites.length));
  });
  try {
    return { ...known, style: await numbersOf(drawn) };
  } finally {
    drawn.dispose();
  }
}
