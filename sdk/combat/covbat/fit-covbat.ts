import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import type { IssueCode } from '../../data/issue';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { exactComponents } from '../../math/linear/exact-components';
import { innerProducts } from '../../math/linear/inner-products';
import { startProducts } from '../../math/linear/products-by-kernels';
import { version } from '../../version';
import type { CombatModel } from '../combat-model';
import type { ScansToCorrect } from '../corrected-scans';
import { correctedScans } from '../corrected-scans';
import { fitCombat } from '../fit-combat';
import { putBack } from '../frame/put-back';
import type { CovbatModel, CovbatSettings, KnownScores } from './covbat-model';
import type { CovbatOptions } from './covbat-options';
import { covbatSteps } from './covbat-options';
import type { ComponentSteps, LeftoverComponents } from './leftover-components';
import { leftoverComponents } from './leftover-components';
import { clearLoadings, cohortOfScores, missingIssues, standardizedLeftovers } from './leftovers';

/**
 * Fits CovBat (Chen et al. 2022, Human Brain Mapping 43:1179): ComBat, and then ComBat once more on the leading principal
 * components of what it leaves beside covariates, so that sites also agree in how features vary together. Any mean model of
 * {@link fitCombat} may be its first step: `smooth: ['age']` makes it CovBat-GAM.
 *
 * A missing cell counts as the value expected when scores are computed, and stays missing.
 *
 * @example
 * ```ts
 * const model = await combat.fitCovbat(cohort, { preserve: ['age', 'sex'] });
 * const harmonized = await combat.applyCovbat(model, cohort);
 * ```
 *
 * @throws ConcordError what {@link fitCombat} throws; `too-little-data` where no feature varies; `invalid-option`.
 */
export async function fitCovbat(cohort: FeatureCohort, options: CovbatOptions = {}): Promise<CovbatModel> {
  requireCall('combat.fitCovbat', { cohort, options });
  return (await fitScored(cohort, options)).model;
}

/** A model, and what is known of the scans it was fitted on. */
interface ScoredFit {
  readonly model: CovbatModel;
  readonly fitted: KnownScores;
}

/** {@link fitCovbat} of checked options. */
export async function fitScored(cohort: FeatureCohort, options: CovbatOptions): Promise<ScoredFit> {
  const { combat: firstStep, settings, wanted } = covbatSteps(options);
  const { missingCovariates = 'error', signal } = options;
  // Threads that components are worth are there, and products fast, by the time that ComBat is fitted.
  const { values: before } = cohort.features;
  const shorter = Math.min(cohort.participants.ids.length, cohort.features.features.length);
  startProducts(before.length * shorter);
  const combat = await fitCombat(cohort, firstStep);
  const scans = await correctedScans(combat, cohort, { unseen: 'error', missingCovariates, run: { signal } });
  await breathe(signal);
  const steps = { settings, wanted };
  const {
    rotation,
    explained,
    units,
    cells,
    scores: along,
  } = leftoverComponents(combat, scans, steps) ??
  (await componentsAsWhole(combat, scans, { ...steps, signal }));
  if (explained.length === 0) {
    throw new ConcordError(
      'too-little-data',
      'no feature varies beyond sites and covariates: CovBat has no components',
    );
  }
  const scored = cohortOfScores(scans.used, along, explained.length);
  const scores = await fitScores(scored, { settings, combat, run: { signal } });
  const first = combat.provenance.at(-1);
  const model: CovbatModel = {
    kind: 'covbat',
    schema: 1,
    version,
    settings,
    combat,
    ...units,
    rotation,
    explained,
    scores,
    ...(combat.reading === undefined ? {} : { reading: combat.reading }),
    issues: [
      ...combat.issues,
      ...missingIssues(cells),
      ...scores.issues.filter(({ code }) => ofScores.includes(code)),
    ],
    provenance: [...cohort.provenance, provenanceStep('fitCovbat', { ...first?.options, ...settings })],
  };
  return { model, fitted: { scores: along, cells } };
}

/** {@link leftoverComponents} of any table: scans as ComBat makes them are in memory, and their leftovers take their place. Exported for tests. */
export async function componentsAsWhole(
  combat: CombatModel,
  scans: ScansToCorrect,
  { settings, wanted, signal }: ComponentSteps & RunOptions,
): Promise<LeftoverComponents> {
  const { used } = scans;
  const { values } = await putBack(combat, used, { ...scans, run: { signal } });
  const after = { ...used, features: { ...used.features, values } };
  const { rest, units, cells } = standardizedLeftovers(combat, after, settings);
  await breathe(signal);
  const [rows, columns] = [used.participants.ids.length, combat.features.length];
  const found = exactComponents({ values: rest, rows, columns }, wanted);
  clearLoadings(found.rotation, units);
  return { ...found, scores: found.scores ?? innerProducts(rest, found.rotation, columns), units, cells };
}

/** The second step: ComBat of the scores, to the reference of the first. */
export function fitScores(
  scores: FeatureCohort,
  {
    settings: { scorePreserve, scoreEb },
    combat: {
      settings: { reference, tolerance, maxIterations },
    },
    run,
  }: { readonly settings: CovbatSettings; readonly combat: CombatModel; readonly run: RunOptions },
): Promise<CombatModel> {
  return fitCombat(scores, {
    preserve: scorePreserve,
    eb: scoreEb ? 'parametric' : 'none',
    ...(reference === null ? {} : { reference }),
    tolerance,
    maxIterations,
    ...run,
  });
}

/** What ComBat notices of scores that it has not said of the features. */
const ofScores: readonly IssueCode[] = ['not-converged', 'degenerate-prior', 'zero-variance-at-site'];
