import { dot } from '../linear/dot';
import type { MixedDesign } from './mixed-design';
import { pairsOf, sumsByPerson } from './mixed-design';
import type { MixedState } from './mixed-state';

/** One feature in the few sums that its likelihood needs. */
export interface MixedFeature {
  /** Coordinates of its least-squares fit along the basis. */
  readonly fitted: Float64Array;
  /** What that fit leaves. */
  readonly rest: Float64Array;
  /** Its sum of squares. */
  readonly squares: number;
  /** Zᵀ rest of each person: persons × effects. */
  readonly sums: Float64Array;
  /** For each group, sums over persons of Xᵀz zᵀrest by pairs: pairs × basis. */
  readonly crosses: readonly Float64Array[];
  /** The same of (zᵀrest)², by pairs. */
  readonly powers: readonly Float64Array[];
}

/** Takes one feature, without missing values, into the sums of a design. */
export function mixedFeature(design: MixedDesign, values: Float64Array): MixedFeature {
  const { basis, random, groups, groupOf, products, personCount } = design;
  const rest = values.slice();
  const fitted = new Float64Array(basis.length);
  // Twice, so that what is left is at right angles to the basis to rounding.
  for (let pass = 0; pass < 2; pass++) {
    basis.forEach((direction, k) => {
      const along = dot(direction, rest);
      fitted[k] += along;
      for (let row = 0; row < rest.length; row++) rest[row] -= along * direction[row];
    });
  }
  const width = basis.length;
  const effects = random.length;
  const pairs = pairsOf(effects);
  const sums = sumsByPerson(random, [rest], design);
  const crosses = groups.map(() => new Float64Array(pairs.length * width));
  const powers = groups.map(() => new Float64Array(pairs.length));
  for (let person = 0; person < personCount; person++) {
    const [cross, power] = [crosses[groupOf[person]], powers[groupOf[person]]];
    pairs.forEach(([a, b], pair) => {
      const [one, other] = [sums[person * effects + a], sums[person * effects + b]];
      power[pair] += a === b ? one * other : 2 * one * other;
      const [x, z] = [(person * effects + a) * width, (person * effects + b) * width];
      for (let k = 0; k < width; k++) {
        cross[pair * width + k] +=
          a === b ? products[x + k] * one : products[x + k] * other + products[z + k] * one;
      }
    });
  }
  return { fitted, rest, squares: dot(rest, rest), sums, crosses, powers };
}

/** How likely a feature is under a covariance of random effects. */
export interface MixedLikelihood {
  /** The REML criterion, −2 log of the restricted likelihood, as lme4 has it; the lower, the likelier. */
  readonly criterion: number;
  /** Its derivative by the covariance, by pairs: dƒ = Σ pairs slope × d covariance, the middle pair counted once. */
  readonly slope: Float64Array;
  /** The fixed effects along the basis, beyond those of least squares. */
  readonly beta: Float64Array;
  /** rᵀV⁻¹r. */
  readonly residual: number;
}

/**
 * The restricted likelihood of Patterson & Thompson (1971, Biometrika 58:545) with the residual variance profiled out (Bates
 * et al. 2015, Journal of Statistical Software 67(1), eq. 42), and its derivative.
 */
export function mixedLikelihood(
  design: MixedDesign,
  feature: MixedFeature,
  state: MixedState,
): MixedLikelihood {
  const { rows, basis, logLength, groups } = design;
  const width = basis.length;
  const right = new Float64Array(width);
  let whole = feature.squares;
  groups.forEach((_, g) => {
    state.shrink[g].forEach((by, pair) => {
      whole -= by * feature.powers[g][pair];
      for (let k = 0; k < width; k++) right[k] -= by * feature.crosses[g][pair * width + k];
    });
  });
  const beta = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    beta[k] = dot(state.inverse.subarray(k * width, (k + 1) * width), right);
  }
  const residual = whole - dot(beta, right);
  const freedom = rows - width;
  const criterion =
    state.logDeterminants + 2 * logLength + freedom * (1 + Math.log((2 * Math.PI * residual) / freedom));
  return { criterion, slope: slopeOf(design, feature, { state, beta, residual }), beta, residual };
}

/** Σ persons of (I + SD)⁻¹S − K (XᵀZ)ᵀ(XᵀV⁻¹X)⁻¹(XᵀZ) Kᵀ − K t tᵀ Kᵀ / σ̂², with t = Zᵀr. */
function slopeOf(
  { rows, basis, groups }: MixedDesign,
  { crosses, powers }: MixedFeature,
  found: { readonly state: MixedState; readonly beta: Float64Array; readonly residual: number },
): Float64Array {
  const { state, beta, residual } = found;
  const width = basis.length;
  const scale = (rows - width) / residual;
  const slope = new Float64Array(state.covariance.length);
  groups.forEach(({ grams }, g) => {
    const own = Array.from(state.traces[g], (trace, pair) => {
      const cross = dot(beta, crosses[g].subarray(pair * width, (pair + 1) * width));
      const bent = quadratic(grams.subarray(pair * width * width, (pair + 1) * width * width), beta);
      return trace + scale * (powers[g][pair] - 2 * cross + bent);
    });
    const bent = conjugate(state.keep[g], own);
    state.slopes[g].forEach((value, pair) => {
      // dƒ = Γ₀₀ dD₀₀ + 2 Γ₀₁ dD₀₁ + Γ₁₁ dD₁₁.
      slope[pair] += (pair === 1 ? 2 : 1) * (value - bent[pair]);
    });
  });
  return slope;
}

function quadratic(matrix: Float64Array, vector: Float64Array): number {
  const width = vector.length;
  let sum = 0;
  for (let i = 0; i < width; i++) {
    sum += vector[i] * dot(matrix.subarray(i * width, (i + 1) * width), vector);
  }
  return sum;
}

/** K H Kᵀ by pairs, of H by pairs whose middle one counts twice. */
function conjugate(keep: Float64Array, own: readonly number[]): readonly number[] {
  if (own.length === 1) return [keep[0] * own[0] * keep[0]];
  const [h0, h1, h2] = [own[0], own[1] / 2, own[2]];
  const [a, b, c, d] = keep;
  return [
    a * a * h0 + 2 * a * b * h1 + b * b * h2,
    a * c * h0 + (a * d + b * c) * h1 + b * d * h2,
    c * c * h0 + 2 * c * d * h1 + d * d * h2,
  ];
}
