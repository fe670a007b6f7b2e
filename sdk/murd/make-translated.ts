import type { ImageCohort } from '../data/cohort';
import { modelDigest } from '../data/digest';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { noticeUnseenSites } from '../nn/images/notice-unseen-sites';
import { guidedRecord } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import type { ChosenStyle } from '../nn/styles/chosen-style';
import type { Detail } from '../nn/styles/make-in-styles';
import { makeInStyles } from '../nn/styles/make-in-styles';
import { detailRecord } from '../nn/styles/style-detail';
import type { MurdModel } from './murd-model';
import type { MurdImages, OpenMurd } from './open-murd';
import { remade } from './open-murd';

/** Makes images of the content of a cohort, each participant's in a style. */
export async function makeTranslated(
  open: OpenMurd,
  {
    cohort,
    given,
    styleOf,
    detail,
  }: {
    readonly cohort: ImageCohort;
    readonly given: MurdImages;
    readonly styleOf: (row: number) => ChosenStyle;
    /** What is given back of what images lose. */
    readonly detail: Detail | undefined;
  },
  run: RunOptions & GuidedOptions & { readonly batchSize: number },
): Promise<ImageCohort> {
  return makeInStyles(
    {
      cohort,
      given,
      chosen: cohort.participants.ids.map((_, row) => styleOf(row)),
      make: (images, styles) => remade(open, images, styles),
      detail,
      step: (target) => {
        const record = {
          target,
          ...detailRecord(detail),
          ...guidedRecord(run),
          model: modelDigest(open.model, whatDecides),
        };
        return provenanceStep('translate', record);
      },
      issues: noticeUnseenSites(open.model, cohort, 'translated by their content'),
    },
    run,
  );
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, geometry, domains, weights }: MurdModel): unknown {
  return { architecture, geometry, domains, weights };
}
