import type { VolumeCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { writeBids } from '../../io/bids/written/write-bids';
import type { WrittenBids } from '../../io/bids/written/write-bids-options';
import type { AnyModel } from '../../methods/method';
import { methodNamed } from '../../methods/methods';
import { initialValues } from '../methods/method-options';
import { descOf } from './harmonize-scans';
import { saveFitted } from './scans-model';

/** A normalization of a whole dataset. */
export interface TogetherOptions extends RunOptions {
  /** The dataset of the scans, into which the results are written too. */
  readonly target: string;
  /** The name of the method. */
  readonly method: string;
  readonly strict: boolean;
  readonly overwrite: boolean;
}

/** What {@link normalizeTogether} made. */
export interface Together extends Pick<WrittenBids, 'cohort' | 'issues'> {
  readonly model: AnyModel;
}

/**
 * Brings the preprocessed scans of a dataset to one scale by a method that is fitted on all of them, and writes the results
 * and the model beside them.
 *
 * @throws ConcordError `file-exists` where results of a model that was fitted on other scans are there; what the method throws.
 */
export async function normalizeTogether(
  stored: VolumeCohort,
  { target, method: name, strict, overwrite, ...running }: TogetherOptions,
): Promise<Together> {
  const method = methodNamed(name);
  const part = method.command?.scans;
  const call = part?.read(initialValues(part.options));
  if (call?.fit === undefined || call.harmonize === undefined)
    throw new TypeError(`${name} is not fitted on scans`);
  const model = await call.fit(stored, { strict, ...running });
  const normalized = await call.harmonize(model, stored, running);
  // What a model of other scans made is there by another recipe, which is refused.
  const { cohort, issues } = await writeBids(normalized, target, {
    desc: descOf(method),
    resume: true,
    strict,
    overwrite,
    ...running,
  });
  await saveFitted(model, target);
  return { cohort, model, issues: [...model.issues, ...issues] };
}
