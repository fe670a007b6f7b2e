import type { ImageCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { categorical, continuous } from '../../data/people/covariate';
import type { ImageSet, SliceRecord } from '../../data/images/image-set';
import type { Issue } from '../../data/issue';
import { isIssue } from '../../data/issue';
import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import type { Participants } from '../../data/people/participants';
import { makeParticipants } from '../../data/people/participants';
import type { Provenance } from '../../data/provenance';
import { isProvenance } from '../../data/provenance';
import type { Grid } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import type { StoredCovariate, StoredRecord } from './images-record';
import { malformedImagesRecord, requireRecord } from './images-record';
import { shortJson } from '../../data/short-json';

/** The version of the record this package writes and reads. */
const schema = 1;

/** What the record of a folder of images says. */
export interface ImagesRecord {
  readonly participants: Participants;
  readonly subjects: readonly string[];
  readonly suffixes: readonly string[];
  readonly shape: ImageSet['shape'];
  readonly masked: boolean;
  readonly slices: readonly SliceRecord[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

/** The record of a cohort of images, everything but the pixels. */
export function imagesToJson(cohort: ImageCohort): JsonObject {
  const { participants, subjects, suffixes, images, provenance, issues } = cohort;
  const numberOf = new Map(participants.ids.map((id, row) => [id, row]));
  const grids = new Map<string, { readonly grid: Grid; readonly number: number }>();
  const slices = images.slices.map(({ scan, grid, ...rest }) => {
    const key = JSON.stringify(grid);
    const known = grids.get(key) ?? { grid, number: grids.size };
    grids.set(key, known);
    return { ...rest, scan: numberOf.get(scan), grid: known.number };
  });
  const record = {
    kind: 'concord-images',
    schema,
    shape: images.shape,
    masked: images.mask !== undefined,
    participants: {
      ids: participants.ids,
      sites: participants.sites,
      subjects,
      families: participants.families,
      suffixes,
      covariates: participants.covariates.map(storedCovariate),
    },
    grids: [...grids.values()].map(({ grid }) => grid),
    slices,
    provenance,
    issues,
  };
  return JSON.parse(JSON.stringify(record)) as JsonObject;
}

function storedCovariate(covariate: Covariate): JsonObject {
  if (covariate.kind === 'categorical') {
    const { name, levels, codes } = covariate;
    return { name, levels, values: Array.from(codes, (code) => (code < 0 ? null : levels[code])) };
  }
  const { name, unit, values } = covariate;
  const numbers = Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  return { name, ...(unit === undefined ? {} : { unit }), values: numbers };
}

/**
 * Reads a record back.
 *
 * @throws ConcordError `malformed-image` when it is not one, is of a later version, or parts of it do not fit.
 */
export function imagesFromJson(json: unknown): ImagesRecord {
  if (!isJsonObject(json) || json['kind'] !== 'concord-images') {
    throw malformedImagesRecord('its kind is not "concord-images"');
  }
  const { schema: found } = json;
  if (found !== schema) {
    throw malformedImagesRecord(
      `its schema is ${shortJson(found)} and this version of concord-mri reads ${schema}`,
    );
  }
  const record: object = json;
  requireRecord(record);
  const { participants: people, grids, shape, masked, provenance, issues } = record;
  if (!isProvenance(provenance)) throw malformedImagesRecord('its provenance is not a list of steps');
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw malformedImagesRecord('its issues are not those of a cohort');
  const slices = record.slices.map(({ plane, index, position, offset, scan, grid }): SliceRecord => {
    const { shape: sizes, affine } = grids[grid];
    return { scan: people.ids[scan], plane, index, position, offset, grid: { shape: sizes, affine } };
  });
  const { subjects, suffixes } = people;
  const participants = participantsOf(people);
  return { participants, subjects, suffixes, shape, masked, slices, provenance, issues };
}

function participantsOf(people: StoredRecord['participants']): Participants {
  try {
    return makeParticipants(people.ids, people.sites, people.covariates.map(covariateOf), {
      persons: people.subjects,
      families: people.families,
    });
  } catch (cause) {
    throw cause instanceof ConcordError ? malformedImagesRecord(cause.problem) : cause;
  }
}

function covariateOf(stored: StoredCovariate): Covariate {
  const { name, unit, levels, values } = stored;
  if (levels !== undefined) return categorical(name, values as readonly (string | null)[], levels);
  return continuous(name, values.map((value) => value ?? NaN) as number[], unit);
}
