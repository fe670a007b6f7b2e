import type { Triple } from '../../data/images/affine';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import type { LatticeFit } from '../../math/images/b-spline-approximation';
import { evaluateAtPoints, fitLattice, prepareLatticeFit } from '../../math/images/b-spline-approximation';
import type { BSplineLattice } from '../../math/images/b-spline-lattice';
import { emptyLattice, refineLattice } from '../../math/images/b-spline-lattice';
import type { BiasFieldSettings } from './bias-field-options';
import type { FieldSamples } from './field-samples';
import { lookUp, sharpenHistogram } from './sharpen-histogram';

/** What happened at one fitting level. */
export interface BiasFieldLevel {
  /** Intervals between knots along each axis. */
  readonly mesh: Triple;
  /** Iterations done. */
  readonly iterations: number;
  /** The coefficient of variation of the ratio of the last two fields. */
  readonly convergence: number;
}

/** A smooth log field over a grid, and how it was found. */
export interface LogField {
  /** Its mean at the samples is zero. */
  readonly lattice: BSplineLattice;
  readonly levels: readonly BiasFieldLevel[];
}

/**
 * Estimates the log bias field by N4 (Tustison et al. 2010, IEEE TMI 29:1310): at each level the histogram of the
 * corrected log intensities is sharpened, what this would change is smoothed by a B-spline lattice, and the smooth
 * change is added to the field, until it changes no more; the next level halves the distance of the knots.
 *
 * @throws ConcordError `aborted` when canceled.
 */
export async function estimateLogField(
  { points, logs }: FieldSamples,
  settings: BiasFieldSettings,
  run: RunOptions = {},
): Promise<LogField> {
  const { maxIterations, convergenceThreshold } = settings;
  const report = progressReporter(
    'estimating the bias field',
    maxIterations.reduce((sum, count) => sum + count, 0),
    run,
  );
  const corrected = logs.slice();
  const levels: BiasFieldLevel[] = [];
  let lattice = emptyLattice(settings.mesh);
  let before = 0;
  for (const [level, most] of maxIterations.entries()) {
    if (level > 0) lattice = refineLattice(lattice);
    const fit = prepareLatticeFit(points, lattice.mesh);
    let iterations = 0;
    let convergence = Infinity;
    while (iterations < most && convergence > convergenceThreshold) {
      await breathe(run.signal);
      const change = fieldChange(fit, corrected, settings);
      convergence = variationOfRatio(change.values);
      for (let n = 0; n < corrected.length; n++) corrected[n] -= change.values[n];
      lattice = sumOfLattices(lattice, change.lattice);
      report(before + ++iterations);
    }
    before += most;
    levels.push({ mesh: lattice.mesh, iterations, convergence });
  }
  report(before);
  return { lattice: shiftLattice(lattice, meanDifference(corrected, logs)), levels };
}

/** One iteration: what sharpening would take away, smoothed; as a lattice, and at the samples. */
function fieldChange(
  fit: LatticeFit,
  corrected: Float64Array,
  settings: BiasFieldSettings,
): { lattice: BSplineLattice; values: Float64Array } {
  const map = sharpenHistogram(corrected, settings);
  const values = new Float64Array(corrected.length);
  for (let n = 0; n < values.length; n++) values[n] = corrected[n] - lookUp(map, corrected[n]);
  const lattice = fitLattice(fit, values);
  evaluateAtPoints(fit, lattice, values);
  return { lattice, values };
}

/** The coefficient of variation of the ratio of the fields before and after a change of the log field. */
function variationOfRatio(change: Float64Array): number {
  let mean = 0;
  let squares = 0;
  for (let n = 0; n < change.length; n++) {
    const ratio = Math.exp(-change[n]);
    const gap = ratio - mean;
    mean += gap / (n + 1);
    squares += gap * (ratio - mean);
  }
  return Math.sqrt(squares / (change.length - 1)) / mean;
}

function sumOfLattices(one: BSplineLattice, other: BSplineLattice): BSplineLattice {
  return { mesh: one.mesh, coefficients: one.coefficients.map((value, i) => value + other.coefficients[i]) };
}

/** The weights of the control points add up to one, so that moving them all moves the function by as much. */
function shiftLattice({ mesh, coefficients }: BSplineLattice, shift: number): BSplineLattice {
  return { mesh, coefficients: coefficients.map((value) => value + shift) };
}

function meanDifference(values: Float64Array, from: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n] - from[n];
  return sum / values.length;
}
