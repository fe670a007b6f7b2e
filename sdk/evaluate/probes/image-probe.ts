import type { ImageCohort } from '../../data/cohort';
import { imageRanges, takeSubjects } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { kinCodes, kinWords } from '../../data/people/families';
import type { RunOptions } from '../../data/run-options';
import { progressReporter, throwIfAborted } from '../../data/run-options';
import { oneOf } from '../../data/one-of';
import { imageSource } from '../../data/images/memory-source';
import { requireFiniteImages } from '../../data/images/slice-source';
import { ConcordError } from '../../errors';
import { backendIssues } from '../../nn/backend/use-backend';
import { deriveSeed } from '../../math/random';
import type { Interval } from '../audit';
import { bootstrapInterval } from '../predictors/bootstrap';
import { personUnits } from '../persons/person-units';
import { stratifiedFolds } from '../splits/folds';
import { standardizedScans } from '../images-audit/standardize';
import type { ScanProducts, ScanSplit } from './pixel-prediction';
import { equalSlices, predictFromPixels, scanProducts } from './pixel-prediction';
import { probeAnswer, probeNetworkName } from './probe-network';
import type { JudgedScans } from './probe-score';
import { errorOfTheMean, meanCorrelation, probeScore } from './probe-score';
import type { ProbeTarget } from './probe-target';
import { probeTarget } from './probe-target';
import { applyProbe, trainProbe } from './train-probe';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link imageProbe}. */
export interface ImageProbeOptions extends RunOptions {
  /** What to find in the images: `site`, or a covariate by name. @defaultValue `'site'` */
  readonly target?: string;
  /** Folds that persons are dealt into; a probe that learned from the others judges each. @defaultValue 3 */
  readonly folds?: number;
  /** Each deals persons anew and begins from new weights. @defaultValue `[1, 2]` */
  readonly seeds?: readonly number[];
  /** Steps of training, 32 images each. @defaultValue 600 */
  readonly steps?: number;
  /**
   * What looks: a convolutional network, at one slice at a time, or ridge regression on the `pixels` of whole scans, each
   * brought to one brightness and contrast, which requires as many slices of each. From some hundred persons the latter
   * learns far more of age and sex, in a second; the former finds whatever scanners leave behind.
   *
   * @defaultValue `'cnn'`
   */
  readonly predictor?: 'cnn' | 'pixels';
}

/** What a probe found. */
export interface ImageProbeResult {
  readonly kind: 'image-probe';
  readonly target: string;
  /**
   * The score, over all seeds, with its interval over persons: `balanced-accuracy` for sites and more than two levels,
   * `area-under-curve` for two levels, `mean-absolute-error` in the unit of the covariate.
   */
  readonly score: 'balanced-accuracy' | 'area-under-curve' | 'mean-absolute-error';
  readonly value: Interval;
  /** The score of each seed. */
  readonly perSeed: readonly number[];
  /** What a probe that has learned nothing scores: for a number the error of saying the mean of the other folds. */
  readonly chance: number;
  /** The correlation of what was said with what is true within folds, for a number. */
  readonly correlation?: number;
  readonly scans: number;
  /** What probed, in words. */
  readonly network: string;
  /** Of training; 0 where no network was trained. */
  readonly steps: number;
  readonly issues: readonly Issue[];
}

/**
 * Measures how well a convolutional network, trained anew on these very images, finds the site in them, or age, or sex;
 * or how well their pixels predict them.
 * Persons are dealt into folds with all their scans, and where families are known with all relatives; what is said of a scan is the mean over its slices. The area under
 * the curve and the correlation count pairs of scans of one fold alone, whichever their sites: where a level is more
 * frequent at one site, recognizing the site helps. `audits.evaluateImages` takes both within sites.
 *
 * A probe trained on raw images and then frozen is fooled by any change of the images, so it says nothing about whether
 * the site is gone; this one is trained on what it is asked about.
 *
 * @throws ConcordError `unknown-column`, `too-little-data`, `invalid-voxels`, `invalid-option`, `aborted`.
 * @example
 * ```ts
 * const before = await metrics.imageProbe(slices);
 * const after = await metrics.imageProbe(harmonized);
 * ```
 */
