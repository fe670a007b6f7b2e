import type { FeatureCohort } from '../data/cohort';
import { selectFeatures } from '../data/cohort';
import type { JsonObject } from '../data/json';
import { columnAt } from '../data/feature-matrix';
import { densityCurve } from './density';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, legendHeight, panelHeading, stretches } from './layout';
import type { CategoryStyle } from './panels/palette';
import { siteStyles, strokeOf } from './panels/palette';
import { featuresBySiteShare } from '../evaluate/models/site-share';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** Options of {@link plotDensities}. */
export interface DensitiesOptions {
  /** @defaultValue the 4 features in which the sites of `before` differ most */
  readonly features?: readonly string[];
  /** The unit of the features, for the axes. */
  readonly unit?: string;
}

/**
 * Draws the density of several features by site: a row per feature, before on the left, after on the right, on the
 * same scale. Sites with fewer than three values have no curve.
 *
 * @throws ConcordError `unknown-column` when a cohort lacks a feature.
 *
 * @example
 * ```ts
 * show(plotDensities(cohort, after, { unit: 'mm' }));
 * ```
 */
export function plotDensities(
  before: FeatureCohort,
  after: FeatureCohort,
  options: DensitiesOptions = {},
): Figure {
  requireCall('plotDensities', { before, after, options });
  const { features = featuresBySiteShare(before).slice(0, 4), unit } = options;
  const styles = siteStyles([...before.participants.sites, ...after.participants.sites]);
  const states = [selectFeatures(before, features), selectFeatures(after, features)];
  const named = new Set<string>();
  const data = features.flatMap((_, row) =>
    states.flatMap((cohort, side) => curves(cohort, row, { styles, panel: 2 * row + side, named })),
  );
  const height = 150 + 170 * features.length;
  const chosen =
    options.features === undefined ? 'the features in which sites differ most' : 'chosen features';
  return {
    data,
    layout: baseLayout(
      {
        title: 'Do the sites have the same distributions?',
        subtitle: `${chosen}; ${counted(before.participants.ids.length, 'subject')}, as measured; each curve has area 1`,
        height,
        bottom: 70 + legendHeight(styles.size, 8),
      },
      { ...gridAxes(features.length, unit), annotations: headings(features) },
    ),
  };
}

interface CurveOptions {
  readonly styles: ReadonlyMap<string, CategoryStyle>;
  readonly panel: number;
  /** The sites that the legend has: each by its first curve, which need not be in the first panel. */
  readonly named: Set<string>;
}

function curves(cohort: FeatureCohort, column: number, options: CurveOptions): Trace[] {
  const values = columnAt(cohort.features, column);
  return [...options.styles].flatMap(([site, style]) => {
    const own = values.filter((_, row) => cohort.participants.sites[row] === site);
    const curve = densityCurve(own);
    if (curve === null) return [];
    const isFirst = !options.named.has(site);
    options.named.add(site);
    return [
      {
        type: 'scatter',
        mode: 'lines',
        name: label(site),
        legendgroup: label(site),
        showlegend: isFirst,
        x: plainNumbers(curve.x),
        y: plainNumbers(curve.y),
        xaxis: axisName('x', options.panel),
        yaxis: axisName('y', options.panel),
        line: { color: style.color, width: 2, dash: strokeOf(style) },
      },
    ];
  });
}

const rowGap = (rows: number): number => 0.3 / rows;

function gridAxes(rows: number, unit: string | undefined): JsonObject {
  const columns = stretches(2, 0.08);
  const bands = stretches(rows, rowGap(rows)).reverse();
  const entries = bands.flatMap((band, row) =>
    [0, 1].flatMap((side): [string, JsonObject][] => {
      const panel = 2 * row + side;
      const left = 2 * row;
      return [
        [
          axisKey('x', panel),
          axis(unit !== undefined && row === rows - 1 ? label(unit) : '', {
            domain: columns[side],
            anchor: axisName('y', panel),
            zeroline: false,
            matches: side === 0 ? undefined : axisName('x', left),
          }),
        ],
        [
          axisKey('y', panel),
          axis(side === 0 ? 'density' : '', {
            domain: band,
            anchor: axisName('x', panel),
            rangemode: 'tozero',
            showticklabels: false,
            ticks: '',
            matches: side === 0 ? undefined : axisName('y', left),
          }),
        ],
      ];
    }),
  );
  return Object.fromEntries(entries);
}

function headings(features: readonly string[]): JsonObject[] {
  const columns = stretches(2, 0.08);
  const bands = stretches(features.length, rowGap(features.length)).reverse();
  return features.flatMap((feature, row) =>
    ['before', 'after'].map((state, side) =>
      panelHeading(`${label(feature)}, ${state}`, columns[side][0], bands[row][1]),
    ),
  );
}
