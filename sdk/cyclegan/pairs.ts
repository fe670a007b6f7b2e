import { counted } from '../data/counted';

/** Two sites that have generators between them, by their numbers. */
export interface SitePair {
  readonly first: number;
  readonly second: number;
}

/** One translation on the way from site to site. */
export interface Passage {
  /** The number of the pair. */
  readonly pair: number;
  readonly direction: 'forth' | 'back';
}

/**
 * The pairs of sites that have generators of their own: all N(N − 1) / 2 of them, or with a hub the N − 1 pairs of it with
 * every other site.
 *
 * @param sites - sorted
 */
export function pairsOf(sites: readonly string[], hub: string | undefined): readonly SitePair[] {
  const pairs = sites.flatMap((_, first) =>
    sites.slice(first + 1).map((_next, further) => ({ first, second: first + 1 + further })),
  );
  if (hub === undefined) return pairs;
  const center = sites.indexOf(hub);
  return pairs.filter(({ first, second }) => first === center || second === center);
}

/**
 * The translations from one site to another: one where the two are a pair, else two by way of the hub; none from a site to
 * itself.
 */
export function wayBetween(pairs: readonly SitePair[], from: number, to: number): readonly Passage[] {
  if (from === to) return [];
  const direct = passage(pairs, from, to);
  if (direct !== undefined) return [direct];
  // With a hub it is in every pair.
  const [{ first, second }, other] = pairs;
  const hub = other.first === first || other.second === first ? first : second;
  return [passage(pairs, from, hub), passage(pairs, hub, to)].flatMap((found) => found ?? []);
}

function passage(pairs: readonly SitePair[], from: number, to: number): Passage | undefined {
  const pair = pairs.findIndex(
    ({ first, second }) => [first, second].includes(from) && [first, second].includes(to),
  );
  if (pair < 0) return undefined;
  return { pair, direction: pairs[pair].first === from ? 'forth' : 'back' };
}

/** How many networks there are, in words: what grows with the square of the number of sites. */
export function networksInWords(pairs: readonly SitePair[]): string {
  return `${counted(2 * pairs.length, 'generator')} and ${counted(2 * pairs.length, 'critic')} for ${counted(pairs.length, 'pair')} of sites`;
}
