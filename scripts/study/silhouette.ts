// How well points fall apart by label (Rousseeuw 1987, "Silhouettes", J. Comput. Appl. Math. 20:53).
import type { ImageRepresentation } from 'concord-mri';

/** The mean silhouette: 1 for clusters far apart, 0 for none, below where points lie nearer to another label's. */
export function meanSilhouette({ values, shape }: ImageRepresentation, labels: readonly string[]): number {
  const [count, size] = shape;
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (values[a * size + i] - values[b * size + i]) ** 2;
    return Math.sqrt(sum);
  };
  let total = 0;
  for (let a = 0; a < count; a++) {
    const sums = new Map<string, { sum: number; count: number }>();
    for (let b = 0; b < count; b++) {
      if (a === b) continue;
      const entry = sums.get(labels[b]) ?? { sum: 0, count: 0 };
      sums.set(labels[b], { sum: entry.sum + distance(a, b), count: entry.count + 1 });
    }
    const meanTo = (label: string): number => {
      const { sum, count: others } = sums.get(label) ?? { sum: NaN, count: 0 };
      return sum / others;
    };
    const own = meanTo(labels[a]);
    const nearest = Math.min(...[...sums.keys()].filter((label) => label !== labels[a]).map(meanTo));
    total += (nearest - own) / Math.max(nearest, own);
  }
  return total / count;
}
