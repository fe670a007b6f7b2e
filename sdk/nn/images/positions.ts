import type { ImageSource } from '../../data/images/image-source';
import type { SliceSource } from '../../data/images/slice-source';

/** At most `count` of the entries, spread evenly. */
export function evenly(entries: readonly number[], count: number): readonly number[] {
  if (entries.length <= count) return entries;
  return Array.from({ length: count }, (_, i) => entries[Math.floor(((i + 0.5) * entries.length) / count)]);
}

/** Some images of a source, as a source; where it knows what its images show, this one does too. */
export function takePositions<Source extends ImageSource & Partial<SliceSource>>(
  source: Source,
  positions: readonly number[],
): Source {
  const { slices } = source;
  return {
    ...source,
    count: positions.length,
    ...(slices === undefined ? {} : { slices: positions.map((position) => slices[position]) }),
    read: (wanted: ArrayLike<number>) => source.read(Array.from(wanted, (position) => positions[position])),
  };
}
