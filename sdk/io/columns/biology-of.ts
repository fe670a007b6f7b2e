import { ukBiobankColumn, ukBiobankFields } from './uk-biobank-fields';

/** The things that a column can say about a person. */
export type Biology = 'age' | 'sex' | 'diagnosis';

const words: Readonly<Record<string, Biology>> = {
  age: 'age',
  sex: 'sex',
  gender: 'sex',
  ptgender: 'sex',
  dx: 'diagnosis',
  diag: 'diagnosis',
  diagnosis: 'diagnosis',
  disease: 'diagnosis',
  group: 'diagnosis',
};

/** With one of these words beside it, a column is something else: a predicted age, an age of onset, the id of a group. */
const otherwise =
  /^(brain|predicted|gap|pad|delta|diff|bone|mental|gestational|onset|ids?|date|site|scanner)$/;

/** What a column says about a person, by its name. */
export function biologyOf(name: string): Biology | undefined {
  const field = ukBiobankColumn(name)?.field;
  if (field === ukBiobankFields.sex) return 'sex';
  if (field === ukBiobankFields.age) return 'age';
  const parts = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((part) => part.toLowerCase());
  if (parts.some((part) => otherwise.test(part))) return undefined;
  return parts.map((part) => (Object.hasOwn(words, part) ? words[part] : undefined)).find(Boolean);
}
