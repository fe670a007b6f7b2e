import type { FeatureCohort, ImageCohort } from '../data/cohort';
import { withFeatures, withImages } from '../data/cohort';
import { takeFeatures } from '../data/feature-matrix';
import { makeImageSet } from '../data/image-set';
import type { ImageSource } from '../data/image-source';
import type { Issue } from '../data/issue';
import { imageSource } from '../data/memory-source';
import type { ProvenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { DdaeModel, ImageScale, VertexScale } from './ddae-model';
import { pixelSizeOf, sameSize } from './image-samples';
import type { IntensityRange } from './scan-intensity';
import { fromUnit, measureScanRanges, scaledSource } from './scan-intensity';
import { requireFiniteFeatures, vertexSource } from './vertex-samples';

/** What a DDAE can be applied to. */
export type DdaeCohort = ImageCohort | FeatureCohort;

/** A cohort as a model sees it. */
export interface GivenSamples {
  readonly source: ImageSource;
  /** The participant's row of each sample. */
  readonly rows: Int32Array;
  /** For images the range of each participant's scan. */
  readonly ranges: readonly IntensityRange[];
}

/**
 * Scales a cohort as the model was trained.
 *
 * @throws ConcordError `invalid-option` when it is of another kind, size, plane, pixel size or contrast than the model's;
 * `unknown-column` when features are missing; `invalid-voxels`; `missing-value`.
 */
export async function givenSamples(
  model: DdaeModel,
  cohort: DdaeCohort,
  run: RunOptions,
): Promise<GivenSamples> {
  const { scale, architecture } = model;
  if (cohort.kind !== scale.kind) {
    throw new ConcordError(
      'invalid-option',
      `invalid cohort: the model was fitted on ${scale.kind}, this is ${cohort.kind}`,
    );
  }
  if (cohort.kind === 'features') {
    const vertices = scale as VertexScale;
    const ordered = { ...cohort, features: takeFeatures(cohort.features, vertices.features) };
    requireFiniteFeatures(ordered);
    const length = architecture.sampleShape[0];
    return {
      source: vertexSource(ordered, { scale: vertices, length }),
      rows: Int32Array.from(cohort.participants.ids.keys()),
      ranges: [],
    };
  }
  requireFittingImages(model, scale as ImageScale, cohort);
  const source = imageSource(cohort);
  const ranges = await measureScanRanges(source, { signal: run.signal });
  const rowOf = new Map(cohort.participants.ids.map((id, row) => [id, row]));
  const rows = Int32Array.from(source.slices, ({ scan }) => rowOf.get(scan) ?? -1);
  return { source: scaledSource(source, ranges), rows, ranges };
}

function requireFittingImages(
  { architecture }: DdaeModel,
  { plane, pixelSize, suffix }: ImageScale,
  { images, suffixes }: ImageCohort,
): void {
  const found = images.shape.slice(1);
  if (found.join() !== architecture.sampleShape.join()) {
    throw new ConcordError(
      'invalid-option',
      `images of ${found.join(' × ')} do not fit the model, which was trained on ${architecture.sampleShape.join(' × ')} ` +
        '(rows × columns × channels; cut them to that size with toImages)',
    );
  }
  requireSuffix(suffix, suffixes);
  for (const slice of images.slices) {
    const size = pixelSizeOf(slice);
    if (slice.plane === plane && sameSize(size, pixelSize)) continue;
    throw new ConcordError(
      'invalid-option',
      `${slice.plane} slices with pixels of ${size.join(' × ')} mm do not fit the model, which was trained on ${plane} ` +
        `slices with pixels of ${pixelSize.join(' × ')} mm (resample the scans, or train on such)`,
      { where: { subject: slice.scan } },
    );
  }
}

/**
 * Checks that scans measured what those measured that a model was trained on, as far as both are known.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireSuffix(suffix: string, suffixes: readonly string[]): void {
  const other = suffixes.find((given) => given !== '' && suffix !== '' && given !== suffix);
  if (other === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `${other} scans do not fit the model, which was trained on ${suffix} scans`,
  );
}

/** What the network made of a cohort, sample after sample, still in the network's scale. */
export interface Made {
  readonly values: Float32Array;
  /** The intensities to give each participant's images in. */
  readonly ranges: readonly IntensityRange[];
}

/**
 * Puts what the network made in the place of what was given: images in intensities, only inside the brain mask (without
 * one: where the image is not 0); features in their order.
 */
export function madeCohort<Some extends DdaeCohort>(
  model: DdaeModel,
  cohort: Some,
  made: Made,
  record: { readonly step: ProvenanceStep; readonly issues: readonly Issue[] },
): Some;
export function madeCohort(
  model: DdaeModel,
  cohort: DdaeCohort,
  { values, ranges }: Made,
  { step, issues }: { readonly step: ProvenanceStep; readonly issues: readonly Issue[] },
): DdaeCohort {
  if (cohort.kind === 'images') {
    const { images, participants } = cohort;
    const { data, mask, shape, slices } = images;
    const channels = shape[3];
    const size = shape[1] * shape[2] * channels;
    const rowOf = new Map(participants.ids.map((id, row) => [id, row]));
    const out = data.slice();
    slices.forEach(({ scan }, image) => {
      const range = ranges[rowOf.get(scan) ?? -1];
      for (let at = image * size; at < (image + 1) * size; at++) {
        // The mask is that of the middle channel; its neighbours are told by what they show.
        const inside =
          mask === undefined || channels > 1 ? data[at] !== 0 : mask[Math.floor(at / channels)] !== 0;
        if (inside) out[at] = fromUnit(values[at], range);
      }
    });
    const kept = mask === undefined ? {} : { mask };
    return withImages(cohort, makeImageSet(out, shape, { slices, ...kept }), step, issues);
  }
  const { order, means, spread, features } = model.scale as VertexScale;
  const { features: names } = cohort.features;
  const column = new Map(names.map((name, at) => [name, at]));
  const length = model.architecture.sampleShape[0];
  const table = cohort.features.values.slice();
  for (let row = 0; row < cohort.features.subjects.length; row++) {
    order.forEach((feature, place) => {
      const at = row * names.length + (column.get(features[feature]) ?? -1);
      table[at] = means[feature] + spread * values[row * length + place];
    });
  }
  return withFeatures(cohort, { ...cohort.features, values: table }, step, issues);
}
