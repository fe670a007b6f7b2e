import { ConcordError } from '../errors';
import type { FeatureMatrix } from './feature-matrix';
import { takeFeatures, takeRows } from './feature-matrix';
import type { ImageSet } from './images/image-set';
import { takeImages } from './images/image-set';
import type { Issue } from './issue';
import type { ParticipantTest } from './people/participant-row';
import { rowsThatPass } from './people/participant-row';
import type { Participants, WithParticipants } from './people/participants';
import { participantsOf, takeParticipants, withPersons } from './people/participants';
import type { Provenance, ProvenanceStep } from './provenance';
import type { Scan } from './images/scan';
import { personOf } from './images/scan';
import type { CohortSource } from './images/slice-source';
import { advise, option } from '../remedy';
import type { TableReading } from './table-reading';
import { requireCall } from './calls/require-call';

/** A cohort whose payload is a table of features: thicknesses, volumes, vertex values. Immutable. */
export interface FeatureCohort {
  readonly kind: 'features';
  readonly participants: Participants;
  /** One row per participant, in the same order. */
  readonly features: FeatureMatrix;
  /** How it was made, oldest step first. */
  readonly provenance: Provenance;
  /** What was noticed on the way. */
  readonly issues: readonly Issue[];
  /** How its table was read, where it comes from one. */
  readonly reading?: TableReading;
}

/**
 * A cohort whose payload is scans, each opened when it is needed: a thousand of them cost no memory. One row of
 * participants per scan; a person scanned at several sites has several rows. Immutable.
 */
export interface VolumeCohort {
  readonly kind: 'volumes';
  readonly participants: Participants;
  /** One scan per participant, in the same order. */
  readonly scans: readonly Scan[];
  /** How it was made, oldest step first; each volume, once open, has its own. */
  readonly provenance: Provenance;
  /** What was noticed on the way. */
  readonly issues: readonly Issue[];
}

/** A cohort whose payload is slices, several per participant. Immutable. */
export interface ImageCohort {
  readonly kind: 'images';
  readonly participants: Participants;
  /** The person of each participant's scan: the same at several rows where a person was scanned several times. */
  readonly subjects: readonly string[];
  /** What each participant's scan measured, by its BIDS suffix (`T1w` …); empty where that is not known. */
  readonly suffixes: readonly string[];
  /** Each image names its scan, which is the id of its participant; the images of one are together, in row order. */
  readonly images: ImageSet;
  /** How it was made, oldest step first. */
  readonly provenance: Provenance;
  /** What was noticed on the way. */
  readonly issues: readonly Issue[];
}

/** Any cohort: participants and one payload. */
export type Cohort = FeatureCohort | VolumeCohort | ImageCohort;

/** The cohort with a payload of that kind. */
export type CohortOf<Kind extends Cohort['kind']> = Extract<Cohort, { readonly kind: Kind }>;

/** Whether images come with their participants: both are of the kind `images`, since whatever draws images takes both. */
export function isImageCohort(images: ImageSet | ImageCohort): images is ImageCohort {
  return 'participants' in images;
}

/** What a cohort may carry besides participants and payload. */
export interface CohortRecord {
  readonly provenance?: Provenance;
  readonly issues?: readonly Issue[];
}

/** What {@link makeFeatureCohort} takes besides participants and features. */
export interface FeatureCohortRecord extends CohortRecord {
  /** How its table was read. */
  readonly reading?: TableReading;
}

/**
 * Joins participants and features into a cohort.
 *
 * @param of - participants, or a cohort that has them
 * @throws ConcordError `invalid-option` when the ids of both do not agree row by row.
 *
 * @example
 * ```ts
 * const cohort = makeFeatureCohort(participants, features);
 * ```
 */
export function makeFeatureCohort(
  of: WithParticipants,
  features: FeatureMatrix,
  record: FeatureCohortRecord = {},
): FeatureCohort {
  requireCall('makeFeatureCohort', { of, features, record });
  const participants = participantsOf<Participants>(of);
  const { ids } = participants;
  if (ids.length !== features.subjects.length || ids.some((id, row) => id !== features.subjects[row])) {
    throw new ConcordError(
      'invalid-option',
      'invalid cohort: participants and feature matrix do not list the same subjects in the same order',
    );
  }
  const { provenance = [], issues = [], reading } = record;
  const cohort = { kind: 'features', participants, features, provenance, issues } as const;
  return reading === undefined ? cohort : { ...cohort, reading };
}

