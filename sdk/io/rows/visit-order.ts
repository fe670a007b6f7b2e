/** When a scan was made: a day, months since the first visit, or only which visit it was. */
export interface VisitTime {
  readonly kind: 'years' | 'nominal-years' | 'order';
  /** In years, of a day since 1970; of an order, the number of the visit. */
  readonly at: number;
}

const first = /^(?:bl|base(?:line)?|sc(?:reening)?|pre|first|initial|test)$|baseline/;
const later = /^(?:fu|follow[-_ ]?up|post|second|retest|rescan)$/;

/** A date whose day and month may be in either order: `3/4/2019`. */
const slashed = /^(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d{2})$/;

/** Which comes first in dates such as `3/4/2019`. */
export type DateOrder = 'day-first' | 'month-first';

/**
 * Finds which comes first in the dates of a column: `31/1/2019` shows that the day does.
 *
 * @returns `undefined` where no date shows it, or some show one and some the other
 */
export function dateOrder(texts: readonly (string | null)[]): DateOrder | undefined {
  const shown = new Set<DateOrder>();
  for (const text of texts) {
    const date = slashed.exec(dateIn((text ?? '').trim()));
    if (Number(date?.[1]) > 12) shown.add('day-first');
    if (Number(date?.[2]) > 12) shown.add('month-first');
  }
  return shown.size === 1 ? [...shown][0] : undefined;
}

/**
 * Reads the time of a scan from the name of its visit or from its date, as far as that is plain: `2019-01-31`, `20190131`,
 * `31.01.2019`, `m12`, `24mo`, `2_year_follow_up`, `bl`, `ses-2`, `V03`. Dates and months are given in years; a baseline is
 * the first of whatever the other visits are.
 *
 * @param order - which comes first in dates such as `3/4/2019`, which say no time where it is not known
 * @returns `undefined` for a text that says no time
 */
export function visitTime(text: string, order?: DateOrder): VisitTime | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^[\s_\-.]+/, '')
    .replace(/^(?:ses(?:sion)?|visit|viscode)[_\-. ]?(?=[a-z\d])/, '');
  const day = dayOf(plain, order);
  if (day !== undefined) return { kind: 'years', at: day / 365.25 };
  const span =
    /^(m|mo|months?|y|yr|years?)[_\-. ]?(\d{1,3})$/.exec(plain) ??
    reversed(/^(\d{1,3})[_\-. ]?(mo|m|months?|yr|y|years?)(?![a-z])/.exec(plain));
  if (span !== null) {
    return { kind: 'nominal-years', at: Number(span[2]) / (span[1].startsWith('m') ? 12 : 1) };
  }
  if (first.test(plain)) return { kind: 'order', at: 0 };
  if (later.test(plain)) return { kind: 'order', at: 1 };
  const counted = /^[a-z _\-.]*?(\d{1,3})(?:\.0+)?$/.exec(plain);
  // Sites have numbers too.
  return counted === null || /site|scanner|cent(?:er|re)|hosp/.test(plain)
    ? undefined
    : { kind: 'order', at: Number(counted[1]) };
}

function reversed(found: RegExpExecArray | null): readonly string[] | null {
  return found === null ? null : [found[0], found[2], found[1]];
}

/** A text without the time of day after its date. */
function dateIn(text: string): string {
  return text.split(/[t ]/i)[0];
}

/** The days since 1970 of a date, as far as it has one reading. */
function dayOf(text: string, order?: DateOrder): number | undefined {
  const date = dateIn(text);
  const big = /^((?:19|20)\d{2})([-/.]?)(\d{1,2})\2(\d{1,2})$/.exec(date);
  if (big !== null) return daysFrom(big[1], big[3], big[4]);
  const little = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})$/.exec(date);
  if (little !== null) return daysFrom(little[3], little[2], little[1]);
  const [, one, other, year] = slashed.exec(date) ?? [];
  if (year === undefined) return undefined;
  const readings = {
    'day-first': daysFrom(year, other, one),
    'month-first': daysFrom(year, one, other),
  };
  if (order !== undefined) return readings[order];
  const days = Object.values(readings).filter((day) => day !== undefined);
  return new Set(days).size === 1 ? days[0] : undefined;
}

function daysFrom(year: string, month: string, day: string): number | undefined {
  const m = Number(month);
  const d = Number(day);
  if (m < 1 || m > 12 || d < 1 || d > 31) return undefined;
  return Date.UTC(Number(year), m - 1, d) / 86_400_000;
}
