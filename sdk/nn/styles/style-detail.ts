import type { ImageCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import type { GivenImages } from '../images/given-images';
import { requireShare } from '../losses/loss-weights';
import type { Detail } from './make-in-styles';
import type { StyleReader } from './style-of-reference';
import { stylesOfScans } from './style-of-reference';

/** An option of networks that make images in styles. */
export interface DetailOptions {
  /**
   * The share of what an image loses where it is taken apart and put together again that is given back to it: it is made in
   * the style that it has, too, and what is missing there is added. Small networks and short trainings lose fine detail,
   * which is the person's; but noise and blur of the scan's own scanner are detail too. It takes twice as long.
   *
   * @defaultValue 0
   */
  readonly detail?: number;
}

/** @throws ConcordError `invalid-option` for a share that is none. */
export function requireDetail(detail: number): void {
  requireShare('detail', detail);
}

/**
 * What is needed to give detail back: the style that each scan has, read from the scan itself.
 *
 * @returns `undefined` where no detail is asked for
 * @throws ConcordError `aborted`.
 */
export async function detailOf(
  reader: StyleReader,
  scans: { readonly cohort: ImageCohort; readonly given: GivenImages },
  {
    detail = 0,
    ...reading
  }: DetailOptions & Pick<RunOptions, 'signal'> & { readonly suffix: string; readonly batchSize: number },
): Promise<Detail | undefined> {
  requireDetail(detail);
  if (detail === 0) return undefined;
  return { share: detail, own: await stylesOfScans(reader, scans, reading) };
}

/** What is noted of it, where there is some. */
export function detailRecord(detail: Detail | undefined): { readonly detail?: number } {
  return detail === undefined ? {} : { detail: detail.share };
}
