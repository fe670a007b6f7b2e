/** A number with its noun: `1 repetition`, `2,000 persons`. Every plural in what users read is made here. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`;
}
