/** When a scan was made: a day, months since the first visit, or only which visit it was. */
export interface VisitTime {
  readonly kind: 'years' | 'nominal-years' | 'order';
  /** In years, of a day since 1970; of an order, the number of the visit. */
  readonly at: number;
}

const first = /^(?:bl|base(?:line)?|sc(?:reening)?|pre|first|initial|test)$|baseline/;
const later = /^(?:fu|follow[-_ ]?up|post|second|retest|rescan)$/;

/**
 * Reads the time of a scan from the name of its visit or from its date, as far as that is plain: `2019-01-31`, `20190131`,
 * `31.01.2019`, `m12`, `24mo`, `2_year_follow_up`, `bl`, `ses-2`, `V03`. Dates and months are given in years; a baseline is
 * the first of whatever the other visits are.
 *
 * @returns `undefined` for a text that says no time
 */
export function visitTime(text: string): VisitTime | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^[\s_\-.]+/, '')
    .replace(/^(?:ses(?:sion)?|visit|viscode)[_\-. ]?(?=[a-z\d])/, '');
  const day = dayOf(plain);
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

/** The days since 1970 of a date; one that can be read with either the day or the month first is read month first. */
function dayOf(text: string): number | undefined {
  const [date] = text.split(/[t ]/);
  const big = /^((?:19|20)\d{2})([-/.]?)(\d{1,2})\2(\d{1,2})$/.exec(date);
  if (big !== null) return daysFrom(big[1], big[3], big[4]);
  const little = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})$/.exec(date);
  if (little !== null) return daysFrom(little[3], little[2], little[1]);
  const slashed = /^(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d{2})$/.exec(date);
  if (slashed === null) return undefined;
  // 3/4/2019 is the third of April or the fourth of March: at most 11 months apart, which is less than is warned of.
  return Number(slashed[1]) > 12
    ? daysFrom(slashed[3], slashed[2], slashed[1])
    : daysFrom(slashed[3], slashed[1], slashed[2]);
}

function daysFrom(year: string, month: string, day: string): number | undefined {
  const m = Number(month);
  const d = Number(day);
  if (m < 1 || m > 12 || d < 1 || d > 31) return undefined;
  return Date.UTC(Number(year), m - 1, d) / 86_400_000;
}
