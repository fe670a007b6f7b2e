/** A number from 0 to 1 that looks drawn and hangs on row and column alone, so that tables of tests need no seed. */
export function noise(row: number, column: number): number {
  const value = Math.sin(row * 12.9898 + column * 78.233) * 43758.5453;
  return value - Math.floor(value);
}
