import { bindFeatures } from '../../data/bind-features';
import type { FeatureCohort, ImageCohort } from '../../data/cohort';
import { withFeatures } from '../../data/cohort';
import { takeFeatures } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import type { ProvenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { GivenImages, MadeImages } from '../../nn/images/given-images';
import { backendIssues } from '../../nn/backend/use-backend';
import { givenImages, withMadeImages } from '../../nn/images/given-images';
import type { DdaeModel, ImageScale, VertexScale } from '../ddae-model';
import { requireFiniteFeatures, vertexSource } from './vertex-samples';

/** What a DDAE can be applied to. */
export type DdaeCohort = ImageCohort | FeatureCohort;

/** A cohort as a model sees it; ranges only for images. */
export type GivenSamples = GivenImages;

/**
 * The cohort with the features of the model only, in its order; images as they are.
 *
 * @throws ConcordError `unknown-column` when features are missing.
 */
export function boundToModel<Some extends DdaeCohort>(
  model: DdaeModel,
  cohort: Some,
): { readonly cohort: Some; readonly issues: readonly Issue[] };
export function boundToModel(
  { scale }: DdaeModel,
  cohort: DdaeCohort,
): { readonly cohort: DdaeCohort; readonly issues: readonly Issue[] } {
  return cohort.kind === 'features' && scale.kind === 'features'
    ? bindFeatures(cohort, scale.features)
    : { cohort, issues: [] };
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
    const { ids } = cohort.participants;
    return {
      source: vertexSource(ordered, { scale: vertices, length }),
      rows: Int32Array.from(ids.keys()),
      ranges: [],
      left: new Map(),
      issues: [],
      count: ids.length,
      scanOf: (row) => ids[row],
    };
  }
  const { suffix, ...geometry } = scale as ImageScale;
  const trained = { shape: architecture.sampleShape, geometry, suffixes: [suffix], learned: model.learned };
  return givenImages(trained, cohort, { signal: run.signal });
}

/**
 * Puts what the network made in the place of what was given: images in intensities, only inside the brain mask (without
 * one: where the image is not 0); features in their order.
 */
export function madeCohort<Some extends DdaeCohort>(
  model: DdaeModel,
  cohort: Some,
  made: MadeImages,
  record: { readonly step: ProvenanceStep; readonly issues: readonly Issue[] },
): Some;
export function madeCohort(
  model: DdaeModel,
  cohort: DdaeCohort,
  made: MadeImages,
  { step, issues }: { readonly step: ProvenanceStep; readonly issues: readonly Issue[] },
): DdaeCohort {
  if (cohort.kind === 'images') return withMadeImages(cohort, made, { step, issues });
  const { values } = made;
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
  return withFeatures(cohort, { ...cohort.features, values: table }, step, [...backendIssues(), ...issues]);
}
