// How much what a stored network makes of real brains has to do with them: npm run bench:made -- MODEL [scans of each site] [folder]
// Scans are brought to the pixels of the model first, so that no detail of theirs is added to what is made.
import { makeVolumeCohort, takeSubjects } from '../../sdk/data/cohort';
import { makeParticipants, siteNames } from '../../sdk/data/people/participants';
import { loadBids } from '../../sdk/io/bids/load-bids';
import { streamVolumes } from '../../sdk/math/images/stream-volumes';
import { rankCorrelation } from '../../sdk/math/statistics/rank-correlation';
import { harmonizeVolumes } from '../../sdk/methods/harmonize-volumes';
import { loadAnyModel } from '../../sdk/methods/save-model';
import { preprocess } from '../../sdk/preprocess/preprocess';
import { steps } from '../../sdk/steps';
import { sharedData } from '../support/shared-data';

async function main([folder, each = '3', set = 'brains']: readonly string[]): Promise<void> {
  const model = await loadAnyModel(folder);
  const { sites: known } = model as unknown as { readonly sites: readonly string[] };
  const root = sharedData(set);
  if (root === undefined) throw new Error(`the shared data ${set} are not on this machine`);
  const all = await loadBids(root);
  const sites = siteNames(all.participants);
  const rows = sites.flatMap((site) =>
    [...all.participants.ids.keys()].filter((row) => all.participants.sites[row] === site).slice(0, +each),
  );
  const { participants, scans } = takeSubjects(all, rows);
  // Models of other sites take those of the brains for theirs, in turn.
  const named = participants.sites.map((site) =>
    known.includes(site) ? site : known[sites.indexOf(site) % known.length],
  );
  const people = makeParticipants(participants.ids, named);
  const prepared = preprocess(makeVolumeCohort(people, scans), [steps.resample({ spacing: 3 })]);
  for (const site of known) {
    const options =
      model.kind === 'ddae' ? { target: site, steps: 5, unseen: 'nearest' } : { site, target: site };
    const made = harmonizeVolumes(model, prepared, options);
    const found: number[] = [];
    const { issues } = await streamVolumes(made, async (after, row) => {
      const before = await prepared.scans[row].open();
      const inside = [...before.data.keys()].filter((at) => before.mask?.[at] === 1);
      const [scan, picture] = [before, after].map(({ data }) => Float64Array.from(inside, (at) => data[at]));
      found.push(rankCorrelation(scan, picture));
    });
    const shown = [...found].sort((a, b) => a - b).map((value) => value.toFixed(2));
    const unlike = issues.filter(({ code }) => code === 'made-unlike-scan').length;
    console.log(`${folder} to ${site}: ${unlike} of ${shown.length} named; ${shown.join(' ')}`);
  }
}

void main(process.argv.slice(2));