/** The cohort with other values of the same subjects, one more provenance step, and any new issues. */
export function withFeatures(
  cohort: FeatureCohort,
  features: FeatureMatrix,
  step: ProvenanceStep,
  issues: readonly Issue[] = [],
): FeatureCohort {
  return makeFeatureCohort(cohort.participants, features, {
    provenance: [...cohort.provenance, step],
    issues: [...cohort.issues, ...issues],
    reading: cohort.reading,
  });
}

/**
 * Joins participants and scans into a cohort. Its persons are those that the scans name.
 *
 * @param of - participants, or a cohort that has them
 * @throws ConcordError `invalid-option` when the ids of both do not agree row by row.
 *
 * @example
 * ```ts
 * const sameScans = makeVolumeCohort(otherParticipants, cohort.scans);
 * ```
 */
export function makeVolumeCohort(
  of: WithParticipants,
  scans: readonly Scan[],
  record: CohortRecord = {},
): VolumeCohort {
  requireCall('makeVolumeCohort', { of, scans, record });
  const participants = participantsOf<Participants>(of);
  const { ids } = participants;
  if (ids.length !== scans.length || ids.some((id, row) => id !== scans[row].id)) {
    throw new ConcordError(
      'invalid-option',
      'invalid cohort: participants and scans do not list the same ids in the same order',
    );
  }
  const { provenance = [], issues = [] } = record;
  const known = withPersons(participants, scans.map(personOf));
  return { kind: 'volumes', participants: known, scans, provenance, issues };
}

/** What {@link makeImageCohort} takes besides participants and images. */
export interface ImageCohortRecord extends CohortRecord {
  /**
   * The person of each participant's scan.
   *
   * @defaultValue the participants' persons
   */
  readonly subjects?: readonly string[];
  /**
   * What each participant's scan measured: `T1w`, `T2w` …
   *
   * @defaultValue not known
   */
  readonly suffixes?: readonly string[];
}

/**
 * Joins participants and their slices into a cohort.
 *
 * @param of - participants, or a cohort that has them
 * @throws ConcordError `invalid-option` when a participant has no image, an image belongs to nobody, or the images are
 * not in the order of the participants.
 *
 * @example
 * ```ts
 * const cohort = makeImageCohort(participants, images);
 * ```
 */
export function makeImageCohort(
  of: WithParticipants,
  images: ImageSet,
  record: ImageCohortRecord = {},
): ImageCohort {
  requireCall('makeImageCohort', { of, images, record });
  const participants = participantsOf<Participants>(of);
  const { ids, persons } = participants;
  const { subjects = persons, suffixes = ids.map(() => ''), provenance = [], issues = [] } = record;
  const scans = images.slices
    .map((slice) => slice.scan)
    .filter((scan, image) => image === 0 || scan !== images.slices[image - 1].scan);
  const sizes = [subjects.length, suffixes.length, scans.length];
  if (sizes.some((size) => size !== ids.length) || ids.some((id, i) => id !== scans[i])) {
    throw new ConcordError(
      'invalid-option',
      'invalid cohort: every participant needs images, together and in the order of the participants',
    );
  }
  return {
    kind: 'images',
    participants: withPersons(participants, subjects),
    subjects,
    suffixes,
    images,
    provenance,
    issues,
  };
}

/** The cohort with other intensities in the same images, one more provenance step, and any new issues. */
export function withImages(
  cohort: ImageCohort,
  images: ImageSet,
  step: ProvenanceStep,
  issues: readonly Issue[] = [],
): ImageCohort {
  return makeImageCohort(cohort.participants, images, {
    subjects: cohort.subjects,
    suffixes: cohort.suffixes,
    provenance: [...cohort.provenance, step],
    issues: [...cohort.issues, ...issues],
  });
}

/** For each participant of an image cohort the positions of its images: its first, and one past its last. */
export function imageRanges(cohort: ImageCohort): readonly (readonly [from: number, to: number])[] {
  const { slices } = cohort.images;
  const ranges: (readonly [number, number])[] = [];
  let from = 0;
  for (let at = 1; at <= slices.length; at++) {
    if (at < slices.length && slices[at].scan === slices[from].scan) continue;
    ranges.push([from, at]);
    from = at;
  }
  return ranges;
}

