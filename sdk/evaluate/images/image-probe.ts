import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { progressReporter } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { deriveSeed } from '../../math/random';
import { ensureBackend } from '../../nn/backend/use-backend';
import { requireSeed } from '../../nn/train/train';
import type { Interval } from '../audit';
import { probeNetworkName } from '../probes/probe-network';
import type { ProbeData } from './probe-data';
import { alignTestData, probeData, takeProbeData } from './probe-data';
import { trainAndPredict } from './probe-predictions';
import type { ProbeScore, Said } from './probe-scores';
import { scoreProbe } from './probe-scores';
import type { ProbePlan, ProbeSplit } from './probe-splits';
import { planFolds, planHeldOut, planTest, requirePeople, requireSplit } from './probe-splits';

/** Options of {@link imageProbe}. */
export interface ImageProbeOptions extends RunOptions {
  /** What to find in the images: `site`, or a covariate by name. @defaultValue `'site'` */
  readonly target?: string;
  /** Parts that people are dealt into, each judged by a probe that learnt from the others. @defaultValue 3 */
  readonly folds?: number;
  /** Instead of folds: the share of people to judge, by one probe that learnt from the others. */
  readonly heldOut?: number;
  /**
   * Instead of both: other people to judge, by one probe that learnt from all of the cohort. To see what a probe trained
   * on raw images makes of harmonized ones, or of travelers.
   */
  readonly test?: ImageCohort;
  /** Each deals people into folds anew and begins from new weights. @defaultValue `[1, 2, 3]` */
  readonly seeds?: readonly number[];
  /** Steps of training, 32 images each. @defaultValue 600 */
  readonly steps?: number;
}

/** What a probe found. Plain JSON. */
export interface ImageProbeResult {
  readonly kind: 'image-probe';
  readonly target: string;
  /** `balanced-accuracy` for sites and more than two levels, `area-under-curve` for two, else `mean-absolute-error`. */
  readonly score: ProbeScore;
  /** The mean score of the seeds, and its 95 % interval over people and seeds. */
  readonly value: Interval;
  readonly perSeed: readonly number[];
  /** What a probe that has learnt nothing scores; for a number the error of always saying the training mean. */
  readonly chance: number;
  /** Of two levels, beside the area under the curve. */
  readonly balancedAccuracy?: number;
  /** Of a number: the share of the squared error of the training mean that is saved; below 0 where it does worse. */
  readonly r2?: number;
  /** Of a number: Pearson's correlation of what was said with what is true, mean over seeds. */
  readonly correlation?: number;
  /** The unit of a number, where it has one. */
  readonly unit?: string;
  /** How people were held out. */
  readonly scheme: 'folds' | 'held-out' | 'test';
  /** The scans that were judged, and the people on them. */
  readonly scans: number;
  readonly people: number;
  /** What network probed, in words. */
  readonly network: string;
  readonly steps: number;
  /** How many networks were trained, and the seconds that took with judging. */
  readonly fits: number;
  readonly seconds: number;
  readonly backend: string;
  readonly issues: readonly Issue[];
}

/**
 * Asks how well a small convolutional network, trained from nothing on these very images, finds the site in them, or age,
 * or sex. People are held out with all their scans, also where they were scanned at every site; what is said of a scan is
 * the mean over its slices. Intensities are scaled by mean and spread of the images learnt from, all alike, so that what
 * they tell of the site is there to be found; images are shifted a little but not mirrored, for coils are not symmetric.
 *
 * To judge a harmonization train a probe on each version of the images. One trained on raw images and then frozen (`test`)
 * is fooled by any change: that it fails does not say that the site is gone.
 *
 * @throws ConcordError `unknown-column`, `unknown-site`, `unknown-level`, `too-little-data`, `invalid-voxels`,
 * `invalid-option`, `aborted`, `unavailable-backend`.
 * @example
 * ```ts
 * const before = await imageProbe(slices, { target: 'site' });
 * const after = await imageProbe(harmonized, { target: 'site' });
 * ```
 */
