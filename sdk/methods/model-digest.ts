import { digestOfParts } from '../data/digest';
import type { AnyModel, ModelKind } from './method';

/**
 * Distinguishes models: a digest of all that would be stored, except which version of the package stores it and what
 * was only noticed.
 */
export function storedDigest({ storage }: ModelKind, model: AnyModel): string {
  if (storage.as === 'file') {
    const { description, arrays } = storage.toStored(model);
    return digestOfParts([whatDecides(description), ...Array.from(arrays.values(), ({ data }) => data)]);
  }
  const stored = storage.toStored(model);
  return digestOfParts([
    whatDecides(stored.model),
    ...Array.from(stored.weights.values(), ({ data }) => data),
  ]);
}

function whatDecides(description: object): object {
  return Object.fromEntries(
    Object.entries(description).filter(([name]) => name !== 'version' && name !== 'issues'),
  );
}
