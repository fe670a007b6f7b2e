import { ConcordError } from '../../errors';
import { suggestNames } from '../../data/nearest-names';

/** Which columns say who is related to whom. */
export interface FamilyColumns {
  readonly names: readonly string[];
  /**
   * How that is known: `asked`, the user named them; `documented`, studies document the name as that of families, and it can
   * hardly mean anything else; `possible`, the name may mean something else as well.
   */
  readonly by: 'asked' | 'documented' | 'possible';
}

/** A column or several, as the option is given. */
export type FamilyOption = string | readonly string[];

/**
 * Names that mean the id of a family and hardly anything else, without regard to case. `rel_family_id`: ABCD to release 5 (NDA's
 * data dictionary, structure acspsw03, whose alias is `demo_rel_family_id`; unique over the whole study, and numbered anew
 * in each release). `ab_g_stc__design_id__fam`: ABCD from release 6. `Family_ID`: the Human Connectome Project's
 * restricted data. `FAMID`, `FamilyID`, `fam_id`: pedigree files, as SOLAR and RFGLS read them.
 *
 * Persons are grouped by these without being told to, and an issue says so: where it was right figures would else flatter
 * without a word, and where it was wrong folds are a little coarser and intervals a little wider.
 */
const documented: readonly string[] = [
  ...['ab_g_stc__design_id__fam', 'rel_family_id', 'demo_rel_family_id'],
  ...['family_id', 'familyid', 'famid', 'fam_id'],
];

/** Half siblings have families of their own in HCP's `Family_ID`, and share one of these, which is there beside it. */
const parents: readonly string[] = ['mother_id', 'father_id'];

/** Names that are those of families among others: PLINK's `FID` often repeats the person, or names a cohort. */
const possible: readonly string[] = [
  ...['fid', 'pedigree', 'pedigree_id', 'pedigreeid', 'pedid', 'ped_id', 'family', 'fam', 'family_number'],
];

/** Whether a column is about who is related to whom, by its name: an id that is neither a feature nor a covariate. */
export function speaksOfFamily(name: string): boolean {
  const plain = name.trim().toLowerCase();
  return (
    [...documented, ...possible, ...parents].includes(plain) || plain.startsWith('ab_g_stc__design_id__')
  );
}

/**
 * Finds the columns that say who is related: those named, else those known by their names.
 *
 * @param header - the names of columns
 * @param free - whether a column has no other meaning; those that were named are not asked for it
 * @returns `undefined` where there is none
 */
export function familyColumns(
  header: readonly string[],
  wanted: FamilyOption | undefined,
  free: (name: string) => boolean = () => true,
): FamilyColumns | undefined {
  if (wanted !== undefined) return { names: typeof wanted === 'string' ? [wanted] : wanted, by: 'asked' };
  const find = (known: readonly string[]): readonly string[] =>
    known.flatMap((name) =>
      header.filter((own) => own.trim().toLowerCase() === name && free(own)).slice(0, 1),
    );
  const [sure] = find(documented);
  if (sure !== undefined) {
    const withParents = sure.trim().toLowerCase() === 'family_id' ? find(parents) : [];
    return { names: [sure, ...withParents], by: 'documented' };
  }
  const [perhaps] = find(possible);
  return perhaps === undefined ? undefined : { names: [perhaps], by: 'possible' };
}

/** The error of a column of families that is in none of the tables. */
export function unknownFamilyColumn(name: string, header: readonly string[], files: string): ConcordError {
  return new ConcordError('unknown-column', `unknown family column: "${name}" is not in ${files}`, {
    where: { column: name },
    remedy: [suggestNames(name, header)],
  });
}

/** The error of a column that is to mean two things. */
export function twoRoles(
  where: { readonly file: string; readonly column: string },
  one: string,
  other: string,
): ConcordError {
  return new ConcordError(
    'invalid-option',
    `invalid column roles: "${where.column}" is both ${one} and ${other} (a column has one role)`,
    { where },
  );
}

/** An id of a parent of whom nothing is known, as pedigree files write it. */
export function isUnknownParent(column: string, id: string): boolean {
  return parents.includes(column.trim().toLowerCase()) && /^(0|-\d+)$/.test(id.trim());
}