export async function imageProbe(
  cohort: ImageCohort,
  options: ImageProbeOptions = {},
): Promise<ImageProbeResult> {
  const { target: name = 'site', seeds = [1, 2, 3], steps = 600, signal } = options;
  requireOptions({ ...options, seeds, steps });
  const { data, issues } = probeData(cohort, name);
  requirePeople(name, data);
  const test = options.test === undefined ? undefined : probeData(options.test, name);
  const plan = makePlan(data, options, {
    test: test === undefined ? undefined : alignTestData(name, data, test.data),
    seed: seeds[0],
  });
  const splits = seeds.map((seed) => plan.splits(seed));
  for (const split of splits.flat()) requireSplit(name, data, split);
  const { backend } = await ensureBackend();
  const fits = splits.flat().length;
  const report = progressReporter(`probing for ${name}`, fits, options);
  const started = performance.now();
  let done = 0;
  const said: Said[] = [];
  for (const [i, seed] of seeds.entries()) {
    const ofSeed = emptySaid(plan.judged);
    for (const [part, split] of splits[i].entries()) {
      await judge(data, plan.judged, { split, into: ofSeed, steps, seed: deriveSeed(seed, part), signal });
      report(++done);
    }
    said.push(ofSeed);
  }
  return {
    kind: 'image-probe',
    target: name,
    ...scoreProbe(name, plan.judged, said),
    ...whoWasJudged(plan.judged.cohort, name),
    scheme: test !== undefined ? 'test' : options.heldOut !== undefined ? 'held-out' : 'folds',
    network: probeNetworkName,
    steps,
    fits,
    seconds: (performance.now() - started) / 1000,
    backend,
    issues: [...issues, ...(test?.issues ?? [])],
  };
}

function whoWasJudged(
  { subjects, participants }: ImageCohort,
  name: string,
): Pick<ImageProbeResult, 'scans' | 'people' | 'unit'> {
  const counts = { scans: subjects.length, people: new Set(subjects).size };
  const asked = participants.covariates.find((covariate) => name !== 'site' && covariate.name === name);
  return asked?.kind === 'continuous' && asked.unit !== undefined ? { ...counts, unit: asked.unit } : counts;
}

function makePlan(
  data: ProbeData,
  { folds = 3, heldOut }: ImageProbeOptions,
  { test, seed }: { readonly test: ProbeData | undefined; readonly seed: number },
): ProbePlan {
  if (test !== undefined) return planTest(data, test);
  if (heldOut !== undefined) return planHeldOut(data, { share: heldOut, seed });
  return planFolds(data, folds);
}

function emptySaid({ target }: ProbeData): Said & { readonly answers: Float64Array[] } {
  const { length } = target.values;
  return { answers: new Array<Float64Array>(length), blind: new Float64Array(length) };
}

/** Trains one probe and writes down what it says of the scans it judges. */
async function judge(
  data: ProbeData,
  judged: ProbeData,
  options: RunOptions & {
    readonly split: ProbeSplit;
    readonly into: ReturnType<typeof emptySaid>;
    readonly steps: number;
    readonly seed: number;
  },
): Promise<void> {
  const { split, into, ...training } = options;
  const learnt = takeProbeData(data, split.learnt);
  const { said, blind } = await trainAndPredict(learnt, takeProbeData(judged, split.judged), training);
  split.judged.forEach((row, i) => {
    into.answers[row] = said[i];
    into.blind[row] = blind;
  });
}

function requireOptions({ folds, heldOut, test, seeds = [], steps = 0 }: ImageProbeOptions): void {
  const given = Object.entries({ folds, heldOut, test }).filter(([, value]) => value !== undefined);
  const fail = (option: string, value: string | number, allowed: string): never => {
    throw new ConcordError('invalid-option', `invalid ${option}: ${value} (${allowed})`);
  };
  if (given.length > 1) fail('options', given.map(([name]) => name).join(' and '), 'one of them is allowed');
  if (folds !== undefined && !(Number.isInteger(folds) && folds >= 2)) {
    fail('folds', folds, 'a whole number from 2 is required');
  }
  if (heldOut !== undefined && !(heldOut > 0 && heldOut < 1)) fail('heldOut', heldOut, 'between 0 and 1');
  if (!(Number.isInteger(steps) && steps > 0)) fail('steps', steps, 'a whole number above 0 is required');
  if (seeds.length === 0) fail('seeds', 'none', 'one at least is required');
  seeds.forEach(requireSeed);
}
