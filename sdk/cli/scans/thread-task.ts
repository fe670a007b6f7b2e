import type { VolumeCohort } from '../../data/cohort';
import { loadBids } from '../../io/bids/load-bids';
import type { LoadBidsOptions } from '../../io/bids/load-bids-options';
import type { WriteBidsOptions } from '../../io/bids/written/write-bids-options';
import { readVolume } from '../../io/volumes/read-volume';
import type { AnyModel } from '../../methods/method';
import { methodNamed } from '../../methods/methods';
import type { SliceChoice } from '../../plot/panels/montage-options';
import { preprocess } from '../../preprocess/preprocess';
import type { PreprocessFlags } from './preprocess-flags';
import { preprocessPlan } from './preprocess-plan';

/** What is done to the scans of a dataset, in a form that a thread can be given: functions cannot. */
export interface ThreadTask {
  readonly source: string;
  readonly load: LoadBidsOptions;
  readonly make: PreprocessTask | HarmonizeTask;
  readonly write: Omit<WriteBidsOptions, 'signal' | 'onProgress'>;
  /** How results are drawn; missing where they are not. */
  readonly pictures?: { readonly overwrite: boolean; readonly shown?: SliceChoice };
  /** Whether the quality of the results is measured. */
  readonly measured: boolean;
}

interface PreprocessTask {
  readonly kind: 'preprocess';
  readonly flags: PreprocessFlags;
}

interface HarmonizeTask {
  readonly kind: 'harmonize';
  readonly method: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly model: AnyModel;
}

/** The scans of a task, to be made when they are opened: the same in every thread. */
export async function cohortOfTask({ source, load, make }: ThreadTask): Promise<VolumeCohort> {
  const loaded = await loadBids(source, load);
  if (make.kind === 'preprocess') {
    const { template } = make.flags;
    const image = template === undefined ? undefined : await readVolume(template);
    return preprocess(loaded, preprocessPlan(make.flags, image));
  }
  const call = methodNamed(make.method).command?.scans?.read(make.values);
  if (call?.harmonize === undefined) throw new TypeError(`${make.method} harmonizes no scans by themselves`);
  return call.harmonize(make.model, loaded, {});
}
