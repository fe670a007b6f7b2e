import type { FeaturePoints } from './frechet-distance';
import { requirePoints } from './frechet-distance';
import { requireCall } from '../../data/calls/require-call';

/**
 * The squared maximum mean discrepancy of two sets of points, without bias, with the cubic kernel (x·y/d + 1)³ (Gretton
 * et al. 2012, JMLR 13:723, equation 3). Of a network's features it is the KID (Bińkowski et al. 2018, arXiv:1801.01401).
 * It is 0 on average for sets of one distribution, whatever their sizes, so it can fall below 0.
 *
 * @throws ConcordError `too-little-data` with fewer than two points in a set; `invalid-option` when their features
 * differ; `invalid-number` when one is not finite.
 */
export function kernelDistance(one: FeaturePoints, other: FeaturePoints): number {
  requireCall('metrics.kernelDistance', { one, other });
  requirePoints(one, other);
  return within(one) + within(other) - 2 * across(one, other);
}

function kernel(
  { values: x, columns }: FeaturePoints,
  i: number,
  { values: y }: FeaturePoints,
  j: number,
): number {
  let product = 0;
  for (let k = 0; k < columns; k++) product += x[i * columns + k] * y[j * columns + k];
  return (product / columns + 1) ** 3;
}

/** The mean kernel of every two different points. */
function within(points: FeaturePoints): number {
  let sum = 0;
  for (let i = 0; i < points.rows; i++) {
    for (let j = 0; j < i; j++) sum += 2 * kernel(points, i, points, j);
  }
  return sum / (points.rows * (points.rows - 1));
}

function across(one: FeaturePoints, other: FeaturePoints): number {
  let sum = 0;
  for (let i = 0; i < one.rows; i++) {
    for (let j = 0; j < other.rows; j++) sum += kernel(one, i, other, j);
  }
  return sum / (one.rows * other.rows);
}
