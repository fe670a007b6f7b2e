import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Cohort, FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import type { RunOptions } from '../../sdk/data/run-options';
import type { Model } from '../../sdk/index';

/** Numbers of a payload. */
export type Values = Float32Array | Float64Array;

/** The arrays of a cohort whose values a method changes. */
export async function payload(cohort: Cohort): Promise<readonly Values[]> {
  switch (cohort.kind) {
    case 'features':
      return [cohort.features.values];
    case 'images':
      return [cohort.images.data];
    case 'volumes':
      return Promise.all(cohort.scans.map(async (scan) => (await scan.open()).data));
  }
}

/** What the rows and columns of the payload are called. */
export function namesOf(cohort: Cohort): unknown {
  if (cohort.kind === 'features') return [cohort.features.subjects, cohort.features.features];
  if (cohort.kind === 'volumes') return cohort.scans.map(({ id, subject }) => [id, subject]);
  const { images, subjects, suffixes } = cohort;
  return [images.shape, images.slices, images.mask, subjects, suffixes];
}

/** The table with one feature more, in front. */
export function withExtraFeature(cohort: FeatureCohort): FeatureCohort {
  const { features, subjects, values } = cohort.features;
  const width = features.length + 1;
  const wide = new Float64Array(subjects.length * width).fill(1e6);
  subjects.forEach((_, row) =>
    wide.set(values.subarray(row * (width - 1), (row + 1) * (width - 1)), row * width + 1),
  );
  const named = makeFeatureMatrix(wide, subjects, ['extra', ...features]);
  return { ...cohort, features: named };
}

/** A digest of everything in a value, arrays to the bit; of the scans of a cohort, what they are when opened. */
export async function fingerprint(value: object): Promise<string> {
  const hash = createHash('sha256');
  const scans = 'kind' in value && value.kind === 'volumes' ? await payload(value as Cohort) : [];
  const text = JSON.stringify({ ...value, opened: scans }, (_, part: unknown) => {
    if (!ArrayBuffer.isView(part)) return part;
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    return part.byteLength;
  });
  return hash.update(text).digest('hex');
}

/** A model without the times that its training took. */
export function decisive(model: Model): object {
  return 'training' in model ? { ...model, training: undefined } : model;
}

/** Freezes an object and all in it; arrays of numbers cannot be frozen. */
export function deepFrozen<Part>(part: Part): Part {
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || Object.isFrozen(part)) {
    return part;
  }
  Object.freeze(part);
  for (const inner of Object.values(part)) deepFrozen<unknown>(inner);
  return part;
}

/** Asserts that work can be cancelled before it begins and, where it reports, at its first report. */
export async function stops(work: (run: RunOptions) => Promise<unknown>, reports: boolean): Promise<void> {
  await assert.rejects(work({ signal: AbortSignal.abort() }), { code: 'aborted' });
  if (!reports) return;
  const cancel = new AbortController();
  let reported = 0;
  const onProgress = (): void => {
    reported++;
    cancel.abort();
  };
  await assert.rejects(work({ signal: cancel.signal, onProgress }), { code: 'aborted' });
  assert.ok(reported > 0);
}

/** Asserts that values are numbers where there were numbers before. */
export function assertFinite(values: readonly Values[], before: readonly Values[], what: string): void {
  values.forEach((part, i) =>
    part.forEach((value, at) => assert.ok(Number.isFinite(value) || Number.isNaN(before[i][at]), what)),
  );
}

/** Asserts that values agree to within a share of the largest one. */
export function assertClose(values: Values, expected: Values, tolerance: number): void {
  if (tolerance === 0) {
    assert.deepEqual(values, expected);
    return;
  }
  let most = 0;
  for (const value of expected) most = Math.max(most, tolerance * Math.abs(value));
  values.forEach((value, at) =>
    assert.ok(Math.abs(value - expected[at]) <= most, `${value} ${expected[at]}`),
  );
}
