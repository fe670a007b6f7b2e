/** How many of each unit are in a second. */
export const unitsPerSecond = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n } as const;

/** A day as ISO 8601, from the days since 1970-01-01. */
export function dateText(days: number): string {
  const day = new Date(days * 86_400_000);
  if (Number.isNaN(day.getTime())) throw new Error(`a date is ${days} days from 1970`);
  return day.toISOString().replace(/T.*/, '');
}

/**
 * A moment as ISO 8601 with all its digits; midnight as the day alone, which is what programs write that have no type
 * for days.
 *
 * @param count - units since 1970-01-01
 * @param isUtc - whether it is in UTC, which is marked Z, or in local time of an unknown zone
 */
export function timestampText(count: bigint, perSecond: bigint, isUtc: boolean): string {
  const within = ((count % perSecond) + perSecond) % perSecond;
  const moment = new Date(Number((count - within) / perSecond) * 1000);
  if (Number.isNaN(moment.getTime())) throw new Error('a timestamp is beyond the calendar');
  const [day, time] = moment.toISOString().split('T');
  const fraction = within
    .toString()
    .padStart(perSecond.toString().length - 1, '0')
    .replace(/0+$/, '');
  const clock = `${time.slice(0, 8)}${fraction === '' ? '' : `.${fraction}`}`;
  return clock === '00:00:00' ? day : `${day}T${clock}${isUtc ? 'Z' : ''}`;
}
