import { counted } from '../counted';
import type { Participants } from './participants';

/** Who is on each row, and of which family, where that is known. */
export type Related = Pick<Participants, 'persons' | 'families'>;

/**
 * The group of each row that is never divided: the person with all scans, and where families are known all persons of the
 * family. Siblings are alike in age, site and brain, and so whatever is learned from one is known of the other. Families
 * that share a person are one group.
 *
 * @returns one name per row, the same for all rows of a group; the persons themselves where nothing is known of families
 */
export function kinOf({ persons, families }: Related): readonly string[] {
  return families === undefined ? persons : joinRelatives(persons, [families.map((id) => id || null)]);
}

/** The families of entries, where one of them has any. */
export function familiesOf(entries: readonly { readonly family?: string }[]): readonly string[] | undefined {
  return entries.some(({ family }) => family !== undefined)
    ? entries.map(({ family = '' }) => family)
    : undefined;
}

/** {@link kinOf} as numbers, 0 …, in the order in which groups first appear. */
export function kinCodes(related: Related): Int32Array {
  const codes = new Map<string, number>();
  return Int32Array.from(kinOf(related), (group) => {
    const code = codes.get(group) ?? codes.size;
    codes.set(group, code);
    return code;
  });
}

/**
 * Joins persons who share an id in any of several columns, and those related through others.
 *
 * @param columns - per column the id on each row; `null` where it is not known, which relates to nobody
 * @returns the first person of each row's group
 */
export function joinRelatives(
  persons: readonly string[],
  columns: readonly (readonly (string | null)[])[],
): readonly string[] {
  // Each person points to an earlier one of the same group; the first points to itself.
  const earlier = new Map(persons.map((person) => [person, person]));
  const order = new Map([...earlier.keys()].map((person, at) => [person, at]));
  const firstOf = (person: string): string => {
    let at = person;
    for (let next = earlier.get(at) ?? at; next !== at; next = earlier.get(at) ?? at) {
      earlier.set(at, earlier.get(next) ?? next);
      at = next;
    }
    return at;
  };
  for (const ids of columns) {
    const met = new Map<string, string>();
    persons.forEach((person, row) => {
      const id = ids[row];
      if (id === null) return;
      const other = met.get(id);
      if (other === undefined) return void met.set(id, person);
      const [one, two] = [firstOf(person), firstOf(other)];
      if ((order.get(one) ?? 0) < (order.get(two) ?? 0)) earlier.set(two, one);
      else earlier.set(one, two);
    });
  }
  return persons.map(firstOf);
}

/** Who is related in a cohort. */
export interface FamilyCounts {
  readonly persons: number;
  /** Families, a person without relatives being one. */
  readonly families: number;
  /** Persons who have a relative in the cohort. */
  readonly related: number;
  /** Families of more than one person. */
  readonly several: number;
  /** Persons of the largest family. */
  readonly largest: number;
  /** Families whose members were scanned at different sites. */
  readonly acrossSites: number;
}

/** Counts persons and their families. */
export function countFamilies({
  persons,
  families,
  sites,
}: Related & Pick<Participants, 'sites'>): FamilyCounts {
  const kin = kinOf({ persons, families });
  const members = new Map<string, Set<string>>();
  const placesOf = new Map<string, Set<string>>();
  kin.forEach((group, row) => {
    members.set(group, (members.get(group) ?? new Set()).add(persons[row]));
    placesOf.set(group, (placesOf.get(group) ?? new Set()).add(sites[row]));
  });
  const several = [...members].filter(([, own]) => own.size > 1);
  return {
    persons: new Set(persons).size,
    families: members.size,
    related: several.reduce((sum, [, own]) => sum + own.size, 0),
    several: several.length,
    largest: several.reduce((most, [, own]) => Math.max(most, own.size), 1),
    acrossSites: several.filter(([group]) => (placesOf.get(group)?.size ?? 0) > 1).length,
  };
}

/** What groups that are never divided are called, one and many: persons, or families where some persons are related. */
export function kinWords(related: Related): readonly [one: string, many: string] {
  return familyCount(related).families === undefined ? ['person', 'persons'] : ['family', 'families'];
}

/** How many families there are, for records; nothing where nobody is known to be related. */
export function familyCount(participants: Related): { readonly families?: number } {
  if (participants.families === undefined) return {};
  const families = new Set(kinOf(participants)).size;
  return families < new Set(participants.persons).size ? { families } : {};
}

/** Who there is, in words: `120 scans of 60 persons`, `60 persons`, each with `of 40 families` where some are related. */
export function scansOfPersons({ ids, persons, families }: Related & Pick<Participants, 'ids'>): string {
  const people = counted(new Set(persons).size, 'person');
  const who = new Set(persons).size < ids.length ? `${counted(ids.length, 'scan')} of ${people}` : people;
  const { families: count } = familyCount({ persons, families });
  return count === undefined ? who : `${who} of ${counted(count, 'family', 'families')}`;
}
