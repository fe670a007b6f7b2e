import { listNames, quoteName } from './list-names';

/** A name, and how far it is from another one. */
interface Near {
  readonly name: string;
  readonly distance: number;
}

/** The names most like `wanted`, the likeliest first; none when nothing is near. */
function nearestNames(wanted: string, names: readonly string[]): readonly Near[] {
  const target = wanted.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceTo(target, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(contained, Math.floor(target.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3);
}

/** A name that has the other in it is near, but not as near as one with a single slip of the pen. */
const contained = 1.5;

function distanceTo(target: string, name: string): number {
  const distance = editDistance(target, name);
  const inside = target.length >= 3 && (name.includes(target) || (name.length >= 3 && target.includes(name)));
  return inside ? Math.min(distance, contained) : distance;
}

/**
 * How many single characters must be inserted, deleted, replaced or swapped with the next (Levenshtein 1966, Damerau 1964, in
 * the form that edits no place twice): `axail` is one swap from `axial`.
 */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const current = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = previous[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? before[j - 2] + 1 : Infinity;
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, replaced, swapped));
    }
    before = previous;
    previous = current;
  }
  return previous[to.length];
}

/** What to add to an error about an unknown column: the nearest names, or else some of those there are. */
export function suggestNames(wanted: string, names: readonly string[]): string {
  const near = nearestNames(wanted, names).map(({ name }) => name);
  return near.length > 0 ? `did you mean ${listNames(near)}?` : `the columns are ${listNames(names)}`;
}

/** `rest`, after the name that is clearly meant, where there is one: `did you mean "age"? the cohort has "age", "sex"`. */
export function suggestName(wanted: string, names: readonly string[], rest: string): string {
  const meant = clearlyMeant(wanted, names);
  return meant === undefined ? rest : `did you mean ${quoteName(meant)}? ${rest}`;
}

/**
 * The one name that is clearly meant. Sites are often numbered: of `site-1` and `site-2`, neither is nearer to `site-3`,
 * and of names of one letter none is near.
 */
export function clearlyMeant(wanted: string, names: readonly string[]): string | undefined {
  const [first, second] = nearestNames(wanted, names) as readonly (Near | undefined)[];
  if (first === undefined || first.distance >= wanted.length) return undefined;
  return second?.distance === first.distance ? undefined : first.name;
}
