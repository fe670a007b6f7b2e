import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import type { Advice, OptionRemedy } from '../../../remedy';
import { advise, option } from '../../../remedy';
import type { TextColumn } from '../build-covariate';
import { countLabels, visibly } from './near-labels';

/** What each sex is called, without case. */
const words: Readonly<Record<'female' | 'male', RegExp>> = {
  female:
    /^(f|w|female|wom[ae]n|girl|weiblich|frau|femme|féminin|femenino|feminino|mujer|mulher|femmina|donna|vrouw)$/iu,
  male: /^(m|male|m[ae]n|boy|männlich|mann|homme|masculin|masculino|hombre|homem|maschio|uomo|man)$/iu,
};

/**
 * Warns of a column in which sex is written in several codes, such as `M`, `F`, `male`, `female`, or `M`, `F`, `1`, `2`:
 * each would be a level of its own.
 */
export function reportMixedSex(column: Pick<TextColumn, 'name' | 'file' | 'texts'>): readonly Issue[] {
  const counts = countLabels(column.texts);
  // The commonest first.
  const labels = [...counts].sort((a, b) => b[1] - a[1]).map(([label]) => label);
  const [female, male] = [words.female, words.male].map((word) => labels.filter((label) => word.test(label)));
  const codes = labels.filter((label) => /^[012](\.0*)?$/.test(label));
  const isSex = /(^|[^a-z])(sex|gender|ptgender)([^a-z]|$)/i.test(column.name);
  if (!isSex && (female.length === 0 || male.length === 0)) return [];
  if (female.length + male.length === 0) return [];
  if (!isMixed(female) && !isMixed(male) && codes.length === 0) return [];
  const shown = labels
    .filter((label) => female.includes(label) || male.includes(label) || codes.includes(label))
    .map((label) => `${visibly(label)} (${counts.get(label)})`);
  const message =
    `levels in column "${column.name}" of ${column.file} are of several codes for sex, and each is a level of its own: ` +
    shown.join(', ');
  const where = { file: column.file, column: column.name };
  return [makeIssue('near-equal-labels', message, where, remedyFor(column.name, [female, male], codes))];
}

/** Labels that differ in case alone are another matter: they are reported as nearly equal. */
function isMixed(labels: readonly string[]): boolean {
  return new Set(labels.map((label) => label.toLowerCase())).size > 1;
}

function remedyFor(name: string, sexes: readonly (readonly string[])[], codes: readonly string[]): Advice {
  const [to, from] = sexes.find(isMixed) ?? [];
  if (from !== undefined) {
    return advise`write each sex in one way: correct the table, or say for each which it is, as with ${sameAs(`${name}.${from}`, to)}`;
  }
  // As in most codes: 1 is male. The user decides, since it is the other way round in some.
  const [[woman], [man]] = sexes as readonly (readonly (string | undefined)[])[];
  const code = codes[0];
  // Columns and labels are separated by the last point.
  if (code.includes('.')) return ['write each sex in one way in the table'];
  const known = (code.startsWith('1') ? (man ?? woman) : (woman ?? man)) ?? '';
  return advise`write each sex in one way: correct the table, or say for each which it is; if "${code}" means "${known}", with ${sameAs(`${name}.${code}`, known)}`;
}

function sameAs(label: string, as: string): OptionRemedy {
  return option(`sameLevel.${label}`, as);
}
