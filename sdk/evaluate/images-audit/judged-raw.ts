/**
 * What was found of raw scans, so that comparisons of other methods on the same scans need not find it again: plain data
 * with typed arrays, which `structuredClone` and `v8.serialize` take.
 */
export interface JudgedRaw {
  readonly kind: 'judged-raw';
  /** Of the scans and of how they were judged: they are for no others. */
  readonly digest: string;
}
