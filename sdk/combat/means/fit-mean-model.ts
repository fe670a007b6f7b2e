import type { Issue } from '../../data/issue';
import type { Participants } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import type { CombatSmooth } from '../combat-model';
import { advise, option } from '../../remedy';
import type { SeparableColumns, SiteAssignment } from '../design/confounding';
import { separateFromSites } from '../design/confounding';
import type { CovariateDesign } from '../design/covariate-design';
import { basisPenalty, columnsOfSmooths, smoothColumns, straightColumns } from '../design/smooth-basis';
import { smoothLabel, smoothValues } from '../design/smooth-terms';
import { leastSquares } from './least-squares';
import type { MeanDesign, MeanModel } from './mean-model';
import { penalizedSquares } from './penalized-squares';
import type { SmoothingChoice, SmoothPenalty } from './penalty-problem';
import { countSites } from './site-residuals';

/**
 * Prepares the mean model of a design: least squares where all its columns are linear, penalized least squares where some are
 * smooths. Makes sure that its effects and those of the sites can be separated.
 *
 * @throws ConcordError `confounded` naming the columns and the sites that coincide.
 */
export function fitMeanModel(
  design: CovariateDesign,
  sites: SiteAssignment,
  { participants, choice }: { readonly participants: Participants; readonly choice: SmoothingChoice },
): { readonly mean: MeanModel; readonly issues: readonly Issue[] } {
  const { codes, names } = sites;
  const siteCount = names.length;
  const columns = design.columns.length;
  const whole: MeanDesign = {
    codes,
    siteCount,
    siteSizes: countSites(codes, siteCount),
    values: design.values,
    columns,
  };
  if (design.smooths.length === 0) {
    const separated = separateFromSites(design, sites);
    return { mean: leastSquares(whole, separated), issues: separated.issues };
  }
  const { issues } = separateFromSites(straightLines(design, participants), sites);
  const linear = columns - columnsOfSmooths(design.smooths);
  const smooths = smoothPenalties(design.smooths);
  const mean = penalizedSquares(whole, { linear, smooths, choice });
  if (mean !== undefined) return { mean, issues };
  throw inseparableSmooths(design.smooths);
}

/** The penalties of some smooths, whose columns are one after the other. */
export function smoothPenalties(smooths: readonly CombatSmooth[]): readonly SmoothPenalty[] {
  return smooths.map((smooth, k) => ({
    first: columnsOfSmooths(smooths.slice(0, k)),
    size: smoothColumns(smooth),
    free: straightColumns,
    penalty: basisPenalty(smooth),
  }));
}

/** The error for smooths that cannot be separated from what else is in a design. */
export function inseparableSmooths(smooths: readonly CombatSmooth[]): ConcordError {
  return new ConcordError(
    'confounded',
    `confounded covariates: the smooth effects of ${smooths.map(smoothLabel).join(' and ')} cannot be separated from ` +
      'the sites and the other covariates',
    { remedy: advise`preserve fewer of them, or without ${option('smooth')}` },
  );
}

/**
 * The linear columns, and in place of each smooth the straight line that its penalty does not see. With sites and these, the
 * penalized fit has one solution.
 */
export function straightLines(design: CovariateDesign, participants: Participants): SeparableColumns {
  const rows = participants.ids.length;
  const width = design.columns.length;
  const linear = width - columnsOfSmooths(design.smooths);
  const lines = design.smooths.map((smooth) => centeredLine(smoothValues(participants, smooth)));
  const columns = [...design.columns.slice(0, linear), ...design.smooths.map(smoothLabel)];
  const values = new Float64Array(rows * columns.length);
  for (let row = 0; row < rows; row++) {
    values.set(design.values.subarray(row * width, row * width + linear), row * columns.length);
    lines.forEach((line, k) => (values[row * columns.length + linear + k] = line[row]));
  }
  return { columns, values };
}

/** A column minus its mean; 0 for scans that a smooth does not concern. */
function centeredLine(values: readonly (number | undefined)[]): Float64Array {
  const present = values.filter((value) => value !== undefined);
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  return Float64Array.from(values, (value) => (value === undefined ? 0 : value - mean));
}