/**
 * The cohort of some of its rows, copied: those that pass a test, in their order, or those of these numbers, in that order.
 *
 * @param which - a test of each participant, or row numbers from 0, each at most once, since ids are unique
 * @throws ConcordError `invalid-option` when a row is not there or asked for twice, or when a test gives something else than
 * true or false; `unknown-column` when a test asks for a covariate that is not there.
 * @example
 * ```ts
 * const old = takeSubjects(cohort, ({ site, continuous }) => site === 'Guys' && continuous('age') > 60);
 * const first = takeSubjects(cohort, [0, 1, 2]);
 * ```
 */
export function takeSubjects<Some extends Cohort>(
  cohort: Some,
  which: ParticipantTest | ArrayLike<number>,
): Some;
export function takeSubjects(cohort: Cohort, which: ParticipantTest | ArrayLike<number>): Cohort {
  requireCall('takeSubjects', { cohort, which });
  const rows = typeof which === 'function' ? rowsThatPass(cohort.participants, which) : which;
  const count = cohort.participants.ids.length;
  const taken = new Uint8Array(count);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!(Number.isInteger(row) && row >= 0 && row < count)) {
      throw new ConcordError('invalid-option', `invalid row: ${row} (rows 0 to ${count - 1} exist)`);
    }
    if (taken[row] === 1) {
      throw new ConcordError('invalid-option', `invalid rows: ${row} is listed twice (each is allowed once)`);
    }
    taken[row] = 1;
  }
  const participants = takeParticipants(cohort.participants, rows);
  switch (cohort.kind) {
    case 'features':
      return { ...cohort, participants, features: takeRows(cohort.features, rows) };
    case 'volumes':
      return { ...cohort, participants, scans: Array.from(rows, (row) => cohort.scans[row]) };
    case 'images': {
      const ranges = imageRanges(cohort);
      const positions = Array.from(rows).flatMap((row) => {
        const [from, to] = ranges[row];
        return Array.from({ length: to - from }, (_, i) => from + i);
      });
      const pick = (of: readonly string[]): string[] => Array.from(rows, (row) => of[row]);
      const subjects = pick(cohort.subjects);
      const suffixes = pick(cohort.suffixes);
      return { ...cohort, participants, subjects, suffixes, images: takeImages(cohort.images, positions) };
    }
  }
}

/**
 * The cohort with only the features of these names, in that order.
 *
 * @throws ConcordError `unknown-column` naming the first feature that is not there; `invalid-option` when one is named
 * twice.
 *
 * @example
 * ```ts
 * const left = selectFeatures(cohort, ['left.fusiform', 'left.cuneus']);
 * ```
 */
export function selectFeatures(cohort: FeatureCohort, names: readonly string[]): FeatureCohort {
  requireCall('selectFeatures', { cohort, names });
  return { ...cohort, features: takeFeatures(cohort.features, names) };
}

/** What the scans of a cohort measured, by their BIDS suffixes: each once, sorted, those not known left out. */
export function suffixesOf(cohort: VolumeCohort | ImageCohort | CohortSource): readonly string[] {
  const all = cohort.kind === 'volumes' ? cohort.scans.map(({ suffix = '' }) => suffix) : cohort.suffixes;
  return [...new Set(all)].filter((suffix) => suffix !== '').sort();
}

/**
 * Checks that all scans of one or more cohorts measured the same, for work that pools or compares their intensities.
 *
 * @throws ConcordError `invalid-option` naming the suffixes when there are several.
 */
export function requireOneSuffix(
  purpose: string,
  ...cohorts: readonly (VolumeCohort | ImageCohort | CohortSource)[]
): void {
  const suffixes = [...new Set(cohorts.flatMap(suffixesOf))].sort();
  if (suffixes.length <= 1) return;
  throw new ConcordError(
    'invalid-option',
    `${purpose} cannot mix ${suffixes.join(' and ')} scans: their intensities mean different things`,
    { remedy: advise`load one of them only, with ${option('suffix', ...suffixes)}` },
  );
}
