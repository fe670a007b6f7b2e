import { sortedKeys } from './bids-name';
import type { BidsName } from './bids-name';

/**
 * Ids for scans, as short as the cohort allows: `sub-01`, with those parts of the file name added (session, run,
 * suffix, …) without which two scans would have the same id. All ids have the same parts, as far as the names do.
 *
 * @returns one id per name; they are unique when the names are
 */
export function scanIds(names: readonly BidsName[]): readonly string[] {
  const all = new Map(names.flatMap(({ entities }) => [...entities]));
  const candidates = [...sortedKeys(all).filter((key) => key !== 'sub'), suffixKey];
  let parts: readonly string[] = [];
  for (const key of candidates) {
    const count = distinct(names, parts);
    if (count === names.length) break;
    if (distinct(names, [...parts, key]) > count) parts = [...parts, key];
  }
  const reached = distinct(names, parts);
  // What was needed at first may no longer be, where a later part distinguishes the same scans.
  for (const key of [...parts].reverse()) {
    const fewer = parts.filter((part) => part !== key);
    if (distinct(names, fewer) === reached) parts = fewer;
  }
  return names.map((name) => idOf(name, parts));
}

/** Stands for the suffix among the keys of entities; no entity can have this name. */
const suffixKey = '';

function distinct(names: readonly BidsName[], parts: readonly string[]): number {
  return new Set(names.map((name) => idOf(name, parts))).size;
}

function idOf({ entities, suffix }: BidsName, parts: readonly string[]): string {
  const shown = parts.flatMap((key) => {
    if (key === suffixKey) return [suffix];
    const label = entities.get(key);
    return label === undefined ? [] : [`${key}-${label}`];
  });
  return [`sub-${entities.get('sub')}`, ...shown].join('_');
}
