// A DDAE on cortical thickness at vertices, compared with ComBat, on people it has never seen:
// npm run study:vertices [-- steps]
import type { FeatureCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { distanceCorrelation } from '../../sdk/evaluate/persons/distance-correlation';

/** People at each site to learn from, and others, measured at every site, to be judged on. */
const learnedFrom = 120;
const judgedOn = 20;
const geometry = { seed: 5, sites: 4 } as const;
const target = 'site-01';

async function main(): Promise<void> {
  const steps = Number(process.argv[2] ?? 2000);
  console.log(concord.networks.formatBackend(await concord.useBackend()));
  const { cohort: training, neighborhood } = concord.simulateVertexCohort({
    ...geometry,
    subjects: learnedFrom,
  });
  const travelers = unseenTravelers();
  console.log(
    `raw       ${distance(travelers, travelers).toFixed(4)} mm from the person's own map at ${target}`,
  );
  const combat = await concord.fitCombat(training, { reference: target });
  const byCombat = await concord.applyCombat(combat, travelers);
  console.log(`ComBat    ${distance(byCombat, travelers).toFixed(4)} mm`);
  const model = await concord.fitDdae(training, {
    neighborhood,
    steps,
    batchSize: 32,
    seed: 1,
    onPoint: ({ step, seconds, values }) => {
      if (values['validation'] === undefined) return;
      console.log(`${step} ${seconds.toFixed(0)} s  validation ${values['validation'].toFixed(4)}`);
    },
  });
  for (const sampling of [10, 20, 40]) {
    const after = await concord.harmonizeDdae(model, travelers, { target, steps: sampling });
    const distances = await distanceCorrelation(travelers, after);
    console.log(
      `DDAE      ${distance(after, travelers).toFixed(4)} mm, ${sampling} + ${sampling} steps; distances between people ` +
        `correlate by ${distances.mean.toFixed(3)} with raw`,
    );
  }
}

/** People who are not in the training cohort, measured at all of its sites. */
function unseenTravelers(): FeatureCohort {
  const all = geometry.sites * learnedFrom + judgedOn;
  const { cohort } = concord.simulateVertexCohort({ ...geometry, subjects: all, traveling: true });
  const rows = cohort.participants.ids.length;
  const first = rows - geometry.sites * judgedOn;
  return concord.takeSubjects(
    cohort,
    Array.from({ length: rows - first }, (_, i) => first + i),
  );
}

/** The mean absolute difference, in mm, between maps from other sites and the same person's own map at the target. */
function distance(
  { features: after }: FeatureCohort,
  { features: measured, participants }: FeatureCohort,
): number {
  const width = measured.features.length;
  const personOf = (row: number): string => participants.ids[row].split('_')[0];
  const there = new Map(
    participants.ids.flatMap((_, row) => (participants.sites[row] === target ? [[personOf(row), row]] : [])),
  );
  let sum = 0;
  let count = 0;
  participants.sites.forEach((site, row) => {
    if (site === target) return;
    const own = there.get(personOf(row)) ?? NaN;
    for (let vertex = 0; vertex < width; vertex++) {
      sum += Math.abs(after.values[row * width + vertex] - measured.values[own * width + vertex]);
      count++;
    }
  });
  return sum / count;
}

void main();
