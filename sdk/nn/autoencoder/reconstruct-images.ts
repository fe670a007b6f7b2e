import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { withImages } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { makeImageSet } from '../../data/images/image-set';
import { imageSource } from '../../data/images/memory-source';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { requireFiniteImages } from '../../data/images/slice-source';
import type { WeightArray } from '../../data/networks/weights';
import { backendIssues } from '../backend/use-backend';
import type { ScaleChange } from '../images/given-images';
import { requireFittingImages } from '../images/image-geometry';
import { rowsOfSlices } from '../images/image-samples';
import type { IntensityRange } from '../images/scan-intensity';
import { fromUnit, measureScanRanges, toUnit } from '../images/scan-intensity';
import { absoluteRange } from '../input/absolute-ranges';
import type { LearnedInput } from '../input/learned-input';
import { takeIn } from '../input/take-in';
import { rowsTensor, throughBatches, withWeights } from '../images/image-model';
import type { AutoencoderModel } from './autoencoder-model';
import type { AutoencoderWeights } from './autoencoder-network';
import { decodeAutoencoder, encodeAutoencoder } from './autoencoder-network';
import { restoreIntensities, scaleIntensities } from './intensity-scale';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link reconstructImages}. */
export interface ReconstructImagesOptions extends RunOptions {
  /**
   * Images at a time.
   *
   * @defaultValue 32
   */
  readonly batchSize?: number;
}

/**
 * Passes images through the code of an autoencoder and back.
 *
 * @returns the cohort with what the network made of each image, in the intensities of the input; a scan unlike those
 * that it learned from has an issue `unlike-training`
 * @throws ConcordError `invalid-option` when the images are of another size, contrast, plane or pixel size than the
 * model's; `invalid-voxels`; `malformed-model` when it returns what is not a number; `aborted`.
 */
export async function reconstructImages(
  model: AutoencoderModel,
  cohort: ImageCohort,
  options: ReconstructImagesOptions = {},
): Promise<ImageCohort> {
  requireCall('networks.reconstructImages', { model, cohort, options });
  const { batchSize = 32 } = options;
  const { images } = cohort;
  const { architecture, intensity, geometry, suffix, learned } = model;
  requireFittingImages({ shape: architecture.imageShape, geometry, suffixes: [suffix] }, cohort);
  const source = imageSource(cohort);
  requireFiniteImages(images.data, Int32Array.from(images.slices.keys()), source);
  const rows = rowsOfSlices(source);
  const { changes, left, issues } = await broughtRanges(learned, cohort, options);
  const size = source.shape.reduce((product, length) => product * length, 1);
  const bring = (values: Float32Array, positions: readonly number[], back: boolean): Float32Array => {
    positions.forEach((position, i) => {
      const change = changes[rows[position]];
      if (change === undefined) return;
      const [from, to] = back ? [change.to, change.from] : [change.from, change.to];
      for (let at = i * size; at < (i + 1) * size; at++) values[at] = fromUnit(toUnit(values[at], from), to);
    });
    return values;
  };
  const batches = {
    label: 'reconstructing',
    count: source.count,
    batchSize,
    scanOf: (position: number) => images.slices[position].scan,
  };
  return withWeights(model.weights as AutoencoderWeights<WeightArray>, async (weights) => {
    const reconstruct = async (positions: readonly number[]): Promise<Tensor> => {
      const scaled = scaleIntensities(bring(await source.read(positions), positions, false), intensity);
      return tidy(() =>
        decodeAutoencoder(weights, encodeAutoencoder(weights, rowsTensor(scaled, source.shape))),
      );
    };
    const { values } = await throughBatches(batches, reconstruct, options);
    const { mask, slices, shape } = images;
    const all = Array.from(slices.keys());
    const restored = bring(restoreIntensities(values, intensity), all, true);
    for (const [image, share] of left) {
      for (let at = image * size; at < (image + 1) * size; at++)
        restored[at] += share * (images.data[at] - restored[at]);
    }
    const made = makeImageSet(restored, shape, {
      slices,
      mask,
    });
    return withImages(cohort, made, provenanceStep('reconstructImages', { batchSize }), [
      ...backendIssues(),
      ...issues,
    ]);
  });
}

/** How each participant's scan is brought to the scale that the network learned; `undefined` where it has it. */
async function broughtRanges(
  learned: LearnedInput | undefined,
  cohort: ImageCohort,
  run: RunOptions,
): Promise<{
  readonly changes: readonly (ScaleChange | undefined)[];
  readonly left: ReadonlyMap<number, number>;
  readonly issues: readonly Issue[];
}> {
  const { participants, suffixes } = cohort;
  const measured = await measureScanRanges(imageSource(cohort), { signal: run.signal });
  // Drawing a scan again shows what a network knows, also of what it does not: nothing is harmonized.
  const given = { cohort, ranges: measured };
  const { ranges, left, brought, issues } = await takeIn(learned, given, {
    signal: run.signal,
    refuse: false,
  });
  if (learned === undefined) return { changes: [], left, issues };
  const noticed = [...issues];
  const changes = participants.ids.map((id, row) => {
    const from = ranges[row];
    const to = absoluteRange(learned, from, { suffix: suffixes[row], brought: brought.has(row) });
    if (to === from) return undefined;
    if (!brought.has(row)) noticed.push(otherScale(id, from, to));
    return { from, to };
  });
  return { changes, left, issues: noticed };
}

function otherScale(id: string, from: IntensityRange, to: IntensityRange): Issue {
  const span = ({ low, high }: IntensityRange): string => Number((high - low).toPrecision(3)).toString();
  const message = `the intensities of "${id}" span ${span(from)}, those that the model learned from ${span(to)}: they were brought there, and back`;
  return makeIssue('brought-to-training', message, { subject: id });
}
