import type { BasisVector } from '../../math/linear/orthonormal-basis';
import { extendBasis } from '../../math/linear/orthonormal-basis';
import type { PersonBlocks } from '../persons/person-blocks';
import { makePersonBlocks } from '../persons/person-blocks';
import type { SiteDesign } from './site-design';
import type { SiteSpan } from './site-span';
import { spanOfSites } from './site-span';

/** The directions in subject space that the terms of the linear models span, for one set of subjects. */
export interface ModelBases {
  /** Site of each subject, renumbered without gaps. */
  readonly sites: Int32Array;
  readonly siteCount: number;
  /** Intercept and covariates. */
  readonly covariates: readonly BasisVector[];
  /** What the sites add to those. */
  readonly site: readonly BasisVector[];
  /** The same by sums over sites, where that is exact. */
  readonly span?: SiteSpan;
  /** Per covariate, what it adds to the sites and the other covariates. */
  readonly terms: readonly (readonly BasisVector[])[];
  /** Per design column, what it adds to all else; `null` when it depends on the rest. */
  readonly columns: readonly (BasisVector | null)[];
  /** What slopes of their own at every site add to slopes that all sites share. */
  readonly ownSlopes: OwnSlopes;
  /** Where sites are compared within persons, what that takes. */
  readonly blocks?: PersonBlocks;
  /** Degrees of freedom left by the full model. */
  readonly residualDf: number;
}

/** What the covariates span within each site by itself. */
export interface OwnSlopes {
  readonly sites: readonly { readonly rows: Int32Array; readonly directions: readonly Float64Array[] }[];
  /** How many directions there are beyond those that the covariates span within all sites together. */
  readonly added: number;
  /** Degrees of freedom that a model with slopes of each site leaves. */
  readonly residualDf: number;
}

/**
 * Prepares the nested models of one set of subjects.
 *
 * @param positions - which of the design's rows take part
 */
export function makeModelBases(design: SiteDesign, positions: Int32Array): ModelBases {
  const take = (values: Float64Array): Float64Array => Float64Array.from(positions, (at) => values[at]);
  const terms = design.terms.map((term) => term.columns.map((column) => take(column.values)));
  const met = [...new Set(Array.from(positions, (at) => design.sites[at]))].sort((a, b) => a - b);
  const sites = Int32Array.from(positions, (at) => met.indexOf(design.sites[at]));
  const indicators = met.map((_, site) => Float64Array.from(sites, (code) => (code === site ? 1 : 0)));
  // Sites do not overlap, so their indicators are orthogonal already; together they span the intercept.
  const siteMeans = indicators.flatMap((indicator) => extendBasis([], [indicator]));
  const intercept = extendBasis([], [new Float64Array(positions.length).fill(1)]);
  const after = (basis: readonly BasisVector[], columns: readonly Float64Array[]): readonly BasisVector[] => [
    ...basis,
    ...extendBasis(basis, columns),
  ];
  const every = terms.flat();
  const covariates = after(intercept, every);
  const { directions: site, span } = spanOfSites(sites, met.length, covariates);
  const without = (columns: readonly Float64Array[]): readonly BasisVector[] =>
    after(
      siteMeans,
      every.filter((column) => !columns.includes(column)),
    );
  return {
    sites,
    blocks: makePersonBlocks(design, positions, { sites, siteCount: met.length }),
    siteCount: met.length,
    covariates,
    site,
    span,
    terms: terms.map((columns) => extendBasis(without(columns), columns)),
    ownSlopes: slopesOfEachSite(every, {
      sites,
      siteCount: met.length,
      shared: covariates.length + site.length,
    }),
    columns: every.map((column) => extendBasis(without([column]), [column])[0] ?? null),
    residualDf: positions.length - covariates.length - site.length,
  };
}

/** The directions of the covariates within each site: beside its mean, and nowhere else. */
function slopesOfEachSite(
  columns: readonly Float64Array[],
  {
    sites,
    siteCount,
    shared,
  }: { readonly sites: Int32Array; readonly siteCount: number; readonly shared: number },
): OwnSlopes {
  const own = Array.from({ length: siteCount }, (_, site) => {
    const rows = Int32Array.from(sites.keys()).filter((row) => sites[row] === site);
    const taken = columns.map((column) => Float64Array.from(rows, (row) => column[row]));
    const basis = extendBasis(extendBasis([], [new Float64Array(rows.length).fill(1)]), taken);
    return { rows, directions: basis.map(({ direction }) => direction) };
  });
  const spanned = own.reduce((sum, { directions }) => sum + directions.length, 0);
  return {
    sites: own,
    added: spanned - (shared - siteCount),
    residualDf: sites.length - siteCount - spanned,
  };
}
