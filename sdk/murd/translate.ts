import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { progressReporter } from '../data/run-options';
import { ConcordError } from '../errors';
import { withMadeImages } from '../nn/images/given-images';
import type { IntensityRange } from '../nn/images/scan-intensity';
import type { ChosenStyle, StyleChoice } from './choose-style';
import { chooseStyle } from './choose-style';
import { contentEncoder } from './content-encoder';
import { strangeSites } from './domains';
import { generator } from './generator';
import type { MurdModel } from './murd-model';
import type { MurdImages, OpenMurd } from './open-murd';
import { imagesTensor, murdImages, stylesTensor, throughBatches, withOpenMurd } from './open-murd';

/** Options of {@link translate} besides the style. */
export interface TranslateRunOptions extends RunOptions {
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/** Options of {@link translate}: a site or a reference, and how to run. */
export type TranslateOptions = StyleChoice & TranslateRunOptions;

/**
 * Translates images: keeps their content and gives them the style of a site, or of a reference. The source's site need
 * not be known, content has no site.
 *
 * @returns the cohort with images as of the target, in its intensities; what lies outside the brain mask (without one:
 * where the image is 0) stays as it was; with issues for sites that the model does not know and scans unlike those it
 * learnt from
 * @throws ConcordError `unknown-site` for a target that the model does not know; `too-little-data` for an empty reference;
 * `invalid-option` when images do not fit the model, or the reference is of another contrast; `invalid-voxels`, `aborted`.
 * @example
 * ```ts
 * const asSiemens = await translate(model, slices, { site: 'Siemens' });
 * const asThatScan = await translate(model, slices, { reference: takeSubjects(slices, [12]) });
 * ```
 */
export async function translate(
  model: MurdModel,
  cohort: ImageCohort,
  options: TranslateOptions,
): Promise<ImageCohort> {
  const { batchSize = 32, signal } = options;
  return withOpenMurd(model, async (open) => {
    const given = await murdImages(model, cohort, { signal });
    const contrasts = suffixesOf(cohort);
    if (contrasts.length <= 1) {
      const suffix = contrasts[0] ?? '';
      const chosen = await chooseStyle(open, options, { suffix, batchSize, signal });
      const report = progressReporter('translating', given.rows.length, options);
      const all = { cohort, given, styleOf: () => chosen };
      return makeTranslated(open, all, { batchSize, signal, report });
    }
    const chosen = new Map<string, ChosenStyle>();
    for (const suffix of contrasts) {
      chosen.set(suffix, await chooseStyle(open, options, { suffix, batchSize, signal }));
    }
    const report = progressReporter('translating', given.rows.length, options);
    const styleOf = (row: number): ChosenStyle => {
      const found = chosen.get(cohort.suffixes[row]);
      if (found !== undefined) return found;
      throw new ConcordError(
        'invalid-option',
        `the contrast of "${cohort.participants.ids[row]}" is not known, that of others is (translate them apart)`,
        { where: { subject: cohort.participants.ids[row] } },
      );
    };
    return makeTranslated(open, { cohort, given, styleOf }, { batchSize, signal, report });
  });
}

/** Makes images of the content of a cohort, each participant's in a style. */
export async function makeTranslated(
  open: OpenMurd,
  {
    cohort,
    given,
    styleOf,
  }: {
    readonly cohort: ImageCohort;
    readonly given: MurdImages;
    readonly styleOf: (row: number) => ChosenStyle;
  },
  run: {
    readonly batchSize: number;
    readonly signal?: AbortSignal;
    readonly report?: (done: number) => void;
  },
): Promise<ImageCohort> {
  const { source, rows } = given;
  const chosen = cohort.participants.ids.map((_, row) => styleOf(row));
  const { styleSize } = open.model.architecture;
  const { values } = await throughBatches(
    { source, count: rows.length, batchSize: run.batchSize },
    (images, positions) => {
      const styles = new Float32Array(positions.length * styleSize);
      positions.forEach((position, i) => styles.set(chosen[rows[position]].style, i * styleSize));
      return tidy(() => {
        const content = contentEncoder(open.weights.content, imagesTensor(open, images));
        return generator(open.weights.generator, content, stylesTensor(open, styles));
      });
    },
    run,
  );
  requireNumbers(values);
  const names = [...new Set(chosen.map(({ name }) => name))];
  const step = provenanceStep('translate', { target: names.join('; ') });
  const ranges: readonly IntensityRange[] = chosen.map(({ range }) => range);
  const own = [...new Set(chosen.flatMap(({ issues }) => issues))];
  const issues = [...strangers(open.model, cohort), ...given.issues, ...own];
  return withMadeImages(cohort, { values, ranges }, { step, issues });
}

function strangers(model: MurdModel, cohort: ImageCohort): readonly Issue[] {
  return strangeSites(model, cohort).map((site) =>
    makeIssue(
      'unseen-site',
      `site "${site}" is unknown to the model: its images are translated by their content, which was learnt at other sites`,
      { site },
    ),
  );
}

function requireNumbers(values: Float32Array): void {
  if (values.every((value) => Number.isFinite(value))) return;
  throw new ConcordError(
    'diverged',
    'the network answered with what is not a number (its weights are damaged; train it anew)',
  );
}
