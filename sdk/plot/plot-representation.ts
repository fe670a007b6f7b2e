import type { ImageCohort } from '../data/cohort';
import { imageRanges } from '../data/cohort';
import type { ImageRepresentation } from '../data/images/image-representation';
import { ConcordError } from '../errors';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axis, baseLayout } from './layout';
import { siteStyles } from './panels/palette';
import { principalComponents, scores } from '../math/linear/principal-components';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** Options of {@link plotRepresentation}. */
export interface PlotRepresentationOptions {
  readonly title?: string;
}

/**
 * Draws images by what a network says of them, on the two directions in which that varies most (principal components of
 * the values as they are, less their means), colored by site: a style map.
 *
 * @throws ConcordError `invalid-option` when there is not one representation for each image.
 */
export function plotRepresentation(
  representation: ImageRepresentation,
  cohort: ImageCohort,
  options: PlotRepresentationOptions = {},
): Figure {
  requireCall('murd.plotRepresentation', { representation, cohort, options });
  const { title = 'Do images cluster by site?' } = options;
  const { values, shape } = representation;
  const [rows] = shape;
  if (rows !== cohort.images.shape[0]) {
    throw new ConcordError(
      'invalid-option',
      `invalid representation: ${counted(rows, 'image')} in it, ${cohort.images.shape[0]} in the cohort`,
    );
  }
  const columns = values.length / rows;
  const centered = Float64Array.from(values);
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += values[row * columns + column] / rows;
    for (let row = 0; row < rows; row++) centered[row * columns + column] -= mean;
  }
  const points = { values: centered, rows, columns };
  const { directions, explained } = principalComponents(points, 2);
  const [x, y] = [0, 1].map((k) =>
    k < directions.length ? scores(points, directions[k]) : new Float64Array(rows),
  );
  const { participants, images } = cohort;
  const siteOf = imageRanges(cohort).flatMap(([from, to], row) =>
    Array.from({ length: to - from }, () => participants.sites[row]),
  );
  const traces = [...siteStyles(participants.sites)].map(([site, style]): Trace => {
    const its = [...siteOf.keys()].filter((image) => siteOf[image] === site);
    return {
      type: 'scatter',
      mode: 'markers',
      name: label(site),
      x: plainNumbers(its.map((image) => x[image])),
      y: plainNumbers(its.map((image) => y[image])),
      text: its.map((image) => `${label(images.slices[image].scan)}, slice ${images.slices[image].index}`),
      hovertemplate: '%{text}<extra></extra>',
      marker: { color: style.color, symbol: style.symbol, size: 7, opacity: 0.85 },
    };
  });
  const share = (k: number): string => `${(100 * (explained[k] ?? 0)).toFixed(0)} % of variance`;
  return {
    data: traces,
    layout: baseLayout(
      {
        title: label(title),
        subtitle: `${counted(rows, 'image')} of ${counted(participants.ids.length, 'scan')}`,
        height: 460,
        bottom: 70,
      },
      { xaxis: axis(`component 1 (${share(0)})`), yaxis: axis(`component 2 (${share(1)})`) },
    ),
  };
}
