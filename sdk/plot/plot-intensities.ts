import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { imageRanges, takeSubjects } from '../data/cohort';
import type { JsonObject } from '../data/json';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import { streamUncompared } from '../math/images/stream-volumes';
import { requireCount } from '../data/require-count';
import type { DensityCurve } from './density';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { intensityCurve } from './intensity-curve';
import { axis, axisKey, axisName, baseLayout, count, legendHeight, panelHeading, stretches } from './layout';
import type { CategoryStyle } from './panels/palette';
import { siteStyles, strokeOf, translucent } from './panels/palette';
import { shownValues } from './panels/shown-values';
import { requireCall } from '../data/calls/require-call';

/** A cohort of scans or of slices. */
export type SeenCohort = VolumeCohort | ImageCohort;

/** Options of {@link plotIntensities}. */
export interface IntensitiesOptions extends RunOptions {
  /** The same scans after a step, drawn to the right on a scale of their own. */
  readonly after?: SeenCohort;
  /**
   * The most scans drawn, spread evenly over the cohort; the rest is counted.
   *
   * @defaultValue `200`
   */
  readonly maxScans?: number;
  /** The unit of the intensities, for the axes. */
  readonly unit?: string;
}

/** Of more voxels, evenly spaced ones stand in for them all: a curve of 200 bins does not show the difference. */
const voxels = 1 << 17;

/**
 * Draws how often each intensity occurs in the mask, or where there is none in what is not 0: a thin line per scan in
 * the color of its site. Scans are opened one at a time; those that cannot be used are left out and counted.
 *
 * @throws ConcordError `aborted` when canceled; `invalid-option`.
 *
 * @example
 * ```ts
 * show(await plotIntensities(raw, { after: normalized, onProgress: progressBar() }));
 * ```
 */
export async function plotIntensities(cohort: SeenCohort, options: IntensitiesOptions = {}): Promise<Figure> {
  requireCall('plotIntensities', { cohort, options });
  const { after, maxScans = 200, unit } = options;
  requireCount('maxScans', maxScans);
  const states = after === undefined ? [cohort] : [cohort, after];
  const taken = states.map((state) => evenly(state, maxScans));
  const curves: (DensityCurve | null)[][] = [];
  for (const state of taken) curves.push(await cohortCurves(state, options));
  const styles = siteStyles(states.flatMap((state) => state.participants.sites));
  const data = taken.flatMap((state, panel) =>
    [...styles].flatMap(([site, style]) => {
      const own = curves[panel].filter((_, row) => state.participants.sites[row] === site);
      return siteTraces(site, own, { style, panel });
    }),
  );
  return {
    data,
    layout: baseLayout(
      {
        title: 'Do the sites have the same intensities?',
        subtitle: subtitle(states[0], curves),
        height: 420,
        bottom: 80 + legendHeight(styles.size, 8),
      },
      panels(states.length, unit),
    ),
  };
}

function evenly(cohort: SeenCohort, most: number): SeenCohort {
  const size = cohort.participants.ids.length;
  if (size <= most) return cohort;
  return takeSubjects(
    cohort,
    Array.from({ length: most }, (_, i) => Math.floor((i * size) / most)),
  );
}

/** A curve for each participant; `null` where the scan cannot be used or its intensities do not differ. */
async function cohortCurves(
  cohort: SeenCohort,
  { signal, onProgress }: RunOptions,
): Promise<(DensityCurve | null)[]> {
  const curves = cohort.participants.ids.map((): DensityCurve | null => null);
  if (cohort.kind === 'volumes') {
    // A picture only: what is unlike shows.
    await streamUncompared(
      cohort,
      (volume, row) => {
        curves[row] = intensityCurve(shownValues(volume, voxels));
      },
      { signal, onProgress, label: 'reading intensities' },
    );
    return curves;
  }
  const { data, mask, shape } = cohort.images;
  const [, height, width, channels] = shape;
  const area = height * width;
  for (const [row, [from, to]] of imageRanges(cohort).entries()) {
    if (row % 32 === 0) await breathe(signal);
    const own = middleChannel(data.subarray(from * area * channels, to * area * channels), channels);
    const inside = mask?.subarray(from * area, to * area);
    curves[row] = intensityCurve(shownValues({ data: own, mask: inside }, voxels));
  }
  return curves;
}

function middleChannel(data: Float32Array, channels: number): Float32Array {
  if (channels === 1) return data;
  return Float32Array.from(
    { length: data.length / channels },
    (_, i) => data[i * channels + (channels >> 1)],
  );
}

/** All curves of a site as one trace, a gap between them. */
function siteTraces(
  site: string,
  curves: readonly (DensityCurve | null)[],
  { style, panel }: { readonly style: CategoryStyle; readonly panel: number },
): Trace[] {
  const drawn = curves.filter((curve) => curve !== null);
  if (drawn.length === 0) return [];
  const opacity = Math.max(0.25, Math.min(0.85, 6 / drawn.length));
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: `${label(site)} (${drawn.length})`,
      legendgroup: label(site),
      showlegend: panel === 0,
      hoverinfo: 'name',
      x: drawn.flatMap((curve) => [...plainNumbers(curve.x), null]),
      y: drawn.flatMap((curve) => [...plainNumbers(curve.y), null]),
      xaxis: axisName('x', panel),
      yaxis: axisName('y', panel),
      line: { color: translucent(style.color, opacity), width: 1.2, dash: strokeOf(style) },
    },
  ];
}

function subtitle(cohort: SeenCohort, curves: readonly (readonly (DensityCurve | null)[])[]): string {
  const size = cohort.participants.ids.length;
  const missing = curves.map((own) => own.filter((curve) => curve === null).length);
  const lost = Math.max(...missing);
  return [
    `a line per scan, ${count(curves[0].length)}${curves[0].length < size ? ` of ${count(size)}` : ''} scans`,
    ...(lost === 0 ? [] : [`${count(lost)} could not be used and ${lost === 1 ? 'is' : 'are'} left out`]),
    'in the mask, or what is not 0',
    'each line has area 1',
  ].join('; ');
}

function panels(states: number, unit: string | undefined): JsonObject {
  const columns = stretches(states, 0.08);
  const title = unit === undefined ? 'intensity' : `intensity (${label(unit)})`;
  const entries = columns.flatMap((domain, panel): [string, JsonObject][] => [
    [axisKey('x', panel), axis(title, { domain, anchor: axisName('y', panel), zeroline: false })],
    [
      axisKey('y', panel),
      axis(panel === 0 ? 'density' : '', {
        anchor: axisName('x', panel),
        rangemode: 'tozero',
        showticklabels: false,
        ticks: '',
      }),
    ],
  ]);
  const headings =
    states === 1 ? [] : ['before', 'after'].map((text, panel) => panelHeading(text, columns[panel][0], 1));
  return { ...Object.fromEntries(entries), annotations: headings };
}
