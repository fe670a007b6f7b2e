/** A number with its noun: `1 repetition`, `2,000 persons`. Every plural in what users read is made here. */
export function counted(value: number, one: string, many = `${one}s`): string {
  // The first use of a locale takes some tens of milliseconds, and whole numbers need none.
  const shown = Number.isSafeInteger(value)
    ? String(value).replace(/\B(?=(\d{3})+$)/g, ',')
    : value.toLocaleString('en-US');
  return `${shown} ${value === 1 ? one : many}`;
}
