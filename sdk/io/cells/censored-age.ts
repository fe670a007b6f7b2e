/** An age that is given as a bound only: `89+`, `>89`, `≥90`, `90 or older`, `<18`. */
export interface CensoredAge {
  readonly bound: number;
  /** Whether the age is the bound or more, or else less. */
  readonly above: boolean;
}

/** Takes an age apart that is given as a bound only; `undefined` for any other text. */
export function censoredAge(text: string): CensoredAge | undefined {
  const after =
    /^(\d{1,3}(?:\.\d+)?)\s*(?:\+|plus|(?:years?\s*)?(?:and|or|&)\s*(?:older|over|above|more|up))$/i;
  const before = /^(>=?|≥|<=?|≤)\s*(\d{1,3}(?:\.\d+)?)$/;
  const plus = after.exec(text);
  if (plus !== null) return { bound: Number(plus[1]), above: true };
  const sign = before.exec(text);
  return sign === null ? undefined : { bound: Number(sign[2]), above: /[>≥]/.test(sign[1]) };
}
