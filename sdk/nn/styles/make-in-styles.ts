import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import type { ProvenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import type { GivenImages } from '../images/given-images';
import { withMadeImages } from '../images/given-images';
import { rowsTensor, throughBatches } from '../images/image-model';
import type { ChosenStyle } from './chosen-style';

/** What is made, and how. */
interface InStyles {
  readonly cohort: ImageCohort;
  readonly given: GivenImages;
  /** The style of each participant's images. */
  readonly chosen: readonly ChosenStyle[];
  /** Makes images in styles, a row for each. */
  readonly make: (images: Tensor4D, styles: Tensor2D) => Tensor4D;
  /** What is noted of it. @param target - the names of the styles */
  readonly step: (target: string) => ProvenanceStep;
  /** What was noticed besides. */
  readonly issues: readonly Issue[];
}

/**
 * Makes images of a cohort again, each participant's in a style and in the intensities that go with it.
 *
 * @throws ConcordError `malformed-model` when what is made is not finite; `aborted`.
 */
export async function makeInStyles(
  { cohort, given, chosen, make, step, issues }: InStyles,
  { batchSize, ...run }: RunOptions & { readonly batchSize: number },
): Promise<ImageCohort> {
  const { source, rows } = given;
  const { values } = await throughBatches(
    { ...given, label: 'translating', batchSize },
    async (positions) => {
      const images = await source.read(positions);
      const styles = positions.flatMap((position) => [...chosen[rows[position]].style]);
      const size = styles.length / positions.length;
      return tidy(() =>
        make(rowsTensor(images, source.shape), rowsTensor(Float32Array.from(styles), [size])),
      );
    },
    run,
  );
  const names = [...new Set(chosen.map(({ name }) => name))];
  const own = [...new Set(chosen.flatMap((style) => style.issues))];
  return withMadeImages(
    cohort,
    { values, ranges: chosen.map(({ range }) => range), from: given.ranges, left: given.left },
    { step: step(names.join('; ')), issues: [...issues, ...given.issues, ...own] },
  );
}
