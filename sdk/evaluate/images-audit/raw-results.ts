import type { ImageCohort } from '../../data/cohort';
import { digestOf } from '../../data/digest';
import type { Issue } from '../../data/issue';
import { ConcordError } from '../../errors';
import type { ImageFeatureModel } from '../probes/image-features';
import type { ImageAudit, ImageStateAudit } from './image-audit';
import type { ImageAuditSettings } from './image-audit-options';
import type { JudgedRaw } from './judged-raw';
import type { ImageProbeRun } from './probe-in-folds';
import type { ImageSetDistances } from './set-distances';

/** What is found of raw scans alone. */
export interface RawFindings {
  readonly run?: ImageProbeRun;
  readonly state: ImageStateAudit;
  readonly features?: ImageFeatureModel;
  readonly setFloor?: ImageSetDistances;
  readonly floors: ImageAudit['floors'];
  /** What was noticed meanwhile. */
  readonly issues: readonly Issue[];
}

/** What is inside of {@link JudgedRaw}. */
export type RawResults = JudgedRaw & RawFindings;

/** What the results depend on: scans in their mask, who they are of, the truth, and the settings. */
export function rawDigest(
  { images, participants }: ImageCohort,
  truth: ImageCohort | undefined,
  { method: _, heldOut: __, ...settings }: ImageAuditSettings,
): string {
  const { ids, sites, persons, families, covariates } = participants;
  return digestOf(
    images.data,
    images.mask,
    [ids, sites, persons, covariates, ...(families === undefined ? [] : [families])],
    truth?.images.data,
    truth?.participants.ids,
    settings,
  );
}

/**
 * The results, where they are of these scans.
 *
 * @throws ConcordError `invalid-option` when they are of others, or scans were judged in another way.
 */
export function resultsOf(judged: JudgedRaw, digest: string): RawResults {
  if (judged.digest === digest && 'state' in judged) return judged as RawResults;
  throw new ConcordError(
    'invalid-option',
    'invalid raw: these are results of other scans, or of scans judged with other options (judge the raw scans of this comparison)',
  );
}
