import type { CombatModel } from '../combat/combat-model';
import { requireCall } from '../data/calls/require-call';
import { listNames } from '../data/list-names';
import type { Protocol, SiteTests, TableAudit } from '../evaluate/audit';
import { ConcordError } from '../errors';

/** Options of {@link featureResults}. */
export interface FeatureResultsOptions {
  /** The ComBat model that harmonized the table: its shifts and factors are added, one column for each site. */
  readonly model?: CombatModel;
}

/** One feature: its name and figures, by the name of their column; `NaN` where one cannot be computed. */
export type FeatureResult = Readonly<Record<string, string | number>> & { readonly feature: string };

/**
 * What an audit found of each feature, before and after harmonization: one row per feature, which `show` draws as a table,
 * `writeRows` writes and danfojs makes a data frame of. After means harmonized as a whole (`in-sample`). Its columns:
 *
 * - `site_F_before`, `site_q_before`, … `_after`: F of the site term after the covariates; q by Benjamini and Hochberg;
 * - `site_share_…`: the share of variance that the site explains beyond the covariates (partial R², the effect size);
 * - `spread_q_…`: q of Brown and Forsythe's test whether the sites differ in spread;
 * - where persons have several scans, `persons_F_…`, `persons_q_…` and `persons_spread_q_…`: Kenward and Roger's F of the site
 *   and its q, and q of Fligner and Killeen's test of spread, on all scans in a mixed model with a level of each person;
 * - `COLUMN_slope_…`: the slope on each covariate, in standard deviations of the raw residuals per unit;
 * - with a model, `SITE_shift` (γ*, in the feature's unit; of its logarithm, where the model has `transform: 'log'`) and
 *   `SITE_factor` (√δ*²): what was taken from the scans of that site.
 *
 * @throws ConcordError `invalid-option` when the model has none of the audit's features.
 * @example
 * ```ts
 * const results = audits.featureResults(audit, { model });
 * await writeRows(results, 'features.csv');
 * ```
 */
export function featureResults(
  audit: TableAudit,
  options: FeatureResultsOptions = {},
): readonly FeatureResult[] {
  requireCall('audits.featureResults', { audit, options });
  const { model } = options;
  const after = testColumns(audit, 'in-sample', 'after');
  const columns = [
    ...testColumns(audit, 'raw', 'before').flatMap((before, k) => [before, after[k]]),
    ...personColumns(audit),
    ...slopeColumns(audit),
    ...(model === undefined ? [] : siteColumns(audit, model)),
  ];
  return audit.features.map((feature, at) => ({
    feature,
    ...Object.fromEntries(columns.map(({ name, value }) => [name, value(at)])),
  }));
}

/** One column: the figure of each of the audit's features. */
interface Column {
  readonly name: string;
  readonly value: (feature: number) => number;
}

function testColumns(audit: TableAudit, protocol: Protocol, suffix: string): readonly Column[] {
  const tests: SiteTests | undefined = audit.tests.find((one) => one.protocol === protocol);
  const share = audit.variance.find((one) => one.protocol === protocol && one.source === 'site');
  return [
    { name: `site_F_${suffix}`, value: (at) => tests?.features[at].anova.statistic ?? NaN },
    { name: `site_q_${suffix}`, value: (at) => tests?.features[at].anova.q ?? NaN },
    { name: `site_share_${suffix}`, value: (at) => share?.perFeature[at] ?? NaN },
    { name: `spread_q_${suffix}`, value: (at) => tests?.features[at].levene.q ?? NaN },
  ];
}

function personColumns({ personTests }: TableAudit): readonly Column[] {
  const states = personTests.map(({ protocol, features }) => ({
    features,
    suffix: protocol === 'raw' ? 'before' : 'after',
  }));
  return (['F', 'q', 'spread_q'] as const).flatMap((figure) =>
    states.map(({ features, suffix }) => ({
      name: `persons_${figure}_${suffix}`,
      value: (at: number) => {
        const { mean, spread } = features[at];
        return figure === 'F' ? mean.statistic : figure === 'q' ? mean.q : spread.q;
      },
    })),
  );
}

function slopeColumns({ slopes }: TableAudit): readonly Column[] {
  return slopes.flatMap(({ column, before, after }) => [
    { name: `${column}_slope_before`, value: (at: number) => before[at] },
    { name: `${column}_slope_after`, value: (at: number) => after[at] },
  ]);
}

function siteColumns({ features }: TableAudit, model: CombatModel): readonly Column[] {
  const places = features.map((feature) => model.features.indexOf(feature));
  if (places.every((place) => place === -1)) {
    throw new ConcordError(
      'invalid-option',
      `invalid model: it has none of the audit's features (the model has ${listNames(model.features)}, the audit ${listNames(features)})`,
    );
  }
  const width = model.features.length;
  const effect = (of: (at: number, place: number) => number, site: number) => (feature: number) =>
    places[feature] === -1 ? NaN : of(site * width + places[feature], places[feature]);
  return model.sites.flatMap(({ name }, site) => [
    {
      name: `${name}_shift`,
      value: effect((at, place) => model.gammaStar[at] * model.pooledSd[place], site),
    },
    { name: `${name}_factor`, value: effect((at) => Math.sqrt(model.deltaStar[at]), site) },
  ]);
}
