import type { IntensityMethod, IntensityModel } from '../baselines/intensity-model';
import { intensityHarmonizer } from '../baselines/intensity-harmonizer';
import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { distinctIssues } from '../data/issue';
import { ConcordError } from '../errors';
import { evaluateImages } from '../evaluate/images-audit/evaluate-images';
import type { SimpleImageMethod } from '../evaluate/images-audit/evaluate-images';
import type { ImageAudit } from '../evaluate/images-audit/image-audit';
import type { EvaluateImagesOptions } from '../evaluate/images-audit/image-audit-options';
import { imageAuditSettings } from '../evaluate/images-audit/image-audit-options';
import { usualBaselines } from '../methods/intensity-methods';
import { matchParticipants, onlyThere } from '../evaluate/matching/match-participants';
import type { AlikeSlicesOptions } from '../preprocess/slices/cut-alike';
import { cutAlike } from '../preprocess/slices/cut-alike';
import { advise, call } from '../remedy';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link auditImages}. */
export interface AuditImagesOptions extends EvaluateImagesOptions {
  /**
   * Intensity normalizations to compare with, fitted on the raw scans: of the target where there is one, else of all.
   * Each takes as long as the harmonized scans do.
   *
   * @defaultValue `['z-score', 'nyul']`
   */
  readonly baselines?: readonly IntensityMethod[];
  /** How whole scans are cut into slices. */
  readonly slices?: AlikeSlicesOptions;
}

/**
 * Audits images harmonized by whatever means, as `auditTable` does tables: is the site gone, judged by a network
 * trained anew on raw and on harmonized images, beside what the mask alone and covariates alone give away; are biology
 * and persons still there; where persons were scanned at the target too, how near scans come to their own there, beside
 * a repeated scan; how far the images are from real ones; all beside simple normalizations. Whole scans are cut into
 * slices, a pair at a time, at the same positions before and after.
 *
 * @param before - raw slices or scans; their sites, persons and covariates count
 * @param after - the same scans harmonized: matched by id, on the same grid
 * @throws ConcordError `invalid-option` when no scan is in both; `different-grids` when a scan is on another grid after
 * than before; `invalid-voxels`, `too-little-data`, `unknown-column`, `unknown-site`, `aborted`.
 *
 * @example
 * ```ts
 * const audit = await auditImages(slices, await harmonizeDdae(model, slices, { target: 'HH' }), { target: 'HH' });
 * console.log(formatAudit(audit));
 * ```
 */
export async function auditImages(
  before: ImageCohort,
  after: ImageCohort,
  options?: AuditImagesOptions,
): Promise<ImageAudit>;
export async function auditImages(
  before: VolumeCohort,
  after: VolumeCohort,
  options?: AuditImagesOptions,
): Promise<ImageAudit>;
export async function auditImages(
  before: ImageCohort | VolumeCohort,
  after: ImageCohort | VolumeCohort,
  options: AuditImagesOptions = {},
): Promise<ImageAudit> {
  requireCall('auditImages', { before, after, options });
  const { baselines = usualBaselines, target } = options;
  // Wrong options are said before any scan is read.
  imageAuditSettings(before, options);
  const { images, issues } = await slicesOf(before, after, options);
  const simple = new Map(
    baselines.map((method) => {
      const harmonizer = intensityHarmonizer(method, { kind: 'images' });
      return [harmonizer.name, simpleMethod(harmonizer, target)];
    }),
  );
  const audit = await evaluateImages(images, simple, options);
  return { ...audit, issues: distinctIssues([...issues, ...audit.issues]) };
}

async function slicesOf(
  before: ImageCohort | VolumeCohort,
  after: ImageCohort | VolumeCohort,
  options: AuditImagesOptions,
): Promise<{ readonly images: readonly [ImageCohort, ImageCohort]; readonly issues: readonly Issue[] }> {
  if (before.kind === 'images' && after.kind === 'images') return { images: [before, after], issues: [] };
  if (before.kind === 'volumes' && after.kind === 'volumes') {
    const { kept, rows, only } = matchParticipants(before.participants, after.participants, 'cohort');
    const { signal, onProgress, slices } = options;
    const pair = await cutAlike(takeSubjects(before, kept), takeSubjects(after, rows), {
      ...slices,
      signal,
      onProgress,
    });
    return {
      images: [pair.before, pair.after],
      issues: onlyThere('unmatched-subject', only, { one: 'scan', where: 'cohort' }),
    };
  }
  throw new ConcordError(
    'invalid-option',
    `cannot compare ${before.kind} with ${after.kind} (both must be slices, or both whole scans)`,
    { remedy: advise`cut both with ${call('toImages')}, in the same way` },
  );
}

function simpleMethod(
  harmonizer: Harmonizer<IntensityModel, 'images'>,
  target: string | undefined,
): SimpleImageMethod {
  return async (raw, run) => {
    const known = target !== undefined && raw.participants.sites.includes(target);
    const model = await harmonizer.fit(raw, run);
    return harmonizer.apply(model, raw, { ...run, ...(known ? { target } : {}) });
  };
}
