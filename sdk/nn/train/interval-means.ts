import type { JsonObject } from '../../data/json';

/** Means of named numbers over the steps since the last point of the history. */
export interface IntervalMeans {
  /** Takes in the numbers of one step. */
  add(values: Readonly<Record<string, number>>): void;
  /** The means since the last call, and begins anew. */
  take(): Record<string, number>;
  /** What {@link intervalMeans} needs to continue from here. */
  state(): JsonObject;
}

/** Makes {@link IntervalMeans}, from the beginning or from where an earlier session stopped. */
export function intervalMeans(state: JsonObject = {}): IntervalMeans {
  const sums = new Map<string, readonly [sum: number, count: number]>(
    Object.entries(state).map(([name, value]) => [name, value as readonly [number, number]]),
  );
  return {
    add(values) {
      for (const [name, value] of Object.entries(values)) {
        const [sum, count] = sums.get(name) ?? [0, 0];
        sums.set(name, [sum + value, count + 1]);
      }
    },
    take() {
      const means = Object.fromEntries([...sums].map(([name, [sum, count]]) => [name, sum / count]));
      sums.clear();
      return means;
    },
    state: () => Object.fromEntries(sums),
  };
}
