import type { JsonObject } from '../../data/json';
import { toJsonObject } from '../../data/json';
import { siteNames } from '../../data/people/participants';
import type { WeightArray } from '../../data/networks/weights';
import { makeNoiseSchedule } from '../../diffusion/noise-schedule';
import { ConcordError } from '../../errors';
import { deriveSeed, makeRandom } from '../../math/random';
import { evenly, takePositions } from '../../nn/images/positions';
import { digestOfWeights } from '../../nn/train/start-from';
import type { DdaeModel } from '../ddae-model';
import type { DdaeStart } from './start-from';
import { requireFittingDdae, startingWeights } from './start-from';
import type { HeldOut } from '../../nn/train/hold-out';
import { holdOut } from '../../nn/train/hold-out';
import type { TrainingPlan, Update } from '../../nn/train/training-plan';
import type { DdaeLossSetting } from './ddae-losses';
import { ddaeLoss, siteCriticLoss } from './ddae-losses';
import type { DdaeLayout, DdaeWeights } from '../network/ddae-network';
import { initDdae } from '../network/ddae-network';
import type { DdaeSettings } from '../ddae-settings';
import { judgeDdae } from './ddae-validation';
import { eraseSites } from './erase-sites';
import type { SiteCritic } from './independence';
import { initSiteCritic } from './independence';
import type { KnownVariable } from '../samples/known-variables';
import { knownLength, learnKnownVariables } from '../samples/known-variables';
import type { Samples } from '../samples/samples';
import type { DdaeBatch } from './ddae-batches';
import { DdaeBatches } from './ddae-batches';

/** The networks by the names under which they are trained. */
type Networks = {
  readonly ddae: DdaeWeights<WeightArray>;
  readonly critic?: SiteCritic<WeightArray>;
};

/** The most samples from whose codes the site is erased. */
const erasedFrom = 10_000;

/** One fit while it is set up. */
export class DdaeTraining {
  readonly sites: readonly string[];
  readonly known: readonly KnownVariable[];
  readonly heldOut: HeldOut;
  readonly record: JsonObject;
  private readonly setting: DdaeLossSetting;
  private readonly batches: DdaeBatches;

  constructor(
    private readonly samples: Samples,
    private readonly given: {
      readonly layout: DdaeLayout;
      readonly settings: DdaeSettings;
      readonly names: readonly string[];
      readonly seed: number;
      readonly startFrom?: DdaeModel;
    },
  ) {
    const { participants } = samples;
    const { settings, seed, layout, names, startFrom } = given;
    this.sites = siteNames(participants);
    this.known = learnKnownVariables(participants, names);
    this.batches = new DdaeBatches(samples, { settings, seed, sites: this.sites, known: this.known });
    const { schedule: kind, times: steps } = settings.diffusion;
    this.setting = { layout, settings, schedule: makeNoiseSchedule({ kind, steps }) };
    this.heldOut = holdOut(samples, { share: settings.heldOut, seed: deriveSeed(seed, 1) });
    if (startFrom !== undefined) requireFittingDdae(startFrom, this.start);
    this.record = toJsonObject({
      ...layout.architecture,
      ...settings,
      known: names,
      ...(startFrom === undefined ? {} : { startFrom: digestOfWeights(startFrom.weights) }),
    });
  }

  /** What is trained on what, towards what. */
  async plan(batchSize: number, steps: number): Promise<TrainingPlan<Networks, DdaeBatch>> {
    const { seed } = this.given;
    const { learned, validated } = this.heldOut;
    const judged = await this.batches.judged(validated, batchSize);
    return {
      label: 'training the DDAE',
      networks: this.networks(),
      updates: this.updates(steps),
      batch: this.batches.draw({ batchSize, steps, among: learned }),
      validate: (networks) =>
        judgeDdae(networks, judged, { ...this.setting, random: makeRandom(deriveSeed(seed, 5)) }),
      fingerprint: { ...this.record, samples: this.samples.digest },
    };
  }

  /** The weights with an encoder from whose codes no linear map reads the site, on what it learned from. */
  async withoutSites(
    weights: DdaeWeights<WeightArray>,
    run: { readonly batchSize: number; readonly signal?: AbortSignal },
  ): Promise<DdaeWeights<WeightArray>> {
    const { source, places } = this.samples;
    const positions = evenly(this.heldOut.learned, erasedFrom);
    const sited = {
      source: takePositions(source, positions),
      sites: this.batches.sitesOf(positions),
      places: positions.map((position) => places[position]),
    };
    const { layout } = this.given;
    return { ...weights, semantic: await eraseSites(weights.semantic, sited, { layout, ...run }) };
  }

  private get start(): DdaeStart {
    const { layout, settings } = this.given;
    const { sites, known } = this;
    return { architecture: layout.architecture, diffusion: settings.diffusion, sites, known };
  }

  private networks(): Networks {
    const { seed, layout, settings, startFrom } = this.given;
    const drawn = initDdae(deriveSeed(seed, 0), layout, knownLength(this.sites, this.known));
    const ddae = startFrom === undefined ? drawn : startingWeights(startFrom, this.start, drawn);
    if (settings.independence !== 'adversarial') return { ddae };
    const { unknownSize } = layout.architecture;
    return { ddae, critic: initSiteCritic(makeRandom(deriveSeed(seed, 4)), unknownSize, this.sites.length) };
  }

  private updates(steps: number): Update<Networks, DdaeBatch>[] {
    const { independence, learningRate: rate } = this.given.settings;
    const learningRate = { kind: 'cosine', rate, steps, warmUpSteps: Math.min(200, steps) } as const;
    const ddae: Update<Networks, DdaeBatch> = {
      name: 'ddae',
      trains: ['ddae'],
      optimizer: { learningRate, clipNorm: 1 },
      loss: (networks, batch, random) =>
        ddaeLoss(networks, this.batches.inputs(batch), { ...this.setting, random }),
    };
    const critic: Update<Networks, DdaeBatch> = {
      name: 'critic',
      trains: ['critic'],
      optimizer: { learningRate },
      loss: (networks, batch) => {
        if (networks.critic === undefined) throw new ConcordError('invalid-option', 'there is no critic');
        return siteCriticLoss(
          { ...networks, critic: networks.critic },
          this.batches.inputs(batch),
          this.setting,
        );
      },
    };
    return independence === 'adversarial' ? [ddae, critic] : [ddae];
  }
}
