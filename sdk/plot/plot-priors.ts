import { gammaln } from 'simple-statistics';
import type { CombatModel, CombatPrior } from '../combat/combat-model';
import type { JsonObject } from '../data/json';
import { unknownSites } from '../data/people/unknown-site';
import type { DensityCurve } from './density';
import { densityCurve } from './density';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, panelHeading, stretches } from './layout';
import { neutral, siteStyles, translucent } from './panels/palette';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/**
 * Draws the priors that empirical Bayes fitted for each site against what it fitted them to: the filled curve is
 * the distribution over features of the estimates γ̂ (left) and δ̂² (right), the dashed line the normal and inverse
 * gamma prior. Where the two disagree, shrinkage is misled, and `eb: 'nonparametric'` is the remedy
 * (Johnson, Li & Rabinovic 2007, figure 2).
 *
 * @param site - one site only; by default all, as small multiples
 * @throws ConcordError `unknown-site` when the model was not fitted on that site.
 *
 * @example
 * ```ts
 * show(plotPriors(model, 'Kiel'));
 * ```
 */
export function plotPriors(model: CombatModel, site?: string): Figure {
  requireCall('plotPriors', { model, site });
  const chosen = model.sites.flatMap(({ name }, index) =>
    site === undefined || name === site ? [index] : [],
  );
  if (site !== undefined && chosen.length === 0) {
    throw unknownSites(
      [site],
      model.sites.map(({ name }) => name),
    );
  }
  const grid = panelGrid(chosen.length);
  const data = chosen.flatMap((index, place) => siteTraces(model, index, place));
  const harmonized = model.status.filter((status) => status === 'harmonized').length;
  return {
    data,
    layout: baseLayout(
      {
        title: 'Do the priors fit what was estimated?',
        subtitle:
          `filled: estimates over ${counted(harmonized, 'feature')}; dashed line: the fitted prior ` +
          '(normal for the shift γ, inverse gamma for the variance ratio δ²)',
        height: 170 + grid.rows * 130,
        bottom: 50,
      },
      {
        showlegend: false,
        ...gridAxes(chosen.length, {
          location: range(model, chosen, 'gammaHat'),
          scale: range(model, chosen, 'deltaHat'),
        }),
        annotations: chosen.map((index, place) => {
          const { x, y } = corner(chosen.length, place);
          return panelHeading(heading(model, index), x, y);
        }),
      },
    ),
  };
}

/** Panels are in pairs, one pair per site; above six sites two pairs share a row. */
function panelGrid(sites: number): { readonly rows: number; readonly pairs: number } {
  const pairs = sites > 6 ? 2 : 1;
  return { rows: Math.ceil(sites / pairs), pairs };
}

function heading(model: CombatModel, index: number): string {
  const { name, prior, adjusts } = model.sites[index];
  if (adjusts === 'reference') return `${label(name)} (reference, left as it is)`;
  return prior === null ? `${label(name)} (no prior: empirical Bayes is off)` : label(name);
}

function estimates(model: CombatModel, index: number, which: 'gammaHat' | 'deltaHat'): Float64Array {
  const width = model.features.length;
  return model[which].subarray(index * width, (index + 1) * width);
}

function siteTraces(model: CombatModel, index: number, place: number): Trace[] {
  const { name, prior } = model.sites[index];
  const color = siteStyles(model.sites.map((entry) => entry.name)).get(name)?.color ?? neutral;
  return (['gammaHat', 'deltaHat'] as const).flatMap((which, side) => {
    const panel = 2 * place + side;
    const curve = densityCurve(estimates(model, index, which));
    const observed = curve === null ? [] : [areaTrace(curve, color, panel)];
    const fitted = prior === null ? null : priorCurve(prior, side === 0 ? 'location' : 'scale');
    return fitted === null ? observed : [...observed, lineTrace(fitted, panel)];
  });
}

function areaTrace(curve: DensityCurve, color: string, panel: number): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'estimates',
    x: plainNumbers(curve.x),
    y: plainNumbers(curve.y),
    fill: 'tozeroy',
    fillcolor: translucent(color, 0.4),
    line: { color, width: 1 },
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
  };
}

