import type { ImageCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import type { GivenImages } from '../images/given-images';
import type { DetailOptions } from './detail-options';
import type { Detail } from './make-in-styles';
import type { StyleReader } from './style-of-reference';
import { stylesOfScans } from './style-of-reference';

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
  if (detail === 0) return undefined;
  return { share: detail, own: await stylesOfScans(reader, scans, reading) };
}

/** What is noted of it, where there is some. */
export function detailRecord(detail: Detail | undefined): { readonly detail?: number } {
  return detail === undefined ? {} : { detail: detail.share };
}