export async function imageProbe(
  cohort: ImageCohort,
  options: ImageProbeOptions = {},
): Promise<ImageProbeResult> {
  requireCall('metrics.imageProbe', { cohort, options });
  const { target: name = 'site', folds = 3, seeds = [1, 2], steps = 600, predictor = 'cnn' } = options;
  oneOf('predictor', predictor, ['cnn', 'pixels']);
  const byPixels = predictor === 'pixels';
  if (byPixels && !equalSlices(cohort)) throw unequalSlices();
  for (const [option, value] of Object.entries({ folds: folds - 1, seeds: seeds.length, steps })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new ConcordError('invalid-option', `invalid ${option} (at least two folds, one seed and one step)`);
  }
  requireFiniteImages(cohort.images.data, [...cohort.images.slices.keys()], imageSource(cohort.images));
  const all = probeTarget(cohort, name);
  const rows = [...all.values.keys()].filter((row) => !Number.isNaN(all.values[row]));
  const left = all.values.length - rows.length;
  const issues =
    left === 0
      ? []
      : [makeIssue('dropped-subject', `${left} scans without ${name} are left out`, { column: name })];
  const used = left === 0 ? cohort : takeSubjects(cohort, rows);
  const work = new Probing(used, name, byPixels ? scanProducts(standardizedScans(used)) : undefined);
  work.requirePeople(folds);
  const report = progressReporter(`probing for ${name}`, seeds.length * folds, options);
  const said: JudgedScans[] = [];
  for (const [i, seed] of seeds.entries()) {
    const judged = work.empty(work.deal(folds, seed));
    for (let fold = 0; fold < folds; fold++) {
      await work.judgeFold(judged, fold, { steps, seed: deriveSeed(seed, fold), ...options });
      report(i * folds + fold + 1);
    }
    said.push(judged);
  }
  const found = work.score(said);
  if (byPixels) return { ...found, network: 'ridge regression on pixels', steps: 0, issues };
  return { ...found, network: probeNetworkName, steps, issues: [...backendIssues(), ...issues] };
}

function unequalSlices(): ConcordError {
  return new ConcordError(
    'invalid-option',
    'invalid predictor: pixels are compared one by one, and scans have different numbers of slices (cut as many of every scan, or leave the predictor out)',
  );
}

/** A cohort while it is probed. */
class Probing {
  private readonly target: ProbeTarget;
  /** The person of each scan, or where families are known the family. */
  private readonly unitOf: Int32Array;
  private readonly units: number;

  constructor(
    private readonly cohort: ImageCohort,
    private readonly name: string,
    private readonly products: ScanProducts | undefined,
  ) {
    this.target = probeTarget(cohort, name);
    this.unitOf = kinCodes(cohort.participants);
    this.units = new Set(this.unitOf).size;
  }

  requirePeople(folds: number): void {
    const { classes, values } = this.target;
    const counts = classes.map((_, code) => {
      return new Set(this.unitOf.filter((__, row) => values[row] === code)).size;
    });
    const least = this.target.kind === 'number' ? this.units : Math.min(...counts);
    if (least >= folds) return;
    const which = this.target.kind === 'number' ? '' : ` of ${this.name} "${classes[counts.indexOf(least)]}"`;
    throw new ConcordError(
      'too-little-data',
      `${least} ${kinWords(this.cohort.participants)[1]}${which} are too few for ${folds} folds (choose fewer folds, or leave them out)`,
    );
  }

  /** The fold of each scan. */
  deal(folds: number, seed: number): Int32Array {
    const { kind, values } = this.target;
    const first = Array.from({ length: this.units }, (_, unit) => this.unitOf.indexOf(unit));
    const groups = Int32Array.from(first, (row) => (kind === 'classes' ? values[row] : 0));
    const ofUnit = stratifiedFolds(groups, folds, { seed });
    return this.unitOf.map((unit) => ofUnit[unit]);
  }

  /** A place for what is said of each scan: a number for each class, or one. */
  empty(folds: Int32Array): JudgedScans {
    const outputs = Math.max(1, this.target.classes.length);
    return {
      folds,
      answers: Array.from(folds, () => new Float64Array(outputs)),
      means: new Float64Array(folds.length),
    };
  }

