import { keptCovariates } from '../combat/combat-options';
import type { PreparedCombat } from '../combat/fit-combat';
import { mainEffects } from '../combat/design/covariate-design';
import { independentColumns } from '../combat/design/independent-columns';
import { leastSquares } from '../combat/means/least-squares';
import type { BlockEstimates, FeatureBlock, MeanModel } from '../combat/means/mean-model';
import { countSites } from '../combat/means/site-residuals';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { scansOfPersons } from '../data/people/families';
import { makeSiteDesign } from '../evaluate/models/site-design';
import type { PersonRows } from '../evaluate/persons/person-rows';
import { averageRows, averageValues, personRows } from '../evaluate/persons/person-rows';

/** F of site of every feature of a block of scans, `NaN` where it cannot be computed. */
export type SiteF = (block: FeatureBlock) => Float64Array;

/** How F of site is computed, and how that counts persons with several scans. */
export interface SiteFOfMaps {
  readonly f: SiteF;
  /** None where no person was scanned twice, and nobody is known to be related. */
  readonly issues: readonly Issue[];
}

/**
 * Prepares F of site: the analysis of variance of sites beside the linear effects of the covariates that are kept, as the audit has
 * it, each on the values that it has. Scans of one person are no independent values: they become rows that are, or sites are
 * compared within persons, by the rule of the audit ({@link personRows}).
 */
export function siteF({ used, settings, design }: PreparedCombat): SiteFOfMaps {
  const { participants } = used;
  const { groups, persons, note } = personRows(participants);
  const none = { values: new Float64Array(0), subjects: participants.ids, features: [] };
  const rows = averageRows({ ...used, features: none }, groups);
  const kept =
    mainEffects(design).length === 0
      ? []
      : keptCovariates({ preserve: settings.preserve.map((name) => ({ name })) }).preserve;
  const { sites, siteNames, terms } = makeSiteDesign(
    rows,
    kept.map(({ name }) => name),
  );
  const columns = terms.flatMap((term) => term.columns.map(({ values }) => values));
  const indicators = siteNames.map((_, site) => Float64Array.from(sites, (own) => Number(own === site)));
  // Every row has a person, or a site, of its own level; sites within persons are columns beside those.
  const full =
    persons === undefined ? modelOf(sites, columns) : modelOf(persons, [...columns, ...indicators]);
  const without = modelOf(persons ?? new Int32Array(sites.length), columns);
  const message = `${scansOfPersons(participants)}: maps of F of site ${note}`;
  return {
    f: (block) => compare(full, without, averagedBlock(block, groups)),
    issues: note === '' ? [] : [makeIssue('counted-by-person', message)],
  };
}

/** Least squares on the level of each group of rows and on the columns that vary within them. */
function modelOf(codes: Int32Array, columns: readonly Float64Array[]): MeanModel {
  const count = codes.reduce((most, code) => Math.max(most, code), 0) + 1;
  const { values, width, separated } = independentColumns(columns, { codes, count });
  const design = { codes, siteCount: count, siteSizes: countSites(codes, count), values, columns: width };
  return leastSquares(design, separated);
}

/** The block with the scans that are averaged in one row. */
function averagedBlock(block: FeatureBlock, groups: PersonRows['groups']): FeatureBlock {
  const { data, stride, offset, width } = block;
  if (groups.length * stride === data.length && groups.every((rows, at) => rows[0] === at)) return block;
  const averaged = averageValues(groups, width, (row, w) => data[row * stride + offset + w]);
  return { ...block, data: averaged, stride: width, offset: 0 };
}

function compare(full: MeanModel, without: MeanModel, block: FeatureBlock): Float64Array {
  const one = sums(full.fit(block), block.width);
  const other = sums(without.fit(block), block.width);
  return Float64Array.from(one.squares, (residual, w) => {
    const parameters = one.levels[w] + full.design.columns;
    const among = parameters - other.levels[w] - without.design.columns;
    const left = one.values[w] - parameters;
    if (among < 1 || left < 1 || !(residual > 0)) return NaN;
    return Math.max(0, (other.squares[w] - residual) / among / (residual / left));
  });
}

/** Of each feature of a block: squared residuals, values, and groups of rows that have some. */
function sums(
  { squares, counts, failed }: BlockEstimates,
  width: number,
): Readonly<Record<'squares' | 'values' | 'levels', Float64Array>> {
  const all = {
    squares: new Float64Array(width),
    values: new Float64Array(width),
    levels: new Float64Array(width),
  };
  for (let at = 0; at < counts.length; at++) {
    const w = at % width;
    if (failed[w] === 1) all.squares[w] = NaN;
    if (counts[at] === 0) continue;
    all.squares[w] += squares[at];
    all.values[w] += counts[at];
    all.levels[w]++;
  }
  return all;
}
