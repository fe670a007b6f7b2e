import type { StarganWeights } from './stargan-network';
import type { StarganArchitecture } from './stargan-sizes';
import { channelsAt, mappingLayers } from './stargan-sizes';

/**
 * How many numbers each network has to learn, counted from the sizes: of the published ones nothing needs to be drawn, which
 * would take 300 MB.
 *
 * @param domains - 1 for a style-encoding GAN
 */
export function starganParameters(
  architecture: StarganArchitecture,
  domains: number,
): Readonly<Record<keyof StarganWeights<never>, number>> {
  const { latentSize, mappingWidth, styleSize } = architecture;
  const shared =
    linear(latentSize, mappingWidth) + (mappingLayers.shared - 1) * linear(mappingWidth, mappingWidth);
  const own = mappingLayers.own * linear(mappingWidth, mappingWidth) + linear(mappingWidth, styleSize);
  return {
    generator: generator(architecture),
    mapping: shared + domains * own,
    style: trunk(architecture, domains * styleSize),
    critic: trunk(architecture, domains),
  };
}

function generator(architecture: StarganArchitecture): number {
  const { imageShape, width, halvings, middleBlocks, styleSize } = architecture;
  const lowest = channelsAt(architecture, halvings);
  let count = convolution(3, imageShape[2], width) + 2 * width + convolution(1, width, imageShape[2]);
  for (let level = 0; level < halvings; level++) {
    const [wide, narrow] = [channelsAt(architecture, level + 1), channelsAt(architecture, level)];
    count += plainBlock(narrow, wide) + 4 * narrow + steeredBlock(wide, narrow, styleSize);
  }
  return (
    count + middleBlocks * (plainBlock(lowest, lowest) + 4 * lowest + steeredBlock(lowest, lowest, styleSize))
  );
}

function trunk(architecture: StarganArchitecture, outputs: number): number {
  const { imageShape, width, criticHalvings } = architecture;
  const lowest = channelsAt(architecture, criticHalvings);
  let count = convolution(3, imageShape[2], width) + convolution(4, lowest, lowest) + linear(lowest, outputs);
  for (let level = 0; level < criticHalvings; level++) {
    count += plainBlock(channelsAt(architecture, level), channelsAt(architecture, level + 1));
  }
  return count;
}

/** A residual block whose last convolution widens it, without its norms. */
function plainBlock(from: number, to: number): number {
  return convolution(3, from, from) + convolution(3, from, to) + skip(from, to);
}

/** A residual block whose first convolution narrows it, with the maps from the style to its norms. */
function steeredBlock(from: number, to: number, styleSize: number): number {
  const norms = linear(styleSize, 2 * from) + linear(styleSize, 2 * to);
  return convolution(3, from, to) + convolution(3, to, to) + skip(from, to) + norms;
}

function skip(from: number, to: number): number {
  return from === to ? 0 : from * to;
}

function convolution(side: number, from: number, to: number): number {
  return side * side * from * to + to;
}

function linear(from: number, to: number): number {
  return from * to + to;
}

/** How many numbers each network has to learn, in words: `generator 33.9, mapping network 1.62, … million weights`. */
export function parametersInWords(architecture: StarganArchitecture, domains: number): string {
  const { generator: made, mapping, style, critic } = starganParameters(architecture, domains);
  const millions = (count: number): string => {
    const found = count / 1e6;
    return found < 0.1 ? found.toPrecision(1) : found.toPrecision(3);
  };
  return (
    `generator ${millions(made)}, mapping network ${millions(mapping)}, style encoder ${millions(style)} and ` +
    `discriminator ${millions(critic)} million weights`
  );
}
