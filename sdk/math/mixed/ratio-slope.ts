import { factorLower } from '../linear/cholesky';
import type { MixedDesign } from './mixed-design';
import type { MixedFeature } from './mixed-feature';
import { residualFreedom } from './mixed-feature';
import type { CurvePenalties } from './mixed-state';
import { leastInformation } from './mixed-state';

/**
 * The derivative of the criterion by the ratio of the variance between persons to that within, where persons differ in level
 * alone: the same as `criterionSlope`, without a state and its arrays. A feature asks for ten ratios of its own, and that is most of the
 * work of a model of many features.
 *
 * The memory that it works in is its own: one call after the other.
 */
export function ratioSlope(
  design: MixedDesign,
  { penalties, likelihood }: CurvePenalties,
): (feature: MixedFeature, ratio: number) => number {
  const { basis, curves, gram, groups } = design;
  const width = basis.length;
  const freedom = residualFreedom(design, likelihood);
  const restricted = likelihood === 'reml';
  const straight = gram.slice();
  curves.forEach(({ first, size }, curve) => {
    for (let k = first; k < first + size; k++) straight[k * width + k] += penalties[curve];
  });
  const square = (): Float64Array => new Float64Array(width * width);
  const [information, lower, inverse] = [square(), square(), square()];
  const [right, beta] = [new Float64Array(width), new Float64Array(width)];

  return (feature, ratio) => {
    const { powers, crosses } = feature;
    information.set(straight);
    right.set(feature.along);
    let residual = feature.squares;
    for (let g = 0; g < groups.length; g++) {
      const { grams, squares } = groups[g];
      const by = ratio / (1 + squares[0] * ratio);
      residual -= by * powers[g];
      for (let k = 0; k < width; k++) right[k] -= by * crosses[g * width + k];
      subtractLower(information, grams, { by, width });
    }
    if (!factorLower(information, lower, { size: width, least: leastInformation }))
      throw new Error(`no state at ${ratio}`);
    invertLower(lower, inverse, width);
    residual -= solveByInverse(inverse, right, beta);
    let slope = 0;
    for (let g = 0; g < groups.length; g++) {
      const { grams, persons, squares } = groups[g];
      const keep = 1 / (1 + squares[0] * ratio);
      const power = powers[g] + explainedPower(grams, crosses.subarray(g * width, (g + 1) * width), beta);
      const trace = restricted ? traceWith(grams, inverse, width) : 0;
      slope += keep * (persons * squares[0] - keep * (trace + (freedom / residual) * power));
    }
    return slope;
  };
}

function subtractLower(
  from: Float64Array,
  matrix: Float64Array,
  { by, width }: { readonly by: number; readonly width: number },
): void {
  for (let row = 0; row < width; row++) {
    const end = row * width + row;
    for (let at = row * width; at <= end; at++) from[at] -= by * matrix[at];
  }
}

/** L⁻¹, column by column, transposed: a row of what is written is a column of L⁻¹, of which what is above the diagonal is not written. */
function invertLower(lower: Float64Array, inverse: Float64Array, width: number): void {
  for (let k = 0; k < width; k++) {
    const own = k * width;
    inverse[own + k] = 1 / lower[own + k];
    for (let i = k + 1; i < width; i++) {
      let sum = 0;
      for (let j = k; j < i; j++) sum -= lower[i * width + j] * inverse[own + j];
      inverse[own + i] = sum / lower[i * width + i];
    }
  }
}

/** Writes β = L⁻ᵀ L⁻¹ r, and gives rᵀ β. */
function solveByInverse(inverse: Float64Array, right: Float64Array, beta: Float64Array): number {
  const width = right.length;
  beta.fill(0);
  let length = 0;
  for (let i = 0; i < width; i++) {
    let own = 0;
    for (let k = 0; k <= i; k++) own += inverse[k * width + i] * right[k];
    length += own * own;
    for (let k = 0; k <= i; k++) beta[k] += inverse[k * width + i] * own;
  }
  return length;
}

/** The trace of A L⁻ᵀ L⁻¹, for a symmetric A. */
function traceWith(matrix: Float64Array, inverse: Float64Array, width: number): number {
  let trace = 0;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let own = 0;
      for (let k = i; k < width; k++) own += inverse[i * width + k] * inverse[j * width + k];
      trace += (i === j ? 1 : 2) * matrix[i * width + j] * own;
    }
  }
  return trace;
}

/** What fixed effects change of a group's sum over persons of (zᵀr)². */
function explainedPower(grams: Float64Array, crosses: Float64Array, beta: Float64Array): number {
  const width = beta.length;
  let power = 0;
  for (let k = 0; k < width; k++) {
    let own = -2 * crosses[k];
    for (let j = 0; j < width; j++) own += grams[k * width + j] * beta[j];
    power += own * beta[k];
  }
  return power;
}
