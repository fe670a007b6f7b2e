/**
 * A decimal number as text, without zeros that say nothing: `unscaled` × 10 to the power of −`scale`.
 *
 * @param scale - digits after the point, 0 or more
 */
function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The whole number that bytes hold in two's complement, the highest first. */
export function wholeOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/**
 * A decimal number as a cell: a number where a double is that very number in its shortest form, else its digits as text,
 * which are read as the nearest double where a number is wanted and kept whole where a name is.
 */
export function decimalCell(unscaled: bigint, scale: number): number | string {
  const text = decimalText(unscaled, scale);
  const number = Number(text);
  return String(number) === text ? number : text;
}
