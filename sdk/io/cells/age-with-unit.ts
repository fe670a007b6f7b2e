/** How many years one of each unit is: months are twelfths of a year, weeks and days parts of its 365.25 days. */
const units: readonly { readonly words: RegExp; readonly name: string; readonly years: number }[] = [
  { words: /^(y|yrs?|years?|yo|y\/o|jahre?|j|ans?|años?|anos?|anni|jaar)$/i, name: 'years', years: 1 },
  { words: /^(m|mos?|mths?|months?|monate?|mois|mes(es)?|mesi|maanden)$/i, name: 'months', years: 1 / 12 },
  { words: /^(w|wks?|weeks?|wochen?|semaines?|semanas?)$/i, name: 'weeks', years: 7 / 365.25 },
  { words: /^(d|days?|tage?|jours?|días?|dias?)$/i, name: 'days', years: 1 / 365.25 },
];

/** An age that is written with its unit: `34 years`, `34y6m`, DICOM's `396M`. */
export interface AgeWithUnit {
  /** In words: `34 years 6 months`. */
  readonly words: string;
  readonly years: number;
}

/** Takes an age apart that is written with a unit, or with several; `undefined` for any other text. */
export function ageWithUnit(text: string): AgeWithUnit | undefined {
  if (!/^(\d+(\.\d+)?\s*[\p{L}/]+\.?[\s,]*)+(old)?$/iu.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([\p{L}/]+)/gu)].map(([, amount, word]) => ({
    amount: Number(amount),
    unit: units.find(({ words }) => words.test(word)),
  }));
  const known = parts.flatMap(({ amount, unit }) => (unit === undefined ? [] : [{ amount, unit }]));
  if (known.length < parts.length) return undefined;
  return {
    words: known.map(({ amount, unit }) => `${amount} ${unit.name}`).join(' '),
    years: known.reduce((sum, { amount, unit }) => sum + amount * unit.years, 0),
  };
}

/** Whether a name speaks of an age: `age`, `PatientAge`, `age_at_scan`; not `image` or `stage`. */
export function looksLikeAge(name: string): boolean {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.includes('age') || words.includes('ages');
}
