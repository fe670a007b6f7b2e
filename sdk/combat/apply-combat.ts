import type { FeatureCohort } from '../data/cohort';
import type { FeatureMatrix } from '../data/feature-matrix';
import { ConcordError } from '../errors';
import { withFeatures } from '../data/cohort';
import { modelDigest } from '../data/digest';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import type { CombatModel } from './combat-model';
import type { ScansToCorrect } from './corrected-scans';
import { correctedScans } from './corrected-scans';
import { putBack } from './frame/put-back';
import type { PutBackValues, SignCounts } from './frame/put-back-values';
import { unlikeRows } from './unlike-rows';
import { siteDrift } from './site-drift';
import { unlikeTraining } from './unlike-training';
import type { ValueLimits } from './value-limits';
import { beyondLimits, valueLimits } from './value-limits';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';
import type { UnseenSitePolicy } from './new-site-policy';
import { unseenPolicies } from './new-site-policy';

/** Options of {@link applyCombat}. */
export interface ApplyCombatOptions extends RunOptions {
  /**
   * What to do with a site the model was not fitted on. `error`: refuse. `covariates`: take its site effect to be
   * zero, so that only covariates explain its values, which come back as they are, with an Issue. `estimate`:
   * estimate its site effect from the subjects given, shrunk by the priors that the model keeps from all its sites,
   * with an Issue. `own-priors`: the same, shrunk by priors of the new site's own features alone, as ComBatFamily's
   * `predict` does: they are as good as its subjects are many. `creb`: by the closed form of one prior over all sites and
   * features together, as CREB does, which holds for a single scan. The Issue says by how much the effect is likely to be
   * missed; `combat.newSiteError` says it for any number of scans.
   *
   * @defaultValue `'error'`
   */
  readonly unseen?: UnseenSitePolicy;
  /**
   * What to do with a subject that lacks a covariate of the model: refuse, or leave the subject out with an Issue.
   *
   * @defaultValue `'error'`
   */
  readonly missingCovariates?: 'error' | 'drop';
}

/** Options of {@link applyCombat} and `combat.applyCovbat`, for tables that memory has no room for twice. */
export interface ApplyIntoOptions extends ApplyCombatOptions {
  /**
   * Write the harmonized values into this array: subjects × features, as long as the table of the result. It may be the
   * cohort's own, `cohort.features.values`: then the table is in memory once, **and the values before are gone**, from that cohort and
   * from all that share them. Where the work is canceled on the way, what is in it is neither the one nor the other.
   *
   * @defaultValue new memory; what came in stays as it is
   */
  readonly into?: Float64Array;
}

/**
 * Harmonizes a cohort by a fitted model: the one it was fitted on, or other subjects, as few as one. Features and
 * covariates are found by name; features of the cohort that the model does not know are left out with an Issue.
 * Missing cells stay missing; features that the model passes through, and subjects of the reference site, come
 * back bit for bit. A value of a feature that the site had no values of when the model was fitted becomes missing,
 * with an Issue.
 *
 * @throws ConcordError `unknown-site` (see {@link ApplyCombatOptions.unseen}), `unknown-column` when the cohort
 * lacks a feature or covariate of the model, `unknown-level`, `missing-value`, `invalid-number` for a value that has
 * no logarithm where the model takes it, `invalid-option`, `aborted`.
 *
 * @example
 * ```ts
 * const after = await applyCombat(model, newScans, { unseen: 'estimate' });
 * const inPlace = await applyCombat(model, surfaces, { into: surfaces.features.values });
 * ```
 */
export async function applyCombat(
  model: CombatModel,
  cohort: FeatureCohort,
  options: ApplyIntoOptions = {},
): Promise<FeatureCohort> {
  requireCall('applyCombat', { model, cohort, options });
  const { unseen = 'error', missingCovariates = 'error', into } = options;
  const scans = await applicableScans(model, cohort, options);
  const { used } = scans;
  const made = await putBack(model, used, { ...scans, into, run: options });
  const step = provenanceStep('applyCombat', {
    unseen,
    missingCovariates,
    model: model.provenance,
    digest: modelDigest(model, whatDecides),
  });
  const features = { ...used.features, values: made.values };
  return withFeatures(used, features, step, applyingIssues(model, scans, made));
}

