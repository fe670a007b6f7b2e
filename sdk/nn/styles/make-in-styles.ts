import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import type { ProvenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import type { GivenImages } from '../images/given-images';
import { withMadeImages } from '../images/given-images';
import type { GuidedOptions } from '../images/guided-options';
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
  /** With the detail that is lost where images are made again in the styles that they have. @defaultValue without */
  readonly detail?: Detail;
  /** What is noted of it. @param target - the names of the styles */
  readonly step: (target: string) => ProvenanceStep;
  /** What was noticed besides. */
  readonly issues: readonly Issue[];
}

/** What goes missing when an image is taken apart and put together again, and is the person's. */
export interface Detail {
  /** The share that is given back, 0 to 1. */
  readonly share: number;
  /** The style that each participant's images have as they are. */
  readonly own: readonly Float32Array[];
}

/**
 * Makes images of a cohort again, each participant's in a style and in the intensities that go with it.
 *
 * @throws ConcordError `malformed-model` when what is made is not finite; `aborted`.
 */
export async function makeInStyles(
  { cohort, given, chosen, make, detail, step, issues }: InStyles,
  { batchSize, guided, ...run }: RunOptions & GuidedOptions & { readonly batchSize: number },
): Promise<ImageCohort> {
  const { source, rows } = given;
  const { values } = await throughBatches(
    { ...given, label: 'translating', batchSize },
    async (positions) => {
      const data = await source.read(positions);
      return tidy(() => {
        const images = rowsTensor<Tensor4D>(data, source.shape);
        const inStyles = (of: (row: number) => Float32Array): Tensor4D =>
          make(images, styleRows(positions.map((position) => of(rows[position]))));
        const made = inStyles((row) => chosen[row].style);
        if (detail === undefined) return made;
        const lost = sub(
          images,
          inStyles((row) => detail.own[row]),
        );
        return add<Tensor4D>(made, mul(lost, detail.share));
      });
    },
    run,
  );
  const names = [...new Set(chosen.map(({ name }) => name))];
  const own = [...new Set(chosen.flatMap((style) => style.issues))];
  return withMadeImages(
    cohort,
    { values, ranges: chosen.map(({ range }) => range), from: given.ranges, left: given.left, guided },
    { step: step(names.join('; ')), issues: [...issues, ...given.issues, ...own] },
  );
}

/** A style in each row. */
function styleRows(styles: readonly Float32Array[]): Tensor2D {
  const size = styles[0].length;
  const rows = new Float32Array(styles.length * size);
  styles.forEach((style, row) => rows.set(style, row * size));
  return rowsTensor(rows, [size]);
}
