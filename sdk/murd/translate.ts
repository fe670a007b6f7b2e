import type { ImageCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { ChosenStyle } from '../nn/styles/chosen-style';
import { chooseStyle, murdReader } from './choose-style';
import { makeTranslated } from './make-translated';
import type { MurdModel } from './murd-model';
import { murdImages, withOpenMurd } from './open-murd';
import type { GuidedOptions } from '../nn/images/guided-options';
import { requireGuided } from '../nn/images/guided-by-scan';
import type { StyleChoice } from '../nn/styles/style-choice';
import type { DetailOptions } from '../nn/styles/detail-options';
import { requireShare } from '../nn/losses/loss-weights';
import { detailOf } from '../nn/styles/style-detail';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link translate} besides the style. */
export interface TranslateRunOptions extends RunOptions {
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/** Options of {@link translate}: a site or a reference, whether detail is given back, and how to run. */
export type TranslateOptions = StyleChoice & TranslateRunOptions & DetailOptions & GuidedOptions;

/**
 * Translates images: keeps their content and gives them the style of a site, or of a reference. The source's site need
 * not be known: content has no site. With `detail`, what the way through content and style loses is added again; with `guided`,
 * what was made is brought to what the scan shows.
 *
 * @returns the cohort with images as if scanned at the target, in its intensities; what is outside the brain mask
 * (without one, where the image is 0) stays as it was; with issues for sites that the model does not know and scans
 * unlike those it learned from
 * @throws ConcordError `unknown-site` for a target that the model does not know; `too-little-data` for an empty
 * reference; `invalid-option` when images do not fit the model, or the reference is of another contrast;
 * `invalid-voxels`, `aborted`.
 * @example
 * ```ts
 * const asSiemens = await murd.translate(model, slices, { site: 'Siemens' });
 * const asThatScan = await murd.translate(model, slices, { reference: takeSubjects(slices, [12]) });
 * ```
 */
export async function translate(
  model: MurdModel,
  cohort: ImageCohort,
  options: TranslateOptions,
): Promise<ImageCohort> {
  requireCall('murd.translate', { model, cohort, options });
  const { batchSize = 32, detail = 0, guided, signal, onProgress } = options;
  requireShare('detail', detail);
  requireGuided(guided);
  const run = { batchSize, guided, signal, onProgress };
  return withOpenMurd(model, async (open) => {
    const given = await murdImages(model, cohort, { signal });
    const contrasts = suffixesOf(cohort);
    const [suffix = ''] = contrasts;
    const lost = await detailOf(murdReader(open), { cohort, given }, { detail, suffix, batchSize, signal });
    if (contrasts.length <= 1) {
      const chosen = await chooseStyle(open, options, { suffix, batchSize, signal });
      return makeTranslated(open, { cohort, given, styleOf: () => chosen, detail: lost }, run);
    }
    const chosen = new Map<string, ChosenStyle>();
    for (const own of contrasts) {
      chosen.set(own, await chooseStyle(open, options, { suffix: own, batchSize, signal }));
    }
    const styleOf = (row: number): ChosenStyle => {
      const found = chosen.get(cohort.suffixes[row]);
      if (found !== undefined) return found;
      throw new ConcordError(
        'invalid-option',
        `the contrast of "${cohort.participants.ids[row]}" is not known, but that of others is (translate them separately)`,
        { where: { subject: cohort.participants.ids[row] } },
      );
    };
    return makeTranslated(open, { cohort, given, styleOf, detail: lost }, run);
  });
}
