import type { ImageCohort } from '../data/cohort';
import { suffixesOf, requireOneSuffix } from '../data/cohort';
import { requireCount } from '../data/require-count';
import { breathe, progressReporter } from '../data/run-options';
import type { ChosenStyle } from '../nn/styles/chosen-style';
import { chooseStyle, murdReader } from './choose-style';
import type { MurdModel } from './murd-model';
import { murdImages, withOpenMurd } from './open-murd';
import type { TranslateRunOptions } from './translate';
import { makeTranslated } from './make-translated';
import type { GuidedOptions } from '../nn/images/guided-options';
import { requireGuided } from '../nn/images/guided-by-scan';
import type { StyleChoice } from '../nn/styles/style-choice';
import type { DetailOptions } from '../nn/styles/detail-options';
import { requireShare } from '../nn/losses/loss-weights';
import { detailOf } from '../nn/styles/style-detail';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link interpolate}. */
export interface InterpolateOptions extends TranslateRunOptions, DetailOptions, GuidedOptions {
  /** Where the way begins: a site's name, or a style as for `murd.translate`. */
  readonly from: string | StyleChoice;
  /** Where it ends. */
  readonly to: string | StyleChoice;
  /** How many stops there are, both ends included. @defaultValue 5 */
  readonly steps?: number;
}

/**
 * Translates images to styles on the straight line between two ("continuous" harmonization); the intensities that go with
 * them change alike.
 *
 * @returns a cohort for each stop, from the first style to the second
 * @throws ConcordError as `murd.translate` does; `invalid-option` with fewer than two stops.
 */
export async function interpolate(
  model: MurdModel,
  cohort: ImageCohort,
  options: InterpolateOptions,
): Promise<readonly ImageCohort[]> {
  requireCall('murd.interpolate', { model, cohort, options });
  const { steps = 5, batchSize = 32, detail = 0, guided, signal } = options;
  requireShare('detail', detail);
  requireGuided(guided);
  requireCount('steps', steps, 2);
  requireOneSuffix('interpolate', cohort);
  return withOpenMurd(model, async (open) => {
    const given = await murdImages(model, cohort, { signal });
    const run = { suffix: suffixesOf(cohort)[0] ?? '', batchSize, signal };
    const from = await chooseStyle(open, choiceOf(options.from), run);
    const to = await chooseStyle(open, choiceOf(options.to), run);
    const lost = await detailOf(murdReader(open), { cohort, given }, { ...run, detail });
    const report = progressReporter('translating', steps, options);
    const made: ImageCohort[] = [];
    for (let step = 0; step < steps; step++) {
      await breathe(signal);
      const style = between(from, to, step / (steps - 1));
      made.push(
        await makeTranslated(
          open,
          { cohort, given, styleOf: () => style, detail: lost },
          { batchSize, guided, signal },
        ),
      );
      report(step + 1);
    }
    return made;
  });
}

function choiceOf(end: string | StyleChoice): StyleChoice {
  return typeof end === 'string' ? { site: end } : end;
}

function between(from: ChosenStyle, to: ChosenStyle, share: number): ChosenStyle {
  const mix = (a: number, b: number): number => a + share * (b - a);
  return {
    style: from.style.map((value, i) => mix(value, to.style[i])),
    range: { low: mix(from.range.low, to.range.low), high: mix(from.range.high, to.range.high) },
    name: `${from.name} to ${to.name}: ${share.toFixed(3)}`,
    issues: [...new Set([...from.issues, ...to.issues])],
  };
}
