import type { BlockEstimates, FeatureBlock, MeanModel, WeightedEstimates } from '../means/mean-model';
import { spreadAt } from '../frame/expected-values';
import { residualsOf } from '../means/site-residuals';
import { meanAndSquares } from './location-scale';
import type { ScaleDesign, ScaleRows } from './scale-likelihood';
import { mostLikely, scaleRows } from './scale-likelihood';
import type { ScaledBlock, ScaleModel } from './scale-model';
import { measureByFeature } from './scale-model';

/**
 * The logarithm of σ is linear in covariates, and both it and the mean model are those of the highest likelihood: the scale model
 * of ComBatLS (Gardner et al. 2024; ComBatFamily's `combatls`, which fits `gamlss` with family NO). Sites are not in σ: how they
 * widen scans is what is removed.
 *
 * @param most - after how many rounds the likelihood counts as having no highest point
 */
export function covariateScale(mean: MeanModel, design: ScaleDesign, most: number): ScaleModel {
  const rowsOf = lastAsked((present: readonly number[]) => scaleRows(mean, design, present));
  return {
    columns: design.columns,
    keepsValues: false,
    fit: (block, first) => {
      const estimates = copied(first);
      const slopes = new Float64Array(design.columns * block.width).fill(NaN);
      const endless = new Uint8Array(block.width);
      const atMean = new Float64Array(block.width);
      for (let w = 0; w < block.width; w++) {
        const start = residualsOf(block, w, { design: mean.design, fit: first });
        const problem = first.failed[w] === 1 ? undefined : rowsOf(presentRows(start));
        if (problem === undefined) {
          estimates.failed[w] = 1;
          continue;
        }
        const own = fitFeature(problem, { block, w, start, most });
        if (own === 'flat') continue;
        if (own === undefined) {
          endless[w] = 1;
          continue;
        }
        write(own.estimates, { estimates, w, width: block.width });
        atMean[w] = Math.exp(own.exponents[0]);
        for (let k = 0; k < design.columns; k++) slopes[k * block.width + w] = own.exponents[k + 1];
      }
      const standardized = lastAsked((w: number) =>
        standardizedBy({ mean, design }, { block, estimates, slopes, w }),
      );
      return {
        estimates,
        slopes,
        endless,
        spread: (w) => ({ sd: atMean[w] }),
        sites: (units) =>
          measureByFeature(estimates.counts, units, (w, site, { center, sd }) => {
            const base = estimates.intercepts[site * block.width + w] - center;
            const { residuals, spreads } = standardized(w);
            const values: number[] = [];
            mean.design.codes.forEach((code, row) => {
              const rest = residuals[row];
              if (code === site && rest === rest) values.push((base + rest) / (sd * spreads[row]));
            });
            return meanAndSquares(Float64Array.from(values));
          }),
      } satisfies ScaledBlock;
    },
  };
}

/** One feature: its start is the residuals of the mean model at equal weights. */
function fitFeature(
  problem: ScaleRows,
  {
    block,
    w,
    start,
    most,
  }: {
    readonly block: FeatureBlock;
    readonly w: number;
    readonly start: Float64Array;
    readonly most: number;
  },
): ReturnType<typeof mostLikely> | 'flat' {
  const { present } = problem;
  const values = Float64Array.from(present, (row) => block.data[row * block.stride + block.offset + w]);
  const residuals = Float64Array.from(present, (row) => start[row]);
  const size = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  // Nothing varies but by rounding: there is no σ, which the frame finds out by itself.
  if (!residuals.some((rest) => Math.abs(rest) > 1e-12 * size)) return 'flat';
  return mostLikely(problem, { values, residuals, feature: block.first + w, most });
}

function presentRows(residuals: Float64Array): readonly number[] {
  return Array.from(residuals.keys()).filter((row) => !Number.isNaN(residuals[row]));
}

/** Residuals about the fitted mean, and how many times σ̂ each scan varies. */
function standardizedBy(
  { mean, design }: { readonly mean: MeanModel; readonly design: ScaleDesign },
  {
    block,
    estimates,
    slopes,
    w,
  }: {
    readonly block: FeatureBlock;
    readonly estimates: BlockEstimates;
    readonly slopes: Float64Array;
    readonly w: number;
  },
): { readonly residuals: Float64Array; readonly spreads: Float64Array } {
  const residuals = residualsOf(block, w, { design: mean.design, fit: estimates });
  const { width } = block;
  const spreads = residuals.map((_, row) => spreadAt(slopes, { design: design.values, row }, { w, width }));
  return { residuals, spreads };
}

function copied(first: BlockEstimates): BlockEstimates {
  return {
    ...first,
    intercepts: first.intercepts.slice(),
    coefficients: first.coefficients.slice(),
    penalties: first.penalties.slice(),
    freedom: first.freedom.slice(),
    failed: first.failed.slice(),
  };
}

function write(
  own: WeightedEstimates,
  { estimates, w, width }: { readonly estimates: BlockEstimates; readonly w: number; readonly width: number },
): void {
  for (const name of ['intercepts', 'coefficients', 'penalties', 'freedom'] as const) {
    own[name].forEach((value, k) => (estimates[name][k * width + w] = value));
  }
}

/** Keeps the last result: features with the same cells, and sites of the same feature, come one after the other. */
function lastAsked<Key, Result>(make: (key: Key) => Result): (key: Key) => Result {
  let last: { readonly name: string; readonly result: Result } | undefined;
  return (key) => {
    const name = String(key);
    if (last?.name !== name) last = { name, result: make(key) };
    return last.result;
  };
}
