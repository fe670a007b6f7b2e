import { ConcordError } from '../errors';
import { requireGuided } from '../nn/images/guided-by-scan';
import type { DdaeModel } from './ddae-model';

/** @throws ConcordError `invalid-option` for a neighborhood that is none, and for a model of features, which have none. */
export function requireGuidable({ scale }: DdaeModel, guided: number | undefined): void {
  requireGuided(guided);
  if (guided === undefined || scale.kind === 'images') return;
  throw new ConcordError(
    'invalid-option',
    `invalid guided: ${guided} for a model of features (what is guided by the scan are images)`,
  );
}
