import type { CombatModel } from '../combat/combat-model';
import type { TableAudit } from '../evaluate/audit';
import { featureResults } from './feature-results';
import type { ReportTable } from './report-content';

/**
 * What an audit found of each feature as a table of a report: the features in which the sites differ most come first.
 *
 * @param model - the ComBat model that harmonized the table, for its shifts and factors; one of other features is left aside
 */
export function featureTable(audit: TableAudit, model?: CombatModel): ReportTable {
  const known = new Set(model?.features);
  const own = audit.features.some((feature) => known.has(feature)) ? model : undefined;
  const results = featureResults(audit, { model: own });
  const columns = Object.keys(results[0] ?? { feature: '' });
  const size = (value: string | number): number =>
    typeof value === 'number' && !Number.isNaN(value) ? value : -Infinity;
  const ordered = [...results].sort((a, b) => size(b['site_F_before']) - size(a['site_F_before']));
  const effects =
    own === undefined
      ? ''
      : ' SITE_shift and SITE_factor are what was taken from the scans of a site: its shift, in the unit of the feature' +
        `${own.settings.transform === 'log' ? "'s logarithm" : ''}, and the factor of its standard deviation.`;
  return {
    name: 'features',
    title: 'Feature by feature',
    caption:
      'Before harmonization and after, harmonized as a whole (in-sample): F of the site beyond the covariates, q by Benjamini and ' +
      'Hochberg, the share of variance that the site explains (partial R², the effect size), q of a difference in spread ' +
      '(Brown and Forsythe), and slopes on covariates in standard deviations of the raw residuals per unit.' +
      effects,
    columns,
    rows: ordered.map((row) => columns.map((column) => row[column])),
  };
}