/** The scans that a model is applied to, before any value is replaced. */
export interface ApplicableScans extends ScansToCorrect {
  /** Those that are too far from what the model expects. */
  readonly farRows: readonly number[];
  /** How far from 0 values can be. */
  readonly limits: ValueLimits;
}

/**
 * Finds the scans that a model is to be applied to.
 *
 * @throws ConcordError what {@link applyCombat} throws before it looks at values.
 */
export async function applicableScans(
  model: CombatModel,
  cohort: FeatureCohort,
  options: ApplyIntoOptions,
): Promise<ApplicableScans> {
  const { unseen = 'error', missingCovariates = 'error', into } = options;
  oneOf('unseen', unseen, unseenPolicies);
  oneOf('missingCovariates', missingCovariates, ['error', 'drop']);
  const scans = await correctedScans(model, cohort, { unseen, missingCovariates, run: options });
  if (into !== undefined) requireRoom(into, scans.used.features);
  const limits = valueLimits(scans.used.features);
  return { ...scans, farRows: unlikeRows(model, scans.used, scans), limits };
}

/** What was noticed while scans were found and corrected. */
export function applyingIssues(
  model: CombatModel,
  { used: { participants, features }, codes, farRows, issues, limits }: ApplicableScans,
  { values, tally, lost, signs }: PutBackValues,
): readonly Issue[] {
  const noticed = { participants, codes, farRows, tally };
  const unlike = unlikeTraining(model, noticed);
  // Of another unit or of sites that are mixed up, enough is said.
  const drifted = unlike.length > 0 ? [] : siteDrift(model, noticed);
  return [
    ...issues,
    ...unlike,
    ...drifted,
    ...lostCells(lost),
    ...negativeValues(signs, features.features),
    ...beyondLimits(limits, values, features.features),
  ];
}

/**
 * An array for harmonized values is as long as they are, and is the table that they come from or apart from it.
 *
 * @throws ConcordError `invalid-option`.
 */
function requireRoom(into: Float64Array, { values, subjects, features }: FeatureMatrix): void {
  if (into.length !== values.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid into: an array of ${into.length} (${values.length} are required: ${counted(subjects.length, 'subject')} × ${counted(features.length, 'feature')})`,
    );
  }
  const apart = into.byteOffset - values.byteOffset;
  if (into.buffer !== values.buffer || apart === 0 || Math.abs(apart) >= values.byteLength) return;
  throw new ConcordError(
    'invalid-option',
    'invalid into: it begins within the values of the cohort (these very values, or memory apart from them, are allowed)',
  );
}

/** All of a model but how it came about and what was noticed. */
function whatDecides(model: CombatModel): unknown {
  return { ...model, version: '', reading: undefined, issues: [], provenance: [] };
}

/** Says where cells became missing. */
function lostCells(lost: ReadonlyMap<string, number>): readonly Issue[] {
  return [...lost].map(([site, cells]) => {
    const what = `${counted(cells, 'cell')} of site ${quoteName(site)}`;
    const message = `${what} became missing: the model has no values of these features there`;
    return makeIssue('site-not-estimable', message, { site });
  });
}

/** Warns of values below zero in features that had none before: for volumes and thicknesses they are impossible. */
export function negativeValues({ before, after }: SignCounts, features: readonly string[]): readonly Issue[] {
  const named = features.filter((_, w) => before[w] === 0 && after[w] > 0);
  if (named.length === 0) return [];
  const total = after.reduce((sum, n, w) => sum + (before[w] === 0 ? n : 0), 0);
  const shown = named.slice(0, 5).join(', ') + (named.length > 5 ? ', …' : '');
  const message = `${counted(total, 'value')} fell below zero in ${counted(named.length, 'feature')} without negative values before (${shown})`;
  return [makeIssue('negative-values', message, { feature: named[0] })];
}
