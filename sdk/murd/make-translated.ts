import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import { modelDigest } from '../data/digest';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { strangeSites } from '../data/people/unknown-site';
import { withMadeImages } from '../nn/images/given-images';
import { rowsTensor, throughBatches } from '../nn/images/image-model';
import type { IntensityRange } from '../nn/images/scan-intensity';
import type { ChosenStyle } from './choose-style';
import { contentEncoder } from './network/content-encoder';
import { generator } from './network/generator';
import type { MurdModel } from './murd-model';
import type { MurdImages, OpenMurd } from './open-murd';

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
  { batchSize, ...run }: RunOptions & { readonly batchSize: number },
): Promise<ImageCohort> {
  const { source, rows } = given;
  const chosen = cohort.participants.ids.map((_, row) => styleOf(row));
  const { styleSize } = open.model.architecture;
  const { values } = await throughBatches(
    { ...given, label: 'translating', batchSize },
    async (positions) => {
      const images = await source.read(positions);
      const styles = new Float32Array(positions.length * styleSize);
      positions.forEach((position, i) => styles.set(chosen[rows[position]].style, i * styleSize));
      return tidy(() => {
        const content = contentEncoder(open.weights.content, rowsTensor(images, source.shape));
        return generator(open.weights.generator, content, rowsTensor(styles, [styleSize]));
      });
    },
    run,
  );
  const names = [...new Set(chosen.map(({ name }) => name))];
  const step = provenanceStep('translate', {
    target: names.join('; '),
    model: modelDigest(open.model, whatDecides),
  });
  const ranges: readonly IntensityRange[] = chosen.map(({ range }) => range);
  const own = [...new Set(chosen.flatMap(({ issues }) => issues))];
  const issues = [...strangers(open.model, cohort), ...given.issues, ...own];
  return withMadeImages(cohort, { values, ranges, from: given.ranges, left: given.left }, { step, issues });
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, geometry, domains, weights }: MurdModel): unknown {
  return { architecture, geometry, domains, weights };
}

function strangers(model: MurdModel, cohort: ImageCohort): readonly Issue[] {
  return strangeSites(model.sites, cohort.participants).map((site) =>
    makeIssue(
      'unseen-site',
      `site "${site}" is unknown to the model: its images are translated by their content, which was learned at other sites`,
      { site },
    ),
  );
}
