/**
 * Round numbers within a range, 1, 2 or 5 times a power of ten apart.
 *
 * @param wanted - about how many
 */
export function linearTicks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / wanted;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten within a range above 0, with their doubles and fives where there are few. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const times = decades > 3 ? [1] : decades > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const first = Math.floor(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  const all = Array.from({ length: last - first + 1 }, (_, i) =>
    times.map((factor) => Number((factor * 10 ** (first + i)).toPrecision(12))),
  ).flat();
  const every = Math.ceil(decades / 8);
  return all.filter((tick, i) => tick >= low && tick <= high && (times.length > 1 || i % every === 0));
}

/** A number as an axis shows it: short, with thousands apart, powers of ten where it is very small or large. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e7 || size < 1e-4) return value.toExponential().replace('e+', 'e');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}
