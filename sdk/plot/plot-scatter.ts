import { linearRegression } from 'simple-statistics';
import { requireCall } from '../data/calls/require-call';
import type { FeatureCohort } from '../data/cohort';
import { counted } from '../data/counted';
import type { JsonObject } from '../data/json';
import type { Quantity } from '../data/quantity';
import { quantityNamed, quantityTitle } from '../data/quantity';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count, legendHeight, panelHeading, stretches } from './layout';
import type { CategoryStyle } from './panels/palette';
import { neutral, siteStyles, strokeOf } from './panels/palette';
import { randomRows } from './random-rows';

/** Options of {@link plotScatter}. */
export interface ScatterOptions {
  /** The harmonized cohort, drawn beside the first on the same scales. */
  readonly after?: FeatureCohort;
  /**
   * Straight lines of least squares: one for each site, one for all, or none. They reach as far as their points do.
   *
   * @defaultValue `'by-site'`
   */
  readonly lines?: 'by-site' | 'all' | 'none';
  /** The unit of the features, for the axes: `mm`. Covariates have their own. */
  readonly unit?: string;
  /**
   * Above this many subjects a random part of them is drawn; lines are of all.
   *
   * @defaultValue `5000`
   */
  readonly maxSubjects?: number;
  /**
   * The seed of that choice.
   *
   * @defaultValue `0`
   */
  readonly seed?: number;
}

/** A line needs so many points; fewer say nothing of a slope. */
const fewestPoints = 3;

/**
 * Draws one quantity against another, colored by site, with a line for each site: does age act alike everywhere, and are the
 * sites apart? Every row counts by itself; nothing is adjusted for anything.
 *
 * @param x - a continuous covariate or a feature
 * @param y - the same
 * @throws ConcordError `unknown-column` with the nearest names when there is neither; `invalid-option` for a covariate with
 * levels.
 * @example
 * ```ts
 * show(plotScatter(cohort, 'age', 'left.fusiform', { lines: 'by-site', unit: 'mm' }));
 * show(plotScatter(cohort, 'age', 'left.fusiform', { after: harmonized }));
 * ```
 */
export function plotScatter(
  cohort: FeatureCohort,
  x: string,
  y: string,
  options: ScatterOptions = {},
): Figure {
  requireCall('plotScatter', { cohort, x, y, options });
  const { after, lines = 'by-site', unit } = options;
  const panels = [cohort, ...(after === undefined ? [] : [after])].map((state) => cloudOf(state, x, y));
  const styles = siteStyles(panels.flatMap(({ sites }) => sites));
  const spans = stretches(panels.length, 0.06);
  const legend = legendHeight(styles.size, 9);
  const fitted = panels.map((panel) => fitLines(panel, lines, [...styles.keys()]));
  const titles = [panels[0].x, panels[0].y].map((quantity) => label(titled(cohort, quantity, unit)));
  return {
    data: panels.flatMap((panel, at) => [
      ...pointTraces(panel, { styles, at, options }),
      ...fitted[at].map((line) => lineTrace(line, styles.get(line.site ?? ''), at)),
    ]),
    layout: baseLayout(
      {
        title: `How does ${label(y)} change with ${label(x)}?`,
        subtitle: describe(panels[0], fitted[0], { lines, sites: styles.size }),
        height: 460 + legend,
        bottom: 62 + legend,
      },
      {
        ...Object.fromEntries(panels.flatMap((_, at) => panelAxes(titles, at, spans[at]))),
        annotations:
          after === undefined
            ? []
            : ['before', 'after'].map((state, at) => panelHeading(state, spans[at][0], 1)),
      },
    ),
  };
}

/** The points of one state. */
interface Cloud {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly ids: readonly string[];
  readonly sites: readonly string[];
  /** The rows that have both quantities. */
  readonly complete: readonly number[];
}

function cloudOf(cohort: FeatureCohort, xName: string, yName: string): Cloud {
  const [x, y] = [xName, yName].map((name) => quantityNamed(cohort, name));
  const { ids, sites } = cohort.participants;
  const complete = [...ids.keys()].filter((row) => !Number.isNaN(x.values[row] + y.values[row]));
  return { x, y, ids, sites, complete };
}

function titled({ features }: FeatureCohort, quantity: Quantity, unit: string | undefined): string {
  const { name } = quantity;
  return quantityTitle(features.features.includes(name) && unit !== undefined ? { name, unit } : quantity);
}

/** A straight line over the stretch of its points; of all of them where it names no site. */
interface FittedLine {
  readonly site?: string;
  readonly slope: number;
  readonly points: number;
  readonly ends: readonly [readonly [number, number], readonly [number, number]];
}

