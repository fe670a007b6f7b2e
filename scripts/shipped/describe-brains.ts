// Writes into the model of real brains what it learned from as comparisons see it:
// node --import tsx scripts/shipped/describe-brains.ts BIDS FOLDER
// `concord train` learns from slices of the whole brain, and `concord compare` cuts five from its middle: slices that the network
// has learned from, but whose intensities together are others, for which scans were refused. So each scan is described
// twice, whole and by its middle slices. The weights stay as they are, to the bit.
import { resolve } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { cohortSource } from '../../sdk/data/images/memory-source';
import { measureScanRanges } from '../../sdk/nn/images/scan-intensity';
import { commonGeometry } from '../../sdk/nn/images/image-geometry';
import { learnInput } from '../../sdk/nn/input/learn-input';
import type { LearnedInput } from '../../sdk/nn/input/learned-input';
import { brainSteps } from '../../sdk/preprocess/brain-steps';
import { cutAlike } from '../../sdk/preprocess/slices/cut-alike';
import { doubtsOf, writeLearned } from './described';

async function main(): Promise<void> {
  const [bids, given] = process.argv.slice(2);
  if (given === undefined) throw new Error('scripts/shipped/describe-brains.ts BIDS FOLDER');
  const scans = await concord.loadBids(bids);
  // As `concord train` cuts them, and as `concord compare` does.
  const whole = await concord.toImages(
    concord.preprocess(scans, brainSteps({ plane: 'axial', pixelSize: [3, 3] })),
    {
      plane: 'axial',
      size: 64,
      center: 'mask',
      fill: 0,
      at: { every: 3 },
    },
  );
  const { before: middle } = await cutAlike(scans, scans, { size: 64, pixelSize: 3 });
  const source = cohortSource(both(whole, middle));
  const ranges = [...(await rangesOf(whole)), ...(await rangesOf(middle))];
  const described = await learnInput(source, { ranges, geometry: commonGeometry(source.slices) });
  const learned = { ...described, scans: whole.participants.ids.length };
  await say('whole scans', learned, whole);
  await say('middle slices', learned, middle);
  await writeLearned(resolve(given), 'ddae', learned);
}

/** Both in one cohort: the middle slices as scans of sites of their own, so that their intensities are described apart. */
function both(whole: ImageCohort, middle: ImageCohort): ImageCohort {
  const named = (name: string): string => `${name}, middle slices`;
  const data = new Float32Array(whole.images.data.length + middle.images.data.length);
  data.set(whole.images.data);
  // Resampling has left a little outside of the mask, which is not looked at.
  const { mask } = middle.images;
  const inside = middle.images.data.map((value, at) => (mask?.[at] === 0 ? 0 : value));
  data.set(inside, whole.images.data.length);
  const slices = [
    ...whole.images.slices,
    ...middle.images.slices.map((slice) => ({ ...slice, scan: named(slice.scan) })),
  ];
  const [, ...size] = whole.images.shape;
  const shape = [slices.length, ...size] as unknown as typeof whole.images.shape;
  const participants = {
    ...whole.participants,
    ids: [...whole.participants.ids, ...middle.participants.ids.map(named)],
    sites: [...whole.participants.sites, ...middle.participants.sites.map(named)],
    persons: [...whole.subjects, ...middle.subjects],
    covariates: [],
  };
  return concord.makeImageCohort(participants, concord.makeImageSet(data, shape, { slices }), {
    subjects: [...whole.subjects, ...middle.subjects],
    suffixes: [...whole.suffixes, ...middle.suffixes],
    provenance: whole.provenance,
  });
}

function rangesOf(cohort: ImageCohort): ReturnType<typeof measureScanRanges> {
  return measureScanRanges(cohortSource(cohort));
}

/** How many scans would be doubted or refused that the network learned from: none should be. */
async function say(what: string, learned: LearnedInput, cohort: ImageCohort): Promise<void> {
  const doubts = await doubtsOf(learned, cohort);
  const unlike = doubts.filter(({ code }) => code === 'unlike-training');
  const of = cohort.participants.ids.length;
  console.log(
    `${what}: of ${of} scans ${unlike.length} are doubted or refused, ${doubts.length - unlike.length} brought`,
  );
  for (const { message } of unlike) console.log(`  ${message}`);
}

void main();
