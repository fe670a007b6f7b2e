import type { Scalar } from '@tensorflow/tfjs-core';
import { add, mean, square, sub, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { Participants } from '../../data/people/participants';
import { takeParticipants } from '../../data/people/participants';
import { breathe } from '../../data/run-options';
import { addNoise, predictionTarget } from '../../diffusion/prediction';
import { makeRandom } from '../../math/random';
import { knownCode, unknownCode } from '../network/ddae-network';
import type { UnseenSite } from '../ddae-model';
import type { GivenSamples } from './given-samples';
import { encodeKnown } from './known-variables';
import { allowedStrangers, sharesOfSite } from './site-shares';
import type { OpenDdae } from '../open-ddae';
import { denoiserWith, samplesTensor } from '../open-ddae';

/** For each participant the share of each site of the model. */
export interface SourceSites {
  readonly shares: readonly Float64Array[];
  readonly issues: readonly Issue[];
}

/**
 * The site that each participant's images are encoded with.
 *
 * @throws ConcordError `unknown-site` under the policy `error`.
 */
export async function sourceSites(
  open: OpenDdae,
  { participants, given }: { readonly participants: Participants; readonly given: GivenSamples },
  { unseen, signal }: { readonly unseen: UnseenSite; readonly signal?: AbortSignal },
): Promise<SourceSites> {
  const { model } = open;
  const strangers = allowedStrangers(model, participants, unseen);
  const issues: Issue[] = [];
  const shares: Float64Array[] = [];
  const chosen = new Map<string, string[]>();
  for (const [row, site] of participants.sites.entries()) {
    if (model.sites.includes(site)) {
      shares.push(sharesOfSite(model.sites, site));
    } else if (unseen === 'average') {
      shares.push(sharesOfSite(model.sites, 'average'));
    } else {
      await breathe(signal);
      const nearest = await nearestSite(open, { participants, given, row });
      chosen.set(site, [...(chosen.get(site) ?? []), nearest]);
      shares.push(sharesOfSite(model.sites, nearest));
    }
  }
  for (const site of strangers) {
    const as =
      unseen === 'average'
        ? 'the average of the known sites'
        : `the nearest known site of each scan (${listNames([...new Set(chosen.get(site))].sort())})`;
    issues.push(
      makeIssue('unseen-site', `site "${site}" is unknown to the model: its scans are encoded with ${as}`, {
        site,
      }),
    );
  }
  return { shares, issues };
}

/** Times at which sites are compared, as shares of T, and samples of a scan that are looked at. */
const probeTimes = [0.1, 0.3, 0.5];
const probeSamples = 4;

/** The known site under which the network takes noise away from a scan best: where its images are likeliest. */
async function nearestSite(
  open: OpenDdae,
  { participants, given, row }: { participants: Participants; given: GivenSamples; row: number },
): Promise<string> {
  const { model } = open;
  const all = Array.from(given.rows.keys()).filter((position) => given.rows[position] === row);
  const positions = all.filter((_, i) => i % Math.ceil(all.length / probeSamples) === 0);
  const samples = await given.source.read(positions);
  const one = takeParticipants(participants, [row]);
  const errors = model.sites.map((site) => {
    const variables = encodeKnown(one, [sharesOfSite(model.sites, site)], model.known);
    return tidy(() => siteError(open, { samples, count: positions.length, variables }));
  });
  const values = await Promise.all(errors.map(async (error) => (await error.data())[0]));
  for (const error of errors) error.dispose();
  return model.sites[values.indexOf(Math.min(...values))];
}

function siteError(
  open: OpenDdae,
  { samples, count, variables }: { samples: Float32Array; count: number; variables: Float32Array },
): Scalar {
  const { model, layout, schedule, weights } = open;
  const { times, prediction } = model.diffusion;
  const clean = samplesTensor(open, samples);
  const rows = Array.from({ length: count }, () => Array.from(variables));
  const codes = {
    known: knownCode(weights, tensor2d(rows), layout),
    unknown: unknownCode(weights, clean, layout),
  };
  // The same noise for every site.
  const random = makeRandom(1);
  const parts = probeTimes.map((share) => {
    const time = Math.max(1, Math.round(share * times));
    const epsilon = samplesTensor(
      open,
      Float32Array.from(samples, () => random.normal()),
    );
    const mixture = { signal: schedule.signal[time], noise: schedule.noise[time] };
    const noisy = addNoise(clean, epsilon, mixture);
    const predicted = denoiserWith(open, codes)(noisy, new Int32Array(count).fill(time));
    return mean<Scalar>(square(sub(predicted, predictionTarget(prediction, { clean, epsilon }, mixture))));
  });
  return parts.reduce((sum, part) => add<Scalar>(sum, part));
}
