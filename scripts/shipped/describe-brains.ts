// Writes into the model of real brains what it learned from, as `concord train` does, and holds its scans against that:
// node --import tsx scripts/shipped/describe-brains.ts BIDS FOLDER
// The weights stay as they are, to the bit.
import { resolve } from 'node:path';
import type { ImageCohort, IssueCode } from 'concord-mri';
import * as concord from 'concord-mri';
import { describeInput } from '../../sdk/nn/input/describe-input';
import type { LearnedInput } from '../../sdk/nn/input/learned-input';
import { brainSteps } from '../../sdk/preprocess/brain-steps';
import { cutAlike } from '../../sdk/preprocess/slices/cut-alike';
import { doubtsOf, writeLearned } from './described';

async function main(): Promise<void> {
  const [bids, given] = process.argv.slice(2);
  if (given === undefined) throw new Error('scripts/shipped/describe-brains.ts BIDS FOLDER');
  const scans = await concord.loadBids(bids);
  // As `concord train` cuts them.
  const whole = await concord.toImages(
    concord.preprocess(scans, brainSteps({ plane: 'axial', pixelSize: [3, 3] })),
    { plane: 'axial', size: 64, center: 'mask', fill: 0, at: { every: 3 } },
  );
  const learned = await describeInput(whole);
  await say('whole scans', learned, whole);
  // As `concord compare` does.
  const { before: middle } = await cutAlike(scans, scans, { size: 64, pixelSize: 3 });
  await say('middle slices', learned, middle);
  await writeLearned(resolve(given), 'ddae', learned);
}

/** How many scans would be doubted or refused that the network learned from: none should be. */
async function say(what: string, learned: LearnedInput, cohort: ImageCohort): Promise<void> {
  const doubts = await doubtsOf(learned, cohort);
  const unlike = doubts.filter(({ code }) => code === 'unlike-training');
  const count = (wanted: IssueCode): number => doubts.filter(({ code }) => code === wanted).length;
  const of = cohort.participants.ids.length;
  console.log(
    `${what}: of ${of} scans ${unlike.length} are doubted or refused, ${count('brought-to-training')} brought, ` +
      `${count('beyond-training')} have slices beyond what was learned`,
  );
  for (const { message } of unlike) console.log(`  ${message}`);
}

void main();
