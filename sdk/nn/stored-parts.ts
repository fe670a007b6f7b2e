import type { Issue } from '../data/issue';
import { isIssue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { isNames } from '../data/json';
import type { Provenance } from '../data/provenance';
import { isProvenance } from '../data/provenance';
import type { StoredNetwork } from '../data/networks/stored-network';
import type { TrainingRecord } from '../data/networks/training-record';
import { isTrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray, WeightTable } from '../data/networks/weights';
import { ConcordError } from '../errors';
import type { ImageGeometry } from './images/image-geometry';
import { flattenTree } from './weight-trees';

/** Takes a model of networks apart: what it is, in plain values, and its arrays by dotted path. */
export function toStored<Model extends { readonly kind: string; readonly weights: Tree<WeightArray> }>({
  weights,
  ...model
}: Model): StoredNetwork {
  const description = JSON.parse(JSON.stringify(model)) as JsonObject & { readonly kind: string };
  return { model: description, weights: flattenTree<WeightArray>(weights) };
}

/** What every model of networks says of how it came to be. */
export interface StoredHistory {
  readonly training: TrainingRecord;
  readonly heldOut: readonly string[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

/**
 * Checks what every stored model has: its history, and arrays of numbers.
 *
 * @throws ConcordError `malformed-model` naming the part.
 */
export function requireHistory(
  { training, heldOut, provenance, issues }: StoredHistory,
  weights: WeightTable,
): void {
  requirePart(isTrainingRecord(training), 'training');
  requirePart(isNames(heldOut), 'heldOut');
  requirePart(isProvenance(provenance), 'provenance');
  requirePart(Array.isArray(issues) && issues.every(isIssue), 'issues');
  for (const [path, { data }] of weights) {
    requirePart(
      data.every((value) => Number.isFinite(value)),
      `the array ${path}`,
    );
  }
}

/**
 * Checks the orientation of the slices that a stored model was trained on, and what they measured.
 *
 * @throws ConcordError `malformed-model` naming the part.
 */
export function requireGeometry({ plane, pixelSize }: ImageGeometry, part: string): void {
  requirePart(['axial', 'coronal', 'sagittal'].includes(plane), `${part}: plane`);
  const sizes = Array.isArray(pixelSize) && pixelSize.length === 2;
  requirePart(sizes && pixelSize.every((size) => Number.isFinite(size) && size > 0), `${part}: pixelSize`);
}

/**
 * Checks a part of a stored model.
 *
 * @throws ConcordError `malformed-model` naming it.
 */
export function requirePart(fits: boolean, what: string): void {
  if (fits) return;
  throw new ConcordError('malformed-model', `malformed model: ${what}`);
}

/** Whether a value is a whole number above 0, `most` at the most, that something can have the size of. */
export function isSize(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= most;
}

/** Whether a value is an object. */
export function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is a range of intensities: two numbers, the lower one first. */
export function isRange(value: unknown): boolean {
  const { low, high } = (value ?? {}) as { readonly low?: unknown; readonly high?: unknown };
  return typeof low === 'number' && typeof high === 'number' && Number.isFinite(high - low) && high > low;
}

/**
 * Checks a stored architecture as one that is chosen is checked.
 *
 * @param check - throws `invalid-option` where it does not fit
 * @throws ConcordError `malformed-model` saying the same.
 */
export function requireStoredArchitecture(check: () => void): void {
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    throw new ConcordError('malformed-model', `malformed model: architecture: ${cause.problem}`, {
      remedy: cause.remedy,
      cause,
    });
  }
}
