import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { getBackend, tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../data/cohort';
import { positionsOfScans } from '../../data/images/slice-source';
import { listNames } from '../../data/list-names';
import type { RunOptions } from '../../data/run-options';
import type { GivenImages } from '../images/given-images';
import { rowsTensor, throughBatches } from '../images/image-model';
import { numbersOf } from '../images/numbers-of';
import { evenly } from '../images/positions';
import { meanRange } from '../images/scan-intensity';
import { absoluteErrorLoss } from '../losses/absolute-error';
import { oneHot } from '../ops/one-hot';
import type { ChosenStyle } from './chosen-style';
import { areasOf, meanStyle } from './mean-style';
import type { ReferenceStyle } from './style-choice';

/** A network that reads styles, with a head for each domain, and makes images in them. */
export interface StyleReader {
  /** What styles are remembered with: it never changes. */
  readonly model: object;
  /** How many heads there are. */
  readonly heads: number;
  /** Images as the network sees them. */
  given(reference: ImageCohort, run: Pick<RunOptions, 'signal'>): Promise<GivenImages>;
  /**
   * The head of a site's scans of one contrast.
   *
   * @throws ConcordError `unknown-site`.
   */
  headOf(site: string, contrast: string): number;
  /** The same, −1 where the model does not know the site's scans of this contrast. */
  knownHead(site: string, contrast: string): number;
  /** The heads that scans of a contrast can be read by. */
  headsFor(contrast: string): readonly number[];
  /** Reads styles, `heads` has a row for each image with a 1 at its head. */
  read(images: Tensor4D, heads: Tensor2D): Tensor2D;
  /** Makes images in a style. */
  make(images: Tensor4D, styles: Tensor2D): Tensor4D;
}

/** How styles are read. */
type StyleReading = Pick<RunOptions, 'signal'> & {
  /** The contrast of what is to be made, empty where it is not known. */
  readonly suffix: string;
  readonly batchSize: number;
};

/** Images of a reference that are looked at to find its head. */
const lookedAt = 8;

/** Styles that were read from references. Neither models nor cohorts change, and whole scans come one by one. */
const remembered = new WeakMap<object, WeakMap<ImageCohort, Map<string, ChosenStyle>>>();

/**
 * Reads the style of a reference: the mean over its slices, each by the brain that it shows. It is remembered.
 *
 * @throws ConcordError `unknown-site` for a head that the model does not know; `invalid-option` when the reference does not
 * fit it; `invalid-voxels`, `aborted`.
 */
export async function styleOfReference(
  reader: StyleReader,
  choice: ReferenceStyle,
  reading: StyleReading,
): Promise<ChosenStyle> {
  const { suffix, batchSize } = reading;
  const key = JSON.stringify([choice.head, suffix, batchSize, getBackend()]);
  const known = rememberedOf(reader.model, choice.reference);
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = await readReference(reader, choice, reading);
  known.set(key, made);
  return made;
}

function rememberedOf(model: object, reference: ImageCohort): Map<string, ChosenStyle> {
  const ofModel = remembered.get(model) ?? new WeakMap<ImageCohort, Map<string, ChosenStyle>>();
  remembered.set(model, ofModel);
  const ofReference = ofModel.get(reference) ?? new Map<string, ChosenStyle>();
  ofModel.set(reference, ofReference);
  return ofReference;
}

async function readReference(
  reader: StyleReader,
  { reference, head }: ReferenceStyle,
  reading: StyleReading,
): Promise<ChosenStyle> {
  const given = await reader.given(reference, { signal: reading.signal });
  const { styles, areas } = await readSlices(reader, { reference, given, head }, reading);
  return {
    style: meanStyle(styles, areas),
    range: meanRange(given.ranges),
    name: `reference: ${listNames(reference.participants.ids)}`,
    issues: given.issues,
  };
}

/**
 * Reads the style of each scan of a cohort: the mean over its slices, each by the brain that it shows. It is read as that of a
 * reference: by the head of its own site, or where the model does not know that, by the one under which it is given back best.
 *
 * @param given - the images of the cohort as the network sees them
 * @returns a style for each participant
 * @throws ConcordError `aborted`.
 */
export async function stylesOfScans(
  reader: StyleReader,
  { cohort, given }: { readonly cohort: ImageCohort; readonly given: GivenImages },
  reading: StyleReading,
): Promise<readonly Float32Array[]> {
  const { styles, areas } = await readSlices(reader, { reference: cohort, given }, reading);
  const size = styles.length / given.count;
  const { participants } = cohort;
  return positionsOfScans({ participants, slices: cohort.images.slices }).map((its) => {
    const own = new Float32Array(its.length * size);
    its.forEach((image, i) => own.set(styles.subarray(image * size, (image + 1) * size), i * size));
    return meanStyle(
      own,
      its.map((image) => areas[image]),
    );
  });
}

/** The styles of all slices, one after the other, and the area of brain in each slice. */
async function readSlices(
  reader: StyleReader,
  scans: { readonly reference: ImageCohort; readonly given: GivenImages; readonly head?: string },
  { suffix, batchSize, signal }: StyleReading,
): Promise<{ readonly styles: Float32Array; readonly areas: readonly number[] }> {
  const { reference, given, head } = scans;
  const heads = await headsOfScans(reader, { reference, given, head, suffix });
  const { source } = given;
  const { values } = await throughBatches(
    { ...given, label: 'reading the style', batchSize },
    async (positions) => {
      const images = await source.read(positions);
      const rows = positions.map((position) => heads[given.rows[position]]);
      return tidy(() => reader.read(rowsTensor(images, source.shape), oneHot(rows, reader.heads)));
    },
    { signal },
  );
  return {
    styles: values,
    areas: areasOf(reference.images.mask ?? reference.images.data, given.count),
  };
}

/** The head that reads each participant of a reference. */
async function headsOfScans(
  reader: StyleReader,
  reading: {
    readonly reference: ImageCohort;
    readonly given: GivenImages;
    readonly head: string | undefined;
    readonly suffix: string;
  },
): Promise<readonly number[]> {
  const { reference, given, head, suffix } = reading;
  const { participants, suffixes } = reference;
  const heads: number[] = [];
  for (const [row, site] of participants.sites.entries()) {
    const contrast = suffixes[row] === '' ? suffix : suffixes[row];
    const known = head === undefined ? reader.knownHead(site, contrast) : reader.headOf(head, contrast);
    heads.push(known >= 0 ? known : await nearestHead(reader, { given, row, contrast }));
  }
  return heads;
}

/** The head under which a scan is given back best. */
async function nearestHead(
  reader: StyleReader,
  { given, row, contrast }: { readonly given: GivenImages; readonly row: number; readonly contrast: string },
): Promise<number> {
  const candidates = reader.headsFor(contrast);
  if (candidates.length === 1) return candidates[0];
  const its = Array.from(given.rows.keys()).filter((image) => given.rows[image] === row);
  const positions = evenly(its, lookedAt);
  const images = await given.source.read(positions);
  const errors = candidates.map((candidate) =>
    tidy(() => {
      const x = rowsTensor<Tensor4D>(images, given.source.shape);
      const rows = oneHot(
        positions.map(() => candidate),
        reader.heads,
      );
      return absoluteErrorLoss(x, reader.make(x, reader.read(x, rows)));
    }),
  );
  const values = await Promise.all(errors.map(async (error) => (await numbersOf(error))[0]));
  for (const error of errors) error.dispose();
  return candidates[values.indexOf(Math.min(...values))];
}
