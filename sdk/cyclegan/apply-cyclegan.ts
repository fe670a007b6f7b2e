import type { Tensor4D } from '@tensorflow/tfjs-core';
import { concat, gather, tidy } from '@tensorflow/tfjs-core';
import { requireCall } from '../data/calls/require-call';
import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import { modelDigest } from '../data/digest';
import type { WeightArray } from '../data/networks/weights';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { givenImages, withMadeImages } from '../nn/images/given-images';
import { guidedRecord, requireGuided } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import { rowsTensor, throughBatches, withWeights } from '../nn/images/image-model';
import { imagesKnownTo, rangeOfSite } from '../nn/images/site-model';
import type { CycleganModel } from './cyclegan-model';
import { cycleGenerator } from './network/cycle-generator';
import type { CycleganTensors, CycleganWeights } from './network/cyclegan-network';
import type { Passage } from './pairs';
import { pairsOf, wayBetween } from './pairs';
import { requireApplicable } from './require-applicable';

/** Options of {@link applyCyclegan}. */
export interface ApplyCycleganOptions extends RunOptions, GuidedOptions {
  /** The site that images are to look like. */
  readonly site: string;
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/**
 * Harmonizes images by CycleGANs: by the generator from the site of each image to the target, or by two of them where
 * the model has a hub and neither is it. Images of the target itself are changed in scale only.
 *
 * @returns the cohort with images as if scanned at the target, in its intensities; what is outside the brain mask (without one:
 * where the image is 0) stays as it was, with issues for scans unlike those that the model learned from
 * @throws ConcordError `unknown-site` for a target, or a site of images, that the model does not know; `invalid-option` when
 * images do not fit the model; `invalid-voxels`, `aborted`.
 */
export async function applyCyclegan(
  model: CycleganModel,
  cohort: ImageCohort,
  options: ApplyCycleganOptions,
): Promise<ImageCohort> {
  requireCall('baselines.applyCyclegan', { model, cohort, options });
  const { site, batchSize = 32, guided, ...run } = options;
  requireGuided(guided);
  const { participants } = cohort;
  const target = requireApplicable(model, participants, site);
  requireOneSuffix('applyCyclegan', cohort);
  const pairs = pairsOf(model.sites, model.hub);
  const wayOf = model.sites.map((_, from) => wayBetween(pairs, from, target));
  return withWeights(generatorsOn(wayOf.flat(), model), async (networks) => {
    const given = await givenImages(imagesKnownTo(model), cohort, { signal: run.signal });
    const { source, rows } = given;
    const siteOf = Array.from(rows, (row) => model.sites.indexOf(participants.sites[row]));
    const { values } = await throughBatches(
      { ...given, label: 'harmonizing', batchSize },
      async (positions) => {
        const images = await source.read(positions);
        return tidy(() => {
          const x = rowsTensor<Tensor4D>(images, source.shape);
          return bySite(
            x,
            positions.map((position) => siteOf[position]),
            (part, from) => along(wayOf[from], networks, part),
          );
        });
      },
      run,
    );
    const step = provenanceStep('applyCyclegan', {
      target: site,
      ...guidedRecord(options),
      model: modelDigest(model, whatDecides),
    });
    const ranges = participants.ids.map(() => rangeOfSite(model, site));
    return withMadeImages(
      cohort,
      { values, ranges, from: given.ranges, left: given.left, guided },
      { step, issues: given.issues },
    );
  });
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, geometry, sites, hub, weights }: CycleganModel): unknown {
  return { architecture, geometry, sites, hub, weights };
}

/** The generators of some passages: the others, and all critics, need not be on the backend. */
function generatorsOn(
  passages: readonly Passage[],
  { weights }: CycleganModel,
): CycleganWeights<WeightArray> {
  const names = new Set(passages.map(({ pair }) => `generators${pair}`));
  return Object.fromEntries(
    Object.entries(weights).filter(([name]) => names.has(name)),
  ) as CycleganWeights<WeightArray>;
}

function along(way: readonly Passage[], networks: CycleganTensors, images: Tensor4D): Tensor4D {
  return way.reduce(
    (x, { pair, direction }) => cycleGenerator(networks[`generators${pair}`][direction], x),
    images,
  );
}

/** Makes something of the images of each site, and puts it in the order of the images. */
function bySite(
  images: Tensor4D,
  sites: readonly number[],
  make: (images: Tensor4D, site: number) => Tensor4D,
): Tensor4D {
  const present = [...new Set(sites)];
  if (present.length === 1) return make(images, present[0]);
  const rowsOf = present.map((site) => [...sites.keys()].filter((row) => sites[row] === site));
  const made = rowsOf.map((rows, i) => make(gather(images, rows), present[i]));
  const order = rowsOf.flat();
  return gather(
    concat(made, 0),
    Array.from(sites.keys(), (row) => order.indexOf(row)),
  );
}
