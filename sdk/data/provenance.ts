import type { JsonObject } from './json';
import { version } from '../version';

/** One step in the making of a result: enough to do it again. */
export interface ProvenanceStep {
  /** The public function that did it. */
  readonly step: string;
  /** The options it ran with, defaults filled in. */
  readonly options: JsonObject;
  /** The version of `concord-mri` that did it. */
  readonly version: string;
  /** The seed of its random draws, where it made any. */
  readonly seed?: number;
}

/** The steps that made a result, oldest first. It holds no clock time: the same steps give the same record. */
export type Provenance = readonly ProvenanceStep[];

/** Makes the record of one step. Options that are `undefined` are left out. */
export function provenanceStep(
  step: string,
  options: Readonly<Record<string, unknown>>,
  seed?: number,
): ProvenanceStep {
  const plain = JSON.parse(JSON.stringify(options)) as JsonObject;
  return seed === undefined ? { step, options: plain, version } : { step, options: plain, version, seed };
}

/** Whether a value that came from a file is a {@link Provenance}. */
export function isProvenance(value: unknown): value is Provenance {
  return Array.isArray(value) && value.every(isStep);
}

function isStep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { step, options, version: by, seed } = value as Readonly<Record<string, unknown>>;
  const isPlain = typeof options === 'object' && options !== null && !Array.isArray(options);
  return (
    typeof step === 'string' &&
    isPlain &&
    typeof by === 'string' &&
    (seed === undefined || typeof seed === 'number')
  );
}
