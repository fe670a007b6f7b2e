import type { Figure } from './figure';
import { label, plainNumber } from './figure';
import { axis, baseLayout } from './layout';
import { neutral } from './panels/palette';
import { counted } from '../data/counted';

/** How far the mean of a feature is from that of the training, in standard deviations of the model. */
export interface FeatureDistance {
  readonly feature: string;
  readonly before: number;
  readonly after: number;
}

/** Features drawn: those that are farthest away. */
const most = 30;

/**
 * Draws how far new values are from those that a model was fitted on, before and after it was applied: a row per feature,
 * in standard deviations of the model, the farthest after it on top.
 *
 * @param distances - the farthest first
 */
export function plotTrainingRange(distances: readonly FeatureDistance[], subjects: number): Figure {
  const shown = distances.slice(0, most).reverse();
  const names = shown.map(({ feature }) => label(feature));
  const points = (
    state: 'before' | 'after',
    marker: { color: string; symbol: string },
  ): Figure['data'][0] => ({
    type: 'scatter',
    mode: 'markers',
    name: state,
    x: shown.map((one) => plainNumber(one[state])),
    y: names,
    marker: { ...marker, size: 9 },
  });
  const of =
    distances.length > shown.length
      ? `the ${most} farthest of ${counted(distances.length, 'feature')}`
      : 'every feature';
  return {
    data: [
      points('before', { color: neutral, symbol: 'circle-open' }),
      points('after', { color: '#0072B2', symbol: 'circle' }),
    ],
    layout: baseLayout(
      {
        title: 'Are the new values like those the model was fitted on?',
        subtitle: `mean of ${counted(subjects, 'subject')} per feature, as distance from the mean of the training; ${of}`,
        height: 190 + 19 * shown.length,
        bottom: 90,
      },
      {
        xaxis: axis('distance from the training mean (SD of the model)', { zeroline: true }),
        yaxis: axis('', { type: 'category' }),
      },
    ),
  };
}