  async judgeFold(
    { folds, answers, means }: JudgedScans,
    fold: number,
    options: RunOptions & { readonly steps: number; readonly seed: number },
  ): Promise<void> {
    const rows = [...folds.keys()];
    const { steps, seed, signal } = options;
    const learned = rows.filter((row) => folds[row] !== fold);
    const judged = rows.filter((row) => folds[row] === fold);
    const scale = this.scaleOf(learned);
    if (this.products !== undefined) {
      throwIfAborted(signal);
      this.fromPixels(this.products, { train: learned, test: judged }).forEach((answer, at) => {
        answers[judged[at]].set(answer);
        means[judged[at]] = scale.center;
      });
      return;
    }
    const probe = await trainProbe(this.lesson(learned, scale), { steps, seed, signal });
    const part = takeSubjects(this.cohort, judged);
    const said = await applyProbe(probe, part.images, { compute: probeAnswer, signal });
    imageRanges(part).forEach(([from, to], i) => {
      const answer = answers[judged[i]];
      for (let image = from; image < to; image++) {
        for (let output = 0; output < answer.length; output++) {
          answer[output] += said[image * answer.length + output] / (to - from);
        }
      }
      if (this.target.kind === 'number') answer[0] = scale.center + scale.spread * answer[0];
      means[judged[i]] = scale.center;
    });
  }

  /** What pixels say of each scan that is judged: the number, or a score for each class. */
  private fromPixels(products: ScanProducts, split: ScanSplit): readonly number[][] {
    const { kind, classes, values } = this.target;
    const outcomes =
      kind === 'number'
        ? [Float64Array.from(split.train, (row) => values[row])]
        : classes.map((_, code) => Float64Array.from(split.train, (row) => Number(values[row] === code)));
    const said = outcomes.map((outcome) => predictFromPixels(products, split, outcome));
    return split.test.map((_, at) => said.map((one) => one[at]));
  }

  /** Mean and spread of the numbers that a probe learns; classes stay as they are. */
  private scaleOf(rows: readonly number[]): { readonly center: number; readonly spread: number } {
    const values = rows.map((row) => this.target.values[row]);
    const center = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
    return { center, spread: spread > 0 ? spread : 1 };
  }

  private lesson(
    rows: readonly number[],
    { center, spread }: { readonly center: number; readonly spread: number },
  ): Parameters<typeof trainProbe>[0] {
    const part = takeSubjects(this.cohort, rows);
    const { kind, classes, values } = this.target;
    const outputs = Math.max(1, classes.length);
    const answers = new Float32Array(part.images.shape[0] * outputs);
    const labels: string[] = [];
    imageRanges(part).forEach(([from, to], i) => {
      const value = values[rows[i]];
      for (let image = from; image < to; image++) {
        if (kind === 'number') answers[image] = (value - center) / spread;
        else answers[image * outputs + value] = 1;
        labels.push(classes[value] ?? '');
      }
    });
    return { images: part.images, answers, ...(kind === 'number' ? {} : { labels }) };
  }

  score(said: readonly JudgedScans[]): Omit<ImageProbeResult, 'network' | 'steps' | 'issues'> {
    const { kind, classes, values } = this.target;
    const { members } = personUnits(Array.from(this.unitOf, String));
    const overPeople = (one: (judged: JudgedScans, rows: readonly number[]) => number): Interval => {
      const statistic = (units: ArrayLike<number>): number => {
        const rows = Array.from(units).flatMap((unit) => members[unit]);
        return said.reduce((sum, judged) => sum + one(judged, rows), 0) / said.length;
      };
      const estimate = statistic([...members.keys()]);
      return bootstrapInterval(this.units, { statistic, estimate }, { seed: 1, resamples: 500 });
    };
    const rows = [...values.keys()];
    const score = probeScore(this.target);
    const each = (judged: JudgedScans, some: readonly number[]): number => score.of(judged, values, some);
    return {
      kind: 'image-probe',
      target: this.name,
      score: score.name,
      value: overPeople(each),
      perSeed: said.map((judged) => each(judged, rows)),
      chance:
        kind === 'number'
          ? errorOfTheMean(said, values)
          : score.name === 'area-under-curve'
            ? 0.5
            : 1 / classes.length,
      ...(kind === 'number' ? { correlation: meanCorrelation(said, values) } : {}),
      scans: rows.length,
    };
  }
}
