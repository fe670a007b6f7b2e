import type { ComparedModel } from '../evaluate/comparison/method-comparison';
import type { AnyModel } from '../methods/method';
import { aboutModel } from '../methods/methods';
import { storedDigest } from '../methods/model-digest';
import { networkRecord } from '../methods/network-card';

/** What there is to say of the model that a method was applied with; nothing of what is no model of a known kind. */
export function comparedModel(model: unknown): ComparedModel | undefined {
  const about = aboutModel(model);
  if (about === undefined) return undefined;
  const known = model as AnyModel;
  return { digest: storedDigest(about.kind, known), ...networkRecord(known) };
}
