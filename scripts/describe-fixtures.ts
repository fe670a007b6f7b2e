// Writes into the models that ship with Concord what they learned from: node --import tsx scripts/describe-fixtures.ts [murd|ddae]
// They were trained before models recorded it. The people they learned from are simulated again, by the seeds of their training
// (scripts/murd/phantoms.ts, scripts/ddae/phantoms.ts); the weights stay as they are, to the bit.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { trainingPhantoms as sevenSites } from './ddae/phantoms';
import { trainingPhantoms as vendors } from './murd/phantoms';
import { cohortSource } from '../sdk/data/images/memory-source';
import { measureScanRanges } from '../sdk/nn/images/scan-intensity';
import { describeInput } from '../sdk/nn/input/describe-input';
import type { LearnedInput } from '../sdk/nn/input/learned-input';
import { takeIn } from '../sdk/nn/input/take-in';

async function describe(kind: 'murd' | 'ddae', make: () => Promise<ImageCohort>): Promise<void> {
  const folder = resolve(`fixtures/${kind}-small`);
  const made = mkdtempSync(join(tmpdir(), 'concord-describe-'));
  const model = await concord.loadModel(folder, kind);
  const cohort = await make();
  const learned = await describeInput(cohort);
  await requireTaken(learned, cohort);
  await concord.saveModel({ ...model, learned }, made, { overwrite: true });
  // A README stands beside the model, and the weights are the same.
  copyFileSync(join(made, 'model.json'), join(folder, 'model.json'));
  rmSync(made, { recursive: true });
  console.log(
    `${kind}: ${JSON.stringify({ ...learned, looks: learned.looks.length, kinds: learned.kinds.length })}`,
  );
}

/** A network takes what it learned from without a doubt. */
async function requireTaken(learned: LearnedInput, cohort: ImageCohort): Promise<void> {
  const ranges = await measureScanRanges(cohortSource(cohort));
  const { issues } = await takeIn(learned, { cohort, ranges }, {});
  const doubts = issues.filter(({ code }) => code === 'unlike-training' || code === 'brought-to-training');
  assert.deepEqual(doubts, []);
}

async function main(): Promise<void> {
  const wanted = process.argv[2];
  if (wanted !== 'ddae') await describe('murd', vendors);
  if (wanted !== 'murd') await describe('ddae', sevenSites);
}

void main();