function fitLines(
  cloud: Cloud,
  lines: 'by-site' | 'all' | 'none',
  sites: readonly string[],
): readonly FittedLine[] {
  if (lines === 'none') return [];
  if (lines === 'all') return fitLine(cloud, cloud.complete);
  return sites.flatMap((site) => {
    const own = cloud.complete.filter((row) => cloud.sites[row] === site);
    return fitLine(cloud, own).map((line) => ({ ...line, site }));
  });
}

/** The line through some rows, or none where they are too few or do not differ in x. */
function fitLine({ x, y }: Cloud, rows: readonly number[]): readonly FittedLine[] {
  const [low, high] = rows.reduce(
    ([least, most], row) => [Math.min(least, x.values[row]), Math.max(most, x.values[row])],
    [Infinity, -Infinity],
  );
  if (rows.length < fewestPoints || !(high > low)) return [];
  // From the middle of the stretch, so that large values do not eat the digits of the slope.
  const middle = (low + high) / 2;
  const { m, b } = linearRegression(rows.map((row) => [x.values[row] - middle, y.values[row]]));
  const at = (value: number): [number, number] => [value, b + m * (value - middle)];
  return [{ slope: m, points: rows.length, ends: [at(low), at(high)] }];
}

interface PointOptions {
  readonly styles: ReturnType<typeof siteStyles>;
  readonly at: number;
  readonly options: ScatterOptions;
}

function pointTraces(cloud: Cloud, { styles, at, options }: PointOptions): Trace[] {
  const { maxSubjects = 5000, seed = 0 } = options;
  const drawn = Array.from(
    randomRows(cloud.complete.length, maxSubjects, seed),
    (place) => cloud.complete[place],
  );
  return [...styles].map(([site, { color, symbol }]) => {
    const own = drawn.filter((row) => cloud.sites[row] === site);
    return {
      type: 'scatter',
      mode: 'markers',
      name: label(site),
      legendgroup: label(site),
      showlegend: at === 0,
      x: plainNumbers(own.map((row) => cloud.x.values[row])),
      y: plainNumbers(own.map((row) => cloud.y.values[row])),
      text: own.map((row) => `${label(cloud.ids[row])} (${label(site)})`),
      hovertemplate: '%{text}<br>%{x}, %{y}<extra></extra>',
      xaxis: axisName('x', at),
      yaxis: axisName('y', at),
      marker: { color, symbol, size: 5, opacity: 0.6 },
    };
  });
}

function lineTrace(
  { site, slope, points, ends }: FittedLine,
  style: CategoryStyle | undefined,
  at: number,
): Trace {
  const name = site === undefined ? 'all' : label(site);
  return {
    type: 'scatter',
    mode: 'lines',
    name: `${name}, line`,
    legendgroup: name,
    showlegend: false,
    x: plainNumbers(ends.map(([x]) => x)),
    y: plainNumbers(ends.map(([, y]) => y)),
    hovertemplate: `${name}: slope ${slope.toPrecision(3)} (${counted(points, 'point')})<extra></extra>`,
    xaxis: axisName('x', at),
    yaxis: axisName('y', at),
    line: { color: style?.color ?? neutral, width: 2, dash: style === undefined ? 'solid' : strokeOf(style) },
  };
}

function panelAxes(
  [x, y]: readonly string[],
  at: number,
  domain: readonly [number, number],
): [string, JsonObject][] {
  const matches = (letter: 'x' | 'y'): string | undefined => (at === 0 ? undefined : letter);
  return [
    [
      axisKey('x', at),
      axis(x, { domain, anchor: axisName('y', at), zeroline: false, matches: matches('x') }),
    ],
    [
      axisKey('y', at),
      axis(at === 0 ? y : '', { anchor: axisName('x', at), zeroline: false, matches: matches('y') }),
    ],
  ];
}

interface Description {
  readonly lines: 'by-site' | 'all' | 'none';
  readonly sites: number;
}

function describe({ ids, complete }: Cloud, fitted: readonly FittedLine[], about: Description): string {
  const { lines, sites } = about;
  const missing = ids.length - complete.length;
  const left = missing === 0 ? '' : ` (${count(missing)} without both values left out)`;
  const subjects = `${counted(complete.length, 'subject')}${left}; not adjusted for anything`;
  if (lines === 'none') return subjects;
  if (lines === 'all') {
    const [line] = fitted;
    const slope = fitted.length === 0 ? 'none could be drawn' : `slope ${line.slope.toPrecision(3)}`;
    return `${subjects}; line of least squares through all sites: ${slope}`;
  }
  const without = sites - fitted.length;
  const few = without === 0 ? '' : `; ${counted(without, 'site')} with too few points for one`;
  return `${subjects}; lines of least squares by site${few}`;
}
