/** Where to look, on a grid of equal steps. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Finds where a function is lowest: on a grid first, then by golden section (Kiefer 1953) around every point of the grid that
 * is lower than its neighbors, so that no local minimum wider than a step is taken for the lowest. At an end of the grid the
 * end itself is taken where it is lowest.
 *
 * @param value - `NaN` and `Infinity` are never lowest
 */
export function lowestPoint(value: (at: number) => number, range: SearchRange): number {
  const { from, to, steps } = range;
  const step = (to - from) / steps;
  const at = (i: number): number => from + i * step;
  const values = Array.from({ length: steps + 1 }, (_, i) => finite(value(at(i))));
  let best = { at: from, value: Infinity };
  values.forEach((own, i) => {
    const before = values[i - 1] ?? Infinity;
    const after = values[i + 1] ?? Infinity;
    if (own > before || own > after || own === Infinity) return;
    if (own < best.value) best = { at: at(i), value: own };
    const low = at(Math.max(0, i - 1));
    const high = at(Math.min(steps, i + 1));
    const refined = goldenSection(value, low, high);
    if (refined.value < best.value) best = refined;
  });
  return best.at;
}

/** The first of some numbers for which a function is lowest; `NaN` and `Infinity` are never lowest. */
export function lowestOf(numbers: readonly number[], value: (at: number) => number): number {
  let best = { at: numbers[0], value: Infinity };
  for (const at of numbers) {
    const own = finite(value(at));
    if (own < best.value) best = { at, value: own };
  }
  return best.at;
}

/**
 * For each of several places one of some numbers, so that a function of all is low: chosen in turn beside the others, from the
 * middle one on, until none changes.
 *
 * @param rounds - how often each is chosen at most
 */
export function lowestInTurn(
  numbers: readonly number[],
  { places, rounds }: { readonly places: number; readonly rounds: number },
  value: (chosen: readonly number[]) => number,
): readonly number[] {
  let chosen = new Array<number>(places).fill(numbers[numbers.length >> 1]);
  for (let round = 0; round < rounds; round++) {
    const before = chosen;
    for (let place = 0; place < places; place++) {
      const others = chosen;
      const own = lowestOf(numbers, (at) => value(others.with(place, at)));
      chosen = others.with(place, own);
    }
    if (chosen.every((at, place) => at === before[place])) break;
  }
  return chosen;
}

function goldenSection(
  value: (at: number) => number,
  low: number,
  high: number,
): { readonly at: number; readonly value: number } {
  let [a, b] = [low, high];
  let left = b - golden * (b - a);
  let right = a + golden * (b - a);
  let [leftValue, rightValue] = [finite(value(left)), finite(value(right))];
  // Below this a parabola is flat in double precision.
  while (b - a > 1e-8 * Math.max(1, Math.abs(a))) {
    if (leftValue <= rightValue) {
      [b, right, rightValue] = [right, left, leftValue];
      left = b - golden * (b - a);
      leftValue = finite(value(left));
    } else {
      [a, left, leftValue] = [left, right, rightValue];
      right = a + golden * (b - a);
      rightValue = finite(value(right));
    }
  }
  return leftValue <= rightValue ? { at: left, value: leftValue } : { at: right, value: rightValue };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Infinity;
}
