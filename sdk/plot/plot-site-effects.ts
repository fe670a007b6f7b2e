import type { CombatModel } from '../combat/combat-model';
import type { JsonObject } from '../data/json';
import type { Figure, Trace } from './figure';
import { label, labels, plainNumber } from './figure';
import { axis, axisName, baseLayout, count } from './layout';
import { diverging } from './panels/palette';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** Options of {@link plotSiteEffects}. */
export interface SiteEffectsOptions {
  /**
   * `applied`: the effects as removed, after empirical Bayes (γ*, δ*²); `estimated`: as measured (γ̂, δ̂²).
   *
   * @defaultValue `'applied'`
   */
  readonly effects?: 'applied' | 'estimated';
  /**
   * The most features drawn; those with the largest location effect at any site are kept.
   *
   * @defaultValue `80`
   */
  readonly maxFeatures?: number;
}

/**
 * Draws what each site does to each feature: on the left how far it shifts it, in pooled standard deviations, on
 * the right by what factor it widens it (√δ²), on a logarithmic scale. Blue is lower or narrower, red higher or
 * wider than the average of all subjects (or than the reference site); gaps could not be estimated.
 *
 * @example
 * ```ts
 * show(plotSiteEffects(await fitCombat(cohort, { preserve: ['age', 'sex'] })));
 * ```
 */
export function plotSiteEffects(model: CombatModel, options: SiteEffectsOptions = {}): Figure {
  requireCall('plotSiteEffects', { model, options });
  const { effects = 'applied', maxFeatures = 80 } = options;
  const [gamma, delta] =
    effects === 'applied' ? [model.gammaStar, model.deltaStar] : [model.gammaHat, model.deltaHat];
  const sites = labels(model.sites.map((site) => site.name));
  const { shown, leading } = orderedFeatures(model, gamma, maxFeatures);
  const names = labels(shown.map((feature) => model.features[feature]));
  const cells = (value: (at: number) => number): number[][] =>
    shown.map((feature) => sites.map((_, site) => value(site * model.features.length + feature)));
  const location = cells((at) => gamma[at]);
  const scale = cells((at) => Math.log2(delta[at]) / 2);
  const upright = sites.length > 6;
  const above = 26 + (upright ? 7 * Math.max(...sites.map((site) => site.length)) : 0);
  const height = Math.max(320, 15 * shown.length + above + 165);
  return {
    data: [
      heatmap(location, names, sites, { panel: 0, height, bar: locationBar(largest(location)) }),
      heatmap(scale, names, sites, { panel: 1, height, bar: scaleBar(largest(scale)) }),
    ],
    layout: baseLayout(
      {
        title: 'What does each site do to the features?',
        subtitle: describe(model, { effects, shown: shown.length, leading }),
        height,
        above,
        bottom: 70,
      },
      {
        xaxis: siteAxis('shift γ (pooled standard deviations)', [0, 0.49], upright),
        xaxis2: siteAxis('widening √δ² (factor of the standard deviation)', [0.51, 1], upright),
        yaxis: featureAxis(),
      },
    ),
  };
}

interface Description {
  readonly effects: 'applied' | 'estimated';
  readonly shown: number;
  readonly leading: string;
}

function describe(model: CombatModel, { effects, shown, leading }: Description): string {
  const { reference } = model.settings;
  const base = reference === null ? 'the average of all subjects' : `site ${label(reference)}`;
  const all = model.status.filter((status) => status === 'harmonized').length;
  const limit =
    shown === all ? counted(all, 'feature') : `the ${count(shown)} of ${count(all)} features that shift most`;
  return `${limit}; effects as ${effects}, against ${base}; sorted by the shift at ${label(leading)}`;
}

function siteAxis(title: string, domain: readonly [number, number], upright: boolean): JsonObject {
  return axis(title, {
    domain,
    type: 'category',
    showgrid: false,
    side: 'top',
    tickangle: upright ? -90 : 0,
  });
}

function featureAxis(): JsonObject {
  return axis('', {
    type: 'category',
    autorange: 'reversed',
    showgrid: false,
    tickfont: { size: 10 },
    dtick: 1,
  });
}

interface Order {
  /** The features to draw, in order. */
  readonly shown: readonly number[];
  /** The site by which they are sorted: the one that shifts them most. */
  readonly leading: string;
}

/** The harmonized features with the largest shift at any site, sorted by their shift at the site that shifts most. */
function orderedFeatures(model: CombatModel, gamma: Float64Array, most: number): Order {
  const width = model.features.length;
  const shift = (feature: number, site: number): number => gamma[site * width + feature] || 0;
  const sizes = Float64Array.from(model.features, (_, feature) =>
    model.sites.reduce((size, _site, site) => Math.max(size, Math.abs(shift(feature, site))), 0),
  );
  const kept = [...model.features.keys()]
    .filter((feature) => model.status[feature] === 'harmonized')
    .sort((a, b) => sizes[b] - sizes[a])
    .slice(0, most);
  const totals = model.sites.map((_, site) =>
    kept.reduce((sum, feature) => sum + Math.abs(shift(feature, site)), 0),
  );
  const leading = totals.indexOf(Math.max(...totals));
  return {
    shown: kept.sort((a, b) => shift(b, leading) - shift(a, leading)),
    leading: model.sites[leading].name,
  };
}

function largest(rows: readonly (readonly number[])[]): number {
  const size = rows.flat().reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  return size > 0 ? size : 1;
}

interface HeatmapOptions {
  readonly panel: number;
  readonly height: number;
  readonly bar: {
    readonly limit: number;

    readonly ticks: JsonObject;
    readonly hover: string;
  };
}

function heatmap(
  rows: readonly (readonly number[])[],
  features: readonly string[],
  sites: readonly string[],
  options: HeatmapOptions,
): Trace {
  const { panel, bar, height } = options;
  return {
    type: 'heatmap',
    x: sites,
    y: features,
    z: rows.map((row) => row.map(plainNumber)),
    xaxis: axisName('x', panel),
    yaxis: 'y',
    zmin: -bar.limit,
    zmax: bar.limit,
    zmid: 0,
    colorscale: diverging,
    xgap: 1,
    ygap: 1,
    hoverongaps: false,
    hovertemplate: `%{y}<br>site %{x}<br>${bar.hover}<extra></extra>`,
    colorbar: {
      orientation: 'h',
      thickness: 10,
      len: 0.4,
      x: panel === 0 ? 0.245 : 0.755,
      xanchor: 'center',
      yref: 'container',
      y: 16 / height,
      yanchor: 'bottom',
      outlinewidth: 0,
      ...bar.ticks,
    },
  };
}

function locationBar(limit: number): HeatmapOptions['bar'] {
  return {
    limit,
    ticks: { nticks: 5 },
    hover: 'γ = %{z:.3f} SD',
  };
}

/** Ticks at plain factors around 1, as far as the scale reaches. */
function scaleBar(limit: number): HeatmapOptions['bar'] {
  const factors =
    limit > 1.2
      ? [0.125, 0.25, 0.5, 1, 2, 4, 8]
      : limit > 0.4
        ? [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2]
        : [0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25];
  const inside = factors.filter((factor) => Math.abs(Math.log2(factor)) <= limit);
  return {
    limit,
    ticks: {
      tickvals: inside.map((factor) => plainNumber(Math.log2(factor))),
      ticktext: inside.map((factor) => `×${factor}`),
    },
    hover: 'log₂ √δ² = %{z:.3f}',
  };
}
