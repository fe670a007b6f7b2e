// Writes into the models that ship with Concord what they learned from: node --import tsx scripts/describe-fixtures.ts [murd|ddae]
// They were trained before models recorded it. The people they learned from are simulated again, by the seeds of their training
// (scripts/murd/phantoms.ts, scripts/ddae/phantoms.ts); the weights stay as they are, to the bit.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import { trainingPhantoms as sevenSites } from './ddae/phantoms';
import { trainingPhantoms as vendors } from './murd/phantoms';
import { doubtsOf, writeLearned } from './shipped/described';
import { describeInput } from '../sdk/nn/input/describe-input';

async function describe(kind: 'murd' | 'ddae', make: () => Promise<ImageCohort>): Promise<void> {
  const cohort = await make();
  const learned = await describeInput(cohort);
  // A network takes what it learned from without a doubt.
  assert.deepEqual(await doubtsOf(learned, cohort), []);
  await writeLearned(resolve(`fixtures/${kind}-small`), kind, learned);
  console.log(
    `${kind}: ${JSON.stringify({ ...learned, looks: learned.looks.length, kinds: learned.kinds.length })}`,
  );
}

async function main(): Promise<void> {
  const wanted = process.argv[2];
  if (wanted !== 'ddae') await describe('murd', vendors);
  if (wanted !== 'murd') await describe('ddae', sevenSites);
}

void main();
