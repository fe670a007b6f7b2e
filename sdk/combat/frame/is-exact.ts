import { extendBasis } from '../../math/linear/orthonormal-basis';
import { centerWithinSites } from '../design/confounding';
import type { FeatureBlock, MeanDesign } from '../means/mean-model';
import { designRows } from '../means/site-residuals';

/**
 * Whether sites and columns without any penalty leave nothing of a feature: a curve that is exactly in it is not fitted exactly,
 * since its penalty bends it a little. Never where there are as many columns as values, which leave nothing of noise either.
 *
 * @param about.least - the spread that counts as nothing
 */
export function isExact(
  { data, stride, offset }: FeatureBlock,
  w: number,
  { design: whole, least }: { readonly design: MeanDesign; readonly least: number },
): boolean {
  const valueAt = (row: number): number => data[row * stride + offset + w];
  const present = Array.from(whole.codes.keys()).filter((row) => !Number.isNaN(valueAt(row)));
  const design = designRows(whole, present);
  const { columns, codes, siteCount } = design;
  if (present.length - new Set(codes).size - columns < 1) return false;
  const centered = centerWithinSites(design.values, columns, codes, siteCount);
  const vectors = Array.from({ length: columns }, (_, k) =>
    Float64Array.from(present, (_row, at) => centered[at * columns + k]),
  );
  const values = centerWithinSites(Float64Array.from(present, valueAt), 1, codes, siteCount);
  const basis = extendBasis([], vectors);
  // What is less than 1e-10 of the feature is no direction.
  const [left] = extendBasis(basis, [values]);
  return left === undefined || left.length <= least * Math.sqrt(present.length);
}
