import type { ImageSource } from '../../data/image-source';

/** The numbers 0 … count − 1, some at a time. */
export function* batchesOf(count: number, batchSize: number): Generator<number[]> {
  for (let from = 0; from < count; from += batchSize) {
    yield Array.from({ length: Math.min(batchSize, count - from) }, (_, i) => from + i);
  }
}

/** At most `count` of the entries, spread evenly. */
export function evenly(entries: readonly number[], count: number): readonly number[] {
  if (entries.length <= count) return entries;
  return Array.from({ length: count }, (_, i) => entries[Math.floor(((i + 0.5) * entries.length) / count)]);
}

/** Some images of a source, as a source. */
export function takeImages(source: ImageSource, positions: readonly number[]): ImageSource {
  return {
    count: positions.length,
    shape: source.shape,
    read: (wanted) => source.read(Array.from(wanted, (position) => positions[position])),
  };
}
