import type { FeatureCohort } from '../../data/cohort';
import { digestOf } from '../../data/digest';
import type { ImageSource } from '../../data/images/image-source';
import { requirePositions } from '../../data/images/slice-source';
import type { Neighborhood } from '../../data/neighborhood';
import { siteCodes, siteNames } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { graphOrder } from '../../math/graph-order';
import { requireSites } from '../../nn/images/image-samples';
import type { DdaeArchitecture, VertexScale } from '../ddae-model';
import type { Samples } from './samples';
import { advise, call } from '../../remedy';

/** Options of {@link vertexSamples}. */
export interface VertexSamplesOptions {
  readonly neighborhood: Neighborhood | undefined;
  readonly sizes: Pick<DdaeArchitecture, 'patch' | 'multipliers'>;
}

/**
 * Makes samples of vertex values: ordered along the graph, so that what touches is close and halving the sequence joins
 * patches of the surface; each vertex less its mean over the cohort; filled up with zeros to a length that can be halved.
 *
 * @throws ConcordError `invalid-option` without a neighborhood, or of another number of vertices; `too-little-data`;
 * `missing-value` naming subject and feature.
 */
export function vertexSamples(cohort: FeatureCohort, { neighborhood, sizes }: VertexSamplesOptions): Samples {
  const { features, participants } = cohort;
  const { features: names, values, subjects } = features;
  if (neighborhood === undefined || neighborhood.vertices !== names.length) {
    const found = neighborhood === undefined ? 'none' : `one of ${neighborhood.vertices} vertices`;
    throw new ConcordError('invalid-option', `invalid neighborhood: ${found}`, {
      remedy: advise`a DDAE of features needs to know which of the ${names.length} features touch; make the neighborhood with ${call('surfaces.neighborhoodFromTriangles')}`,
    });
  }
  requireSites(siteNames(participants), participants.sites, 'subjects');
  requireFiniteFeatures(cohort);
  const count = subjects.length;
  const width = names.length;
  const means = Array.from({ length: width }, (_, feature) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += values[row * width + feature];
    return sum / count;
  });
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - means[i % width]) ** 2;
  const spread = Math.sqrt(squares / values.length);
  if (!(spread > 0)) {
    throw new ConcordError('too-little-data', 'all subjects have the same values: there is nothing to learn');
  }
  const order = Array.from(graphOrder(neighborhood));
  const scale: VertexScale = { kind: 'features', features: names, order, means, spread };
  const unit = sizes.patch * 2 ** (sizes.multipliers.length - 1);
  const length = unit * Math.ceil(width / unit);
  return {
    sampleShape: [length, 1],
    source: vertexSource(cohort, { scale, length }),
    asElsewhere: exchangeSites(cohort, { scale, length }),
    rows: Int32Array.from(subjects.keys()),
    places: subjects.map(() => 0),
    participants,
    subjects: participants.persons,
    scale,
    digest: digestOf(names, order, Array.from(values)),
    provenance: cohort.provenance,
    issues: cohort.issues,
  };
}

/** Takes the mean map of a sequence's site off it and puts that of a site drawn at random on it. */
function exchangeSites(
  { features: { values, features: names }, participants }: FeatureCohort,
  { scale: { order, spread }, length }: { readonly scale: VertexScale; readonly length: number },
): Samples['asElsewhere'] {
  const sites = siteNames(participants);
  const siteOf = siteCodes(participants, sites);
  const siteMeans = sites.map((_, site) => {
    const rows = [...siteOf.keys()].filter((row) => siteOf[row] === site);
    return order.map((feature) => {
      const sum = rows.reduce((total, row) => total + values[row * names.length + feature], 0);
      return sum / rows.length / spread;
    });
  });
  return (sequences, rows, random) => {
    const seen = sequences.slice();
    rows.forEach((row, i) => {
      const other = siteMeans[Math.floor(random.uniform() * sites.length)];
      const own = siteMeans[siteOf[row]];
      for (let place = 0; place < order.length; place++)
        seen[i * length + place] += other[place] - own[place];
    });
    return seen;
  };
}

/** The sequences of a cohort, scaled for the network. */
export function vertexSource(
  { features: { values, features: names, subjects } }: FeatureCohort,
  { scale, length }: { readonly scale: VertexScale; readonly length: number },
): ImageSource {
  const { order, means, spread } = scale;
  return {
    count: subjects.length,
    shape: [length, 1, 1],
    read: (positions) => {
      requirePositions(positions, subjects.length);
      const sequences = new Float32Array(positions.length * length);
      Array.from(positions).forEach((row, i) => {
        order.forEach((feature, place) => {
          const value = values[row * names.length + feature];
          sequences[i * length + place] = (value - means[feature]) / spread;
        });
      });
      return Promise.resolve(sequences);
    },
  };
}

/**
 * Checks that no value is missing.
 *
 * @throws ConcordError `missing-value` naming subject and feature.
 */
export function requireFiniteFeatures({
  features: { values, features: names, subjects },
}: FeatureCohort): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const subject = subjects[Math.floor(at / names.length)];
  const column = names[at % names.length];
  throw new ConcordError('missing-value', `invalid value of ${column} for "${subject}": ${values[at]}`, {
    where: { subject, column },
    remedy: advise`networks need every value; leave the row or the feature out`,
  });
}
