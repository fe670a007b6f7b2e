import type { Rank } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { RunOptions } from '../data/run-options';
import { makeRandom } from '../math/random';
import { numbersOf } from '../nn/images/numbers-of';
import { normalNoise } from '../nn/ops/normal-noise';
import { oneHot } from '../nn/ops/one-hot';
import type { ChosenStyle } from '../nn/styles/chosen-style';
import type { SiteStyle, StyleChoice } from '../nn/styles/style-choice';
import { requireChoice, requireReference } from '../nn/styles/style-choice';
import type { StyleReader } from '../nn/styles/style-of-reference';
import { styleOfReference } from '../nn/styles/style-of-reference';
import { requireSeed } from '../nn/train/require-seed';
import { domainOf, knownDomain } from './domains';
import { styleEncoder } from './network/style-encoder';
import { siteStyle, styleGenerator } from './network/style-generator';
import type { OpenMurd } from './open-murd';
import { murdImages, remade } from './open-murd';

/**
 * Finds a style.
 *
 * @param suffix - the contrast of what is to be translated, empty where it is not known
 * @throws ConcordError `unknown-site`; `too-little-data` for an empty reference; `invalid-option`, `invalid-voxels`.
 */
export async function chooseStyle(
  open: OpenMurd,
  choice: StyleChoice,
  reading: { readonly suffix: string; readonly batchSize: number } & Pick<RunOptions, 'signal'>,
): Promise<ChosenStyle> {
  requireChoice(choice);
  if ('site' in choice) return styleOfSite(open, choice, reading.suffix);
  requireReference(choice.reference, reading.suffix);
  return styleOfReference(murdReader(open), choice, reading);
}

/** The style encoder of a model, with a head for each domain. */
export function murdReader(open: OpenMurd): StyleReader {
  const { model, weights } = open;
  const { domains } = model;
  return {
    model,
    heads: domains.length,
    given: (reference, run) => murdImages(model, reference, run),
    headOf: (site, contrast) => domainOf(model, site, contrast),
    knownHead: (site, contrast) => knownDomain(model, site, contrast),
    headsFor: (contrast) => {
      const all = Array.from(domains.keys());
      const its = all.filter((domain) => domains[domain].suffix === contrast);
      return its.length === 0 ? all : its;
    },
    read: (images, heads) => styleEncoder(weights.style, images, heads),
    make: (images, styles) => remade(open, images, styles),
  };
}

async function styleOfSite(
  { model, weights }: OpenMurd,
  { site, styleSeed }: SiteStyle,
  suffix: string,
): Promise<ChosenStyle> {
  const domain = domainOf(model, site, suffix);
  if (styleSeed !== undefined) requireSeed(styleSeed);
  const { architecture, domains } = model;
  const made = tidy(() => {
    const row = oneHot([domain], domains.length);
    if (styleSeed === undefined) return siteStyle(weights.styles, architecture, row);
    const latents = normalNoise<Rank.R2>(makeRandom(styleSeed), [1, architecture.latentSize]);
    return styleGenerator(weights.styles, latents, row);
  });
  try {
    const { range } = domains[domain];
    return { style: await numbersOf(made), range, name: site, issues: [] };
  } finally {
    made.dispose();
  }
}