function lineTrace(curve: DensityCurve, panel: number): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'prior',
    x: plainNumbers(curve.x),
    y: plainNumbers(curve.y),
    line: { color: neutral, width: 2.5, dash: 'dash' },
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
  };
}

/** The density of a prior over the range where it has weight; `null` where it is degenerate. */
function priorCurve(prior: CombatPrior, which: 'location' | 'scale'): DensityCurve | null {
  const steps = Array.from({ length: 161 }, (_, i) => i / 160);
  if (which === 'location') {
    const sd = Math.sqrt(prior.locationVariance);
    const x = steps.map((step) => prior.locationMean + (8 * step - 4) * sd);
    return finite({ x, y: x.map((at) => normalDensity(at, prior.locationMean, sd)) });
  }
  const { scaleShape, scaleScale } = prior;
  const mean = scaleScale / (scaleShape - 1);
  const sd = mean / Math.sqrt(scaleShape - 2);
  const low = Math.max(mean - 4 * sd, mean / 100);
  const x = steps.map((step) => low + step * (mean + 5 * sd - low));
  return finite({ x, y: x.map((at) => inverseGammaDensity(at, scaleShape, scaleScale)) });
}

function finite(curve: DensityCurve): DensityCurve | null {
  return [...curve.x, ...curve.y].every(Number.isFinite) ? curve : null;
}

/** The density of the normal distribution. */
export function normalDensity(x: number, mean: number, sd: number): number {
  return Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
}

/** The density of the inverse gamma distribution, `scale^shape / Γ(shape) · x^(−shape−1) · exp(−scale / x)`. */
export function inverseGammaDensity(x: number, shape: number, scale: number): number {
  return Math.exp(shape * Math.log(scale) - gammaln(shape) - (shape + 1) * Math.log(x) - scale / x);
}

/** The range that holds all but the outermost half percent of estimates at each end, with a margin. */
function range(
  model: CombatModel,
  chosen: readonly number[],
  which: 'gammaHat' | 'deltaHat',
): [number, number] {
  const width = model.features.length;
  const joined = new Float64Array(chosen.length * width);
  chosen.forEach((index, place) => joined.set(estimates(model, index, which), place * width));
  const all = joined.filter(Number.isFinite).sort();
  if (all.length === 0) return [0, 1];
  const low = all[Math.floor(0.005 * (all.length - 1))];
  const high = all[Math.ceil(0.995 * (all.length - 1))];
  const margin = 0.15 * (high - low) + 0.05;
  return [which === 'deltaHat' ? Math.max(0, low - margin) : low - margin, high + margin];
}

interface Ranges {
  readonly location: [number, number];
  readonly scale: [number, number];
}

function gridAxes(sites: number, ranges: Ranges): JsonObject {
  const { rows, pairs } = panelGrid(sites);
  const columns = stretches(2 * pairs, 0.05);
  const bands = stretches(rows, 0.34 / rows).reverse();
  const entries = Array.from({ length: 2 * sites }, (_, panel): [string, JsonObject][] => {
    const place = Math.floor(panel / 2);
    const side = panel % 2;
    const row = Math.floor(place / pairs);
    const last = place + pairs >= sites;
    const title = side === 0 ? 'γ̂ (pooled SD)' : 'δ̂² (variance ratio)';
    return [
      [
        axisKey('x', panel),
        axis(last ? title : '', {
          domain: columns[2 * (place % pairs) + side],
          anchor: axisName('y', panel),
          range: side === 0 ? ranges.location : ranges.scale,
          showticklabels: last,
          ticks: last ? undefined : '',
          zeroline: side === 0,
        }),
      ],
      [
        axisKey('y', panel),
        axis('', {
          domain: bands[row],
          anchor: axisName('x', panel),
          showticklabels: false,
          ticks: '',
          rangemode: 'tozero',
          showgrid: false,
        }),
      ],
    ];
  });
  return Object.fromEntries(entries.flat());
}

function corner(sites: number, place: number): { readonly x: number; readonly y: number } {
  const { rows, pairs } = panelGrid(sites);
  const columns = stretches(2 * pairs, 0.05);
  const bands = stretches(rows, 0.34 / rows).reverse();
  return { x: columns[2 * (place % pairs)][0], y: bands[Math.floor(place / pairs)][1] };
}
