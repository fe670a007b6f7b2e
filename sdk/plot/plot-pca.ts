import type { FeatureCohort } from '../data/cohort';
import type { Covariate } from '../data/people/covariate';
import type { JsonObject } from '../data/json';
import { covariateNamed } from '../data/people/participants';
import { quantityTitle } from '../data/quantity';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count, legendHeight, panelHeading, stretches } from './layout';
import { categoryStyle, neutral, siteStyles } from './panels/palette';
import type { PcaOptions, PcaProjection, PcaState } from './pca-projection';
import { projectOnComponents } from './pca-projection';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/**
 * Draws subjects on the first two principal components of their standardized features, before and after. Missing
 * cells take the median of their feature; constant features are left out. Signs of the components are arbitrary;
 * those after are turned to agree with those before where the subjects are the same.
 *
 * @param after - the harmonized cohort; without it, or with `null`, the first cohort is drawn alone
 * @throws ConcordError `unknown-column` when `colorBy` is neither `site` nor a covariate.
 * @example
 * ```ts
 * show(plotPca(cohort));
 * show(plotPca(cohort, harmonized, { colorBy: 'age' }));
 * ```
 */
export function plotPca(
  before: FeatureCohort,
  after: FeatureCohort | null = null,
  options: PcaOptions = {},
): Figure {
  requireCall('plotPca', { before, after, options });
  return drawPca(projectOnComponents(before, after, options), options.colorBy);
}

/** Draws what {@link projectOnComponents} found, as {@link plotPca} does: several colorings cost one computation. */
export function drawPca(projection: PcaProjection, colorBy = 'site'): Figure {
  const { before, states, axes } = projection;
  const spans = stretches(states.length, 0.1);
  const legend = legendHeight(legendEntries(before, colorBy), 9);
  return {
    data: states.flatMap((state, panel) => pointTraces(state, colorBy, panel)),
    layout: baseLayout(
      {
        title:
          colorBy === 'site'
            ? 'Do subjects cluster by site?'
            : `Do subjects still order by ${label(colorBy)}?`,
        subtitle: describe(projection),
        height: 460 + legend,
        bottom: 62 + legend,
      },
      {
        ...Object.fromEntries(
          states.flatMap((state, panel) =>
            panelAxes(state, panel, { domain: spans[panel], same: axes === 'before' }),
          ),
        ),
        annotations:
          states.length === 1
            ? []
            : ['before', 'after'].map((state, panel) => panelHeading(state, spans[panel][0], 1)),
      },
    ),
  };
}

/** What the legend has to name; a continuous covariate has a color bar instead. */
function legendEntries(cohort: FeatureCohort, colorBy: string): number {
  if (colorBy === 'site') return new Set(cohort.participants.sites).size;
  const covariate = covariateNamed(cohort.participants, colorBy);
  return covariate.kind === 'categorical' ? covariate.levels.length + 1 : 0;
}

function pointTraces(state: PcaState, colorBy: string, panel: number): Trace[] {
  const { participants } = state.cohort;
  if (colorBy === 'site') {
    return [...siteStyles(participants.sites)].map(([site, style]) =>
      points(state, panel, {
        rows: rowsWhere(participants.sites, (own) => own === site),
        extra: {
          name: label(site),
          marker: { color: style.color, symbol: style.symbol, size: 6, opacity: 0.85 },
        },
      }),
    );
  }
  return covariateTraces(state, covariateNamed(participants, colorBy), panel);
}

function covariateTraces(state: PcaState, covariate: Covariate, panel: number): Trace[] {
  if (covariate.kind === 'categorical') {
    const named = covariate.levels.map((level, code) => ({ level, code, style: categoryStyle(code) }));
    const all = [...named, { level: 'missing', code: -1, style: { color: neutral, symbol: 'x-thin-open' } }];
    return all
      .map(({ level, code, style }) => ({
        level,
        style,
        rows: rowsWhere(covariate.codes, (own) => own === code),
      }))
      .filter(({ level, rows }) => level !== 'missing' || rows.length > 0)
      .map(({ level, style, rows }) =>
        points(state, panel, {
          rows,
          extra: {
            name: label(level),
            marker: { color: style.color, symbol: style.symbol, size: 6, opacity: 0.85 },
          },
        }),
      );
  }
  const known = rowsWhere(covariate.values, (value) => !Number.isNaN(value));
  return [
    points(state, panel, {
      rows: known,
      extra: {
        name: label(covariate.name),
        showlegend: false,
        marker: {
          color: plainNumbers(known.map((row) => covariate.values[row])),
          colorscale: 'Cividis',
          size: 6,
          line: { color: neutral, width: 0.5 },
          showscale: panel === 0,
          colorbar: {
            title: { text: label(quantityTitle(covariate)), side: 'right' },
            thickness: 12,
            outlinewidth: 0,
          },
        },
      },
    }),
  ];
}

interface PointOptions {
  readonly rows: readonly number[];
  readonly extra: JsonObject & { readonly name: string };
}

function points(state: PcaState, panel: number, options: PointOptions): Trace {
  const { rows, extra } = options;
  const { ids, sites } = state.cohort.participants;
  return {
    type: 'scatter',
    mode: 'markers',
    x: plainNumbers(rows.map((row) => state.x[row])),
    y: plainNumbers(rows.map((row) => state.y[row])),
    text: rows.map((row) => `${label(ids[row])} (${label(sites[row])})`),
    hovertemplate: '%{text}<extra></extra>',
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
    legendgroup: extra.name,
    showlegend: panel === 0,
    ...extra,
  };
}

function rowsWhere<Value>(values: ArrayLike<Value>, keep: (value: Value) => boolean): number[] {
  return Array.from(values, (value, row) => (keep(value) ? row : -1)).filter((row) => row !== -1);
}

interface PanelOptions {
  readonly domain: [number, number];
  /** Whether both panels show the same components and so share their scales. */
  readonly same: boolean;
}

function panelAxes(state: PcaState, panel: number, { domain, same }: PanelOptions): [string, JsonObject][] {
  const title = (k: number): string => {
    const share = state.explained[k] ?? 0;
    return `component ${k + 1} (${(100 * share).toFixed(1)} % of ${same ? 'raw ' : ''}variance)`;
  };
  const matches = (letter: 'x' | 'y'): string | undefined => (same && panel === 1 ? letter : undefined);
  return [
    [axisKey('x', panel), axis(title(0), { domain, anchor: axisName('y', panel), matches: matches('x') })],
    [axisKey('y', panel), axis(title(1), { anchor: axisName('x', panel), matches: matches('y') })],
  ];
}

function describe({ states, before, axes }: PcaProjection): string {
  const all = before.participants.ids.length;
  const drawn = states[0].cohort.participants.ids.length;
  const subjects =
    drawn === all ? counted(all, 'subject') : `${count(drawn)} of ${count(all)} subjects, at random`;
  const basis =
    states.length === 1
      ? ''
      : `${axes === 'own' ? 'each state on its own components' : 'both on the components of the data before'}, `;
  const filled =
    states[0].imputed === 0 ? '' : `; ${count(states[0].imputed)} missing cells filled with medians`;
  return `${subjects}; ${basis}features standardized${filled}`;
}
