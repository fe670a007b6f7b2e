import { isNames } from '../data/json';
import type { StoredNetwork } from '../data/networks/stored-network';
import { treeFromTable } from '../nn/weight-trees';
import {
  isRange,
  isRecord,
  isSize as isSizeUpTo,
  requireGeometry,
  requireHistory,
  requirePart,
} from '../nn/stored-parts';
import { requireLearned } from '../nn/input/learned-input-stored';
import type { DdaeArchitecture, DdaeModel, ImageScale, VertexScale } from './ddae-model';
import { initDdae, layOut } from './network/ddae-network';
import { knownLength } from './samples/known-variables';

/**
 * Puts a DDAE together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing or makes no sense, or the arrays are not those of its
 * architecture, or hold what is not a number.
 */
export function ddaeFromStored({ model, weights }: StoredNetwork): DdaeModel {
  const stored = model as unknown as Omit<DdaeModel, 'weights'>;
  const { architecture, diffusion, sites, known, scale, learned } = stored;
  const { training, heldOut, provenance, issues } = stored;
  requirePart(isNames(sites) && sites.length > 1 && Array.isArray(known) && known.every(isRecord), 'sites');
  requireArchitecture(architecture);
  const { times, schedule, prediction } = diffusion ?? {};
  requirePart(isSize(times) && ['linear', 'cosine'].includes(schedule), 'diffusion: schedule');
  requirePart(['epsilon', 'v'].includes(prediction), 'diffusion: prediction');
  requireScale(scale, { sites, length: architecture.sampleShape[0] });
  requireLearned(learned);
  requireHistory({ training, heldOut, provenance, issues }, weights);
  // Sizes are held against an array before anything of these sizes is made: a description can claim anything.
  const deepest = weights.get('denoiser.first.kernel')?.shape;
  requirePart(deepest?.[deepest.length - 1] === architecture.width, 'architecture: width');
  // The initial values are not kept: what counts is the form of the tree.
  const form = initDdae(0, layOut(architecture), knownLength(sites, known));
  return {
    kind: 'ddae',
    architecture,
    diffusion,
    sites,
    known,
    scale,
    ...(learned === undefined ? {} : { learned }),
    weights: treeFromTable(form, weights),
    training,
    heldOut,
    provenance,
    issues,
  };
}

function requireArchitecture(architecture: DdaeArchitecture): void {
  const { sampleShape, multipliers, attentionAt, knownSpread, resampleInBlocks, ...sizes } =
    architecture ?? {};
  const lists = [sampleShape, multipliers, attentionAt].every(Array.isArray);
  requirePart(lists && [2, 3].includes(sampleShape.length), 'architecture');
  requirePart([...sampleShape, ...multipliers, ...attentionAt].every(isSize), 'architecture');
  const names = ['patch', 'width', 'blocks', 'heads', 'groups', 'unknownSize', 'knownSize'] as const;
  for (const name of names) requirePart(isSize(sizes[name]), `architecture: ${name}`);
  requirePart(Number.isFinite(knownSpread) && knownSpread >= 0, 'architecture: knownSpread');
  requirePart(typeof resampleInBlocks === 'boolean' && sizes.blocks <= 64, 'architecture');
}

function requireScale(
  scale: ImageScale | VertexScale,
  { sites, length }: { readonly sites: readonly string[]; readonly length: number },
): void {
  requirePart(isRecord(scale) && ['images', 'features'].includes(scale.kind), 'scale');
  if (scale.kind === 'images') {
    const { siteRanges, suffix } = scale;
    requireGeometry(scale, 'scale');
    requirePart(typeof suffix === 'string', 'scale: suffix');
    requirePart(Array.isArray(siteRanges) && siteRanges.length === sites.length, 'scale: siteRanges');
    requirePart(siteRanges.every(isRange), 'scale: siteRanges');
    return;
  }
  const { features, order, means, spread } = scale;
  requirePart(isNames(features) && spread > 0, 'scale: features');
  requirePart(Array.isArray(order) && Array.isArray(means) && means.every(Number.isFinite), 'scale: means');
  requirePart(order.length === features.length && means.length === features.length, 'scale: order');
  const places = new Set(order);
  requirePart(features.every((_, i) => places.has(i)) && order.length <= length, 'scale: order');
}

function isSize(value: unknown): boolean {
  return isSizeUpTo(value, 1_000_000);
}
