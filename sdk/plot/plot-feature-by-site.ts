import type { FeatureCohort } from '../data/cohort';
import { selectFeatures } from '../data/cohort';
import type { JsonObject } from '../data/json';
import { siteCodes } from '../data/people/participants';
import { quantityTitle } from '../data/quantity';
import { adjustForCovariates } from './adjust-for-covariates';
import type { Figure, Trace } from './figure';
import { label, labels, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count, panelHeading, stretches } from './layout';
import type { CategoryStyle } from './panels/palette';
import { siteStyles, translucent } from './panels/palette';
import { siteShare } from '../evaluate/models/site-share';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** Options of {@link plotFeatureBySite}. */
export interface FeatureBySiteOptions {
  /** The unit of the feature, for the axis: `mm`. */
  readonly unit?: string;
  /**
   * Covariates whose effects are taken out of the values shown, estimated within sites, so that sites of different
   * age or sex can be compared.
   *
   * @defaultValue none
   */
  readonly adjustFor?: readonly string[];
  /** @defaultValue `'violin'` for up to 8 sites, `'box'` above */
  readonly shape?: 'violin' | 'box';
}

/** Above this many sites the panels are above each other and boxes replace violins. */
const manySites = 8;

/**
 * Draws one feature by site, before and after harmonization, on the same scale.
 *
 * @param after - the harmonized cohort; `null` draws the first cohort alone
 * @throws ConcordError `unknown-column` when a cohort lacks the feature or a covariate.
 *
 * @example
 * ```ts
 * show(plotFeatureBySite(cohort, after, 'left.fusiform', { unit: 'mm', adjustFor: ['age', 'sex'] }));
 * ```
 */
export function plotFeatureBySite(
  before: FeatureCohort,
  after: FeatureCohort | null,
  feature: string,
  options: FeatureBySiteOptions = {},
): Figure {
  requireCall('plotFeatureBySite', { before, after, feature, options });
  const states = after === null ? [before] : [before, after];
  const styles = siteStyles(states.flatMap((cohort) => cohort.participants.sites));
  const sites = [...styles.keys()];
  const { unit, adjustFor = [], shape = sites.length > manySites ? 'box' : 'violin' } = options;
  const stacked = sites.length > manySites;
  const panels = states.map((cohort) => adjustedValues(cohort, feature, adjustFor));
  const shares = panels.map((values, i) => siteShare(values, siteCodes(states[i].participants, sites)));
  const data = panels.flatMap((values, panel) =>
    siteTraces(values, states[panel].participants.sites, { styles, shape, panel }),
  );
  const headings = shares.map((share, i) => {
    const state = after === null ? '' : `${['before', 'after'][i]}: `;
    return `${state}site holds ${percent(share)} of the variance`;
  });
  const spans = stretches(states.length, stacked ? 0.2 : 0.1);
  return {
    data,
    layout: baseLayout(
      {
        title: `Does ${label(feature)} differ between sites?`,
        subtitle: describe(panels[0], adjustFor),
        height: stacked && after !== null ? 680 : 440,
      },
      {
        showlegend: false,
        violingap: 0.15,
        boxgap: 0.35,
        ...panelAxes({ stacked, spans }, label(quantityTitle({ name: feature, unit })), sites),
        annotations: headings.map((text, i) => {
          const [x, y] = panelCorner({ stacked, spans }, i);
          return panelHeading(text, x, y);
        }),
      },
    ),
  };
}

/** One feature of a cohort, with covariate effects taken out where asked. */
function adjustedValues(cohort: FeatureCohort, feature: string, adjustFor: readonly string[]): Float64Array {
  const values = selectFeatures(cohort, [feature]).features.values;
  return adjustFor.length === 0 ? values : adjustForCovariates(values, cohort.participants, adjustFor);
}

interface SiteTraceOptions {
  readonly styles: ReadonlyMap<string, CategoryStyle>;
  readonly shape: 'violin' | 'box';
  readonly panel: number;
}

function siteTraces(values: Float64Array, siteOf: readonly string[], options: SiteTraceOptions): Trace[] {
  const { styles, shape, panel } = options;
  return [...styles].map(([site, style]) => {
    const own = values.filter((value, row) => siteOf[row] === site && !Number.isNaN(value));
    // A handful of values makes no shape: show the values themselves.
    const points = own.length < 10 ? 'all' : 'outliers';
    const common = {
      name: label(site),
      x0: label(site),
      y: plainNumbers(own),
      xaxis: axisName('x', panel),
      yaxis: axisName('y', panel),
      line: { color: style.color, width: 1.5 },
      fillcolor: translucent(style.color, 0.35),
      marker: { color: style.color, size: 4, opacity: 0.7 },
    };
    return shape === 'box'
      ? { type: 'box', ...common, boxpoints: points }
      : {
          type: 'violin',
          ...common,
          points,
          spanmode: 'hard',
          scalemode: 'width',
          box: { visible: true, width: 0.2 },
          meanline: { visible: false },
        };
  });
}

/** How panels share the picture: side by side, or stacked from the top down; the stretch of each, from 0 to 1. */
interface Arrangement {
  readonly stacked: boolean;
  readonly spans: readonly [number, number][];
}

function panelAxes({ stacked, spans }: Arrangement, quantity: string, sites: readonly string[]): JsonObject {
  const entries = spans.flatMap((_, panel): [string, JsonObject][] => {
    const domain = spans[stacked ? spans.length - 1 - panel : panel];
    return [
      [
        axisKey('x', panel),
        axis('', {
          type: 'category',
          categoryorder: 'array',
          categoryarray: labels(sites),
          anchor: axisName('y', panel),
          showgrid: false,
          domain: stacked ? undefined : domain,
        }),
      ],
      [
        axisKey('y', panel),
        axis(stacked || panel === 0 ? quantity : '', {
          anchor: axisName('x', panel),
          zeroline: false,
          domain: stacked ? domain : undefined,
          matches: panel === 0 ? undefined : 'y',
        }),
      ],
    ];
  });
  return Object.fromEntries(entries);
}

/** The top left corner of a panel in paper coordinates. */
function panelCorner({ stacked, spans }: Arrangement, panel: number): [number, number] {
  return stacked ? [0, spans[spans.length - 1 - panel][1]] : [spans[panel][0], 1];
}

function describe(values: Float64Array, adjustFor: readonly string[]): string {
  const present = values.filter((value) => !Number.isNaN(value)).length;
  const missing = values.length - present;
  const subjects = `${counted(present, 'subject')}${missing === 0 ? '' : ` (${count(missing)} without a value left out)`}`;
  return adjustFor.length === 0
    ? `${subjects}; as measured, not adjusted for covariates`
    : `${subjects}; adjusted for ${labels(adjustFor).join(', ')} (slopes estimated within sites)`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? 'none' : `${(100 * share).toFixed(1)} %`;
}
