import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { applyScaling, fitScaling } from '../evaluate/scaling';
import type { Covariate } from '../data/covariate';
import type { JsonObject } from '../data/json';
import { covariateNamed } from '../data/participants';
import { makeRandom, permutation } from '../math/random';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count, panelHeading, stretches } from './layout';
import { categoryStyle, neutral, siteStyles } from './palette';
import type { StandardizedFeatures } from './principal-components';
import { principalComponents, scores } from './principal-components';

/** Options of {@link plotPca}. */
export interface PcaOptions {
  /**
   * `site`, or the name of a covariate.
   *
   * @defaultValue `'site'`
   */
  readonly colorBy?: string;
  /**
   * Whose components span the picture. `own`: each state its own, so that what is left of the site shows wherever
   * it is now. `before`: both the components of the raw data; this shows how subjects moved, but flatters, since
   * the directions of the site effect are those that were removed.
   *
   * @defaultValue `'own'`
   */
  readonly axes?: 'own' | 'before';
  /**
   * Above this many subjects a random part of them is used and drawn.
   *
   * @defaultValue `2000`
   */
  readonly maxSubjects?: number;
  /**
   * The seed of that choice.
   *
   * @defaultValue `0`
   */
  readonly seed?: number;
}

/** The scores of one state on two components, with what they explain. */
interface State {
  readonly cohort: FeatureCohort;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly explained: readonly number[];
  readonly imputed: number;
}

/**
 * Draws subjects on the first two principal components of their standardized features, before and after. Missing
 * cells take the median of their feature; constant features are left out. Signs of the components are arbitrary;
 * those after are turned to agree with those before where the subjects are the same.
 *
 * @throws ConcordError `unknown-column` when `colorBy` is neither `site` nor a covariate.
 */
export function plotPca(before: FeatureCohort, after: FeatureCohort, options: PcaOptions = {}): Figure {
  const { colorBy = 'site', axes = 'own', maxSubjects = 2000, seed = 0 } = options;
  const parts = [before, after].map((cohort) => thin(cohort, maxSubjects, seed));
  const first = projected(parts[0], parts[0]);
  const second = aligned(projected(parts[1], axes === 'own' ? parts[1] : parts[0]), first);
  const states = [first, second];
  const spans = stretches(2, 0.1);
  const rows = legendRows(before, colorBy);
  return {
    data: states.flatMap((state, panel) => pointTraces(state, colorBy, panel)),
    layout: baseLayout(
      {
        title:
          colorBy === 'site'
            ? 'Do subjects cluster by site?'
            : `Do subjects still order by ${label(colorBy)}?`,
        subtitle: describe(states, before.participants.ids.length, axes),
        height: 460 + 22 * rows,
        bottom: 62 + 22 * rows,
      },
      {
        ...Object.fromEntries(
          states.flatMap((state, panel) =>
            panelAxes(state, panel, { domain: spans[panel], same: axes === 'before' }),
          ),
        ),
        annotations: ['before', 'after'].map((state, panel) => panelHeading(state, spans[panel][0], 1)),
      },
    ),
  };
}

/** How many lines the legend needs; a continuous covariate has a colour bar instead. */
function legendRows(cohort: FeatureCohort, colorBy: string): number {
  if (colorBy === 'site') return Math.ceil(new Set(cohort.participants.sites).size / 9);
  const covariate = covariateNamed(cohort.participants, colorBy);
  return covariate.kind === 'categorical' ? Math.ceil((covariate.levels.length + 1) / 9) : 0;
}

/** A random part of a cohort's subjects, in their order. */
function thin(cohort: FeatureCohort, most: number, seed: number): FeatureCohort {
  const total = cohort.participants.ids.length;
  if (total <= most) return cohort;
  return takeSubjects(cohort, permutation(total, makeRandom(seed)).slice(0, most).sort());
}

/** Scores of a cohort on the first two components of another (or itself). */
function projected(cohort: FeatureCohort, basis: FeatureCohort): State {
  const scaling = fitScaling(basis.features);
  const standardized = ({ features }: FeatureCohort): StandardizedFeatures => ({
    values: applyScaling(scaling, features),
    rows: features.subjects.length,
    columns: features.features.length,
  });
  const { directions, explained } = principalComponents(standardized(basis), 2);
  const own = standardized(cohort);
  const [x, y] = [0, 1].map((k) =>
    k < directions.length ? scores(own, directions[k]) : new Float64Array(own.rows),
  );
  const imputed = cohort.features.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  return { cohort, x, y, explained, imputed };
}

/** The state with each component's sign turned to agree with another state of the same subjects. */
function aligned(state: State, other: State): State {
  const turn = (own: Float64Array, reference: Float64Array): Float64Array => {
    if (own.length !== reference.length) return own;
    const agreement = own.reduce((sum, value, i) => sum + value * reference[i], 0);
    return agreement < 0 ? own.map((value) => -value) : own;
  };
  return { ...state, x: turn(state.x, other.x), y: turn(state.y, other.y) };
}

function pointTraces(state: State, colorBy: string, panel: number): Trace[] {
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

function covariateTraces(state: State, covariate: Covariate, panel: number): Trace[] {
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
  const title = covariate.unit === undefined ? covariate.name : `${covariate.name} (${covariate.unit})`;
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
          showscale: panel === 1,
          colorbar: { title: { text: label(title), side: 'right' }, thickness: 12, outlinewidth: 0 },
        },
      },
    }),
  ];
}

interface PointOptions {
  readonly rows: readonly number[];
  readonly extra: JsonObject & { readonly name: string };
}

function points(state: State, panel: number, options: PointOptions): Trace {
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

function panelAxes(state: State, panel: number, { domain, same }: PanelOptions): [string, JsonObject][] {
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

function describe(states: readonly State[], all: number, axes: 'own' | 'before'): string {
  const drawn = states[0].cohort.participants.ids.length;
  const subjects =
    drawn === all ? `${count(all)} subjects` : `${count(drawn)} of ${count(all)} subjects, at random`;
  const basis =
    axes === 'own' ? 'each state on its own components' : 'both on the components of the data before';
  const filled =
    states[0].imputed === 0 ? '' : `; ${count(states[0].imputed)} missing cells filled with medians`;
  return `${subjects}; ${basis}, features standardized${filled}`;
}
