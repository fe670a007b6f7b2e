/** Arrays one after the other, in one. */
export function joinArrays(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The same of numbers in double precision. */
export function joinDoubles(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The same without a copy, where they are one after the other in memory; `undefined` where they are not. */
export function joinNeighbors(parts: readonly Float64Array[]): Float64Array | undefined {
  if (parts.length === 0) return undefined;
  const { buffer, byteOffset } = parts[0];
  let end = byteOffset;
  for (const part of parts) {
    if (part.buffer !== buffer || part.byteOffset !== end) return undefined;
    end += part.byteLength;
  }
  return new Float64Array(buffer, byteOffset, (end - byteOffset) / 8);
}
