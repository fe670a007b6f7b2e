// What a model that ships learned from, written into it and tried, by the scripts that describe these models anew.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { cohortSource } from '../../sdk/data/images/memory-source';
import type { Issue } from '../../sdk/data/issue';
import { measureScanRanges } from '../../sdk/nn/images/scan-intensity';
import type { LearnedInput } from '../../sdk/nn/input/learned-input';
import { takeIn } from '../../sdk/nn/input/take-in';

/** Writes the description into the model of a folder: a card stands beside it, and the weights are the same. */
export async function writeLearned(
  folder: string,
  kind: 'murd' | 'ddae',
  learned: LearnedInput,
): Promise<void> {
  const model = await concord.loadModel(folder, kind);
  const made = mkdtempSync(join(tmpdir(), 'concord-describe-'));
  await concord.saveModel({ ...model, learned }, made, { overwrite: true });
  copyFileSync(join(made, 'model.json'), join(folder, 'model.json'));
  rmSync(made, { recursive: true });
}

/** What a network that learned that would say of scans: of those that it learned from it should be nothing. */
export async function doubtsOf(learned: LearnedInput, cohort: ImageCohort): Promise<readonly Issue[]> {
  const ranges = await measureScanRanges(cohortSource(cohort));
  const { issues } = await takeIn(learned, { cohort, ranges }, { refuse: false });
  const doubts = ['unlike-training', 'brought-to-training', 'beyond-training'];
  return issues.filter(({ code }) => doubts.includes(code));
}
