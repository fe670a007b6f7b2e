const degree = 3;

/**
 * The values of all cubic B-splines of a knot vector at a point, by the recursion of Cox and de Boor (de Boor 2001, "A
 * Practical Guide to Splines", ch. X). Beyond the inner knots (the fourth and the fourth from the end) every function
 * continues as a straight line from there.
 *
 * @param knots - ascending, 8 or more; the first four or last four may coincide
 * @returns one value per spline: `knots.length - 4`
 */
export function cubicBSplines(knots: ArrayLike<number>, x: number): Float64Array {
  const low = knots[degree];
  const high = knots[knots.length - 1 - degree];
  const end = Math.min(high, Math.max(low, x));
  const values = splinesInside(knots, end, degree);
  if (end !== x) firstDerivatives(knots, end).forEach((slope, i) => (values[i] += slope * (x - end)));
  return values;
}

/**
 * The exact inner products of second derivatives, ∫ B″ᵢ B″ⱼ between the inner knots: size × size, row-major. Between two
 * knots second derivatives are straight lines, whose product Gauss's rule of two points integrates exactly.
 */
export function curvatureProducts(knots: ArrayLike<number>): Float64Array {
  const size = knots.length - degree - 1;
  const products = new Float64Array(size * size);
  for (let span = degree; span < size; span++) {
    const half = (knots[span + 1] - knots[span]) / 2;
    if (!(half > 0)) continue;
    for (const side of [-1, 1]) {
      const second = secondDerivatives(knots, knots[span] + half * (1 + side / Math.sqrt(3)));
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) products[i * size + j] += half * second[i] * second[j];
      }
    }
  }
  return products;
}

/** B-splines of a degree at a point between the inner knots; at the last of these they are those from the left. */
function splinesInside(knots: ArrayLike<number>, x: number, order: number): Float64Array {
  const size = knots.length - degree - 1;
  let span = degree;
  while (span < size - 1 && x >= knots[span + 1]) span++;
  let values = new Float64Array(knots.length - 1);
  values[span] = 1;
  for (let k = 1; k <= order; k++) {
    const next = new Float64Array(knots.length - 1 - k);
    for (let i = 0; i < next.length; i++) {
      const left = knots[i + k] - knots[i];
      const right = knots[i + k + 1] - knots[i + 1];
      next[i] =
        (left > 0 ? ((x - knots[i]) / left) * values[i] : 0) +
        (right > 0 ? ((knots[i + k + 1] - x) / right) * values[i + 1] : 0);
    }
    values = next;
  }
  return values;
}

function firstDerivatives(knots: ArrayLike<number>, x: number): Float64Array {
  return differences(knots, splinesInside(knots, x, degree - 1), degree);
}

function secondDerivatives(knots: ArrayLike<number>, x: number): Float64Array {
  return differences(knots, differences(knots, splinesInside(knots, x, degree - 2), degree - 1), degree);
}

/** From values (or derivatives) of splines one degree lower to derivatives of those of degree `order`. */
function differences(knots: ArrayLike<number>, lower: Float64Array, order: number): Float64Array {
  return Float64Array.from({ length: lower.length - 1 }, (_, i) => {
    const left = knots[i + order] - knots[i];
    const right = knots[i + order + 1] - knots[i + 1];
    return order * ((left > 0 ? lower[i] / left : 0) - (right > 0 ? lower[i + 1] / right : 0));
  });
}
