import { median } from 'simple-statistics';
import type { CombatModel, CombatSite } from '../combat/combat-model';
import { meanOnlyText } from '../combat/mean-only';
import { escapeHtml } from '../plot/html';
import { issuesView } from './issues-view';
import type { Cell, TableLimits } from './table-view';
import { tableView } from './table-view';
import type { View } from './view';
import { stacked } from './view';

/** A fitted ComBat model as a summary card: its settings, what each site does, and what was noticed. */
export function modelView(model: CombatModel, limits: TableLimits): View {
  const views = [settingsView(model), sitesView(model, limits)];
  return model.issues.length === 0 ? stacked(...views) : stacked(...views, issuesView(model.issues));
}

function settingsView(model: CombatModel): View {
  const { settings } = model;
  const passed = model.status.filter((status) => status !== 'harmonized').length;
  const subjects = model.sites.reduce((sum, site) => sum + site.subjects, 0);
  const title = `ComBat model: ${model.features.length.toLocaleString('en-US')} features, ${model.sites.length} sites, ${subjects.toLocaleString('en-US')} subjects`;
  const facts = [
    settings.preserve.length === 0 ? 'preserves no covariate' : `preserves ${settings.preserve.join(', ')}`,
    `empirical Bayes: ${settings.eb}`,
    meanOnlyText(settings.meanOnly),
    settings.reference === null
      ? 'harmonizes to the average of all subjects'
      : `harmonizes to ${settings.reference}`,
    ...(settings.transform === 'log' ? ['on the log scale'] : []),
    ...(passed === 0 ? [] : [`${passed} features passed through unchanged`]),
  ].join('; ');
  return {
    html: `<div class="concord-title">${escapeHtml(title)}</div><p class="concord-note">${escapeHtml(facts)}</p>`,
    text: `${title}\n${facts}`,
  };
}

function sitesView(model: CombatModel, limits: TableLimits): View {
  const columns: readonly {
    readonly name: string;
    readonly cell: (site: CombatSite, index: number) => Cell;
  }[] = [
    { name: 'site', cell: (site) => site.name },
    { name: 'subjects', cell: (site) => site.subjects },
    { name: 'adjusts', cell: (site) => site.adjusts },
    { name: 'median |shift| (SD)', cell: (_, index) => siteMedian(model, model.gammaStar, index) },
    { name: 'median widening (×)', cell: (_, index) => Math.sqrt(siteMedian(model, model.deltaStar, index)) },
    { name: 'iterations', cell: (site) => site.iterations },
  ];
  return tableView(
    {
      title: 'What each site does to the features',
      columns: columns.map((column) => column.name),
      rowCount: model.sites.length,
      cell: (row, column) => columns[column].cell(model.sites[row], row),
    },
    { maxRows: Math.max(30, limits.maxRows ?? 0) },
  );
}

/** The median size over the features of one site's row; `NaN` where nothing was estimated. */
function siteMedian(model: CombatModel, effects: Float64Array, site: number): number {
  const width = model.features.length;
  const own = Array.from(effects.subarray(site * width, (site + 1) * width), Math.abs).filter(
    Number.isFinite,
  );
  return own.length === 0 ? NaN : median(own);
}
