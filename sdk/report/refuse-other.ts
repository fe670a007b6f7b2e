import { isTrainingRecord } from '../data/networks/training-record';
import { ConcordError } from '../errors';
import { aboutModel } from '../methods/methods';
import { isFigure } from '../plot/figure';
import type { Advice } from '../remedy';
import { advise, call } from '../remedy';

/** What else `show` draws or lists, by its kind, and how that is put into a file. */
const others: Readonly<Record<string, Advice>> = {
  picture: advise`a picture: write it with ${call('writePicture')}`,
  viewer: advise`a viewer, which is walked through: put it into a page with ${call('writeReport')}, or write slices with ${call('montage')} and ${call('writePicture')}`,
  volume: advise`a volume: write slices with ${call('montage')} and ${call('writePicture')}, or all of it with ${call('writeVolume')}`,
  images: advise`slices: write them with ${call('montage')} and ${call('writePicture')}`,
  volumes: advise`a cohort of scans: write slices of one with ${call('montage')} and ${call('writePicture')}, or draw ${call('plotIntensities')}`,
  features: advise`a cohort: write it with ${call('writeTable')}, or draw ${call('plotFeatureBySite')} or ${call('plotPca')}`,
  'table-audit': advise`an audit: draw it with ${call('plotAudit')}, or write ${call('reports.audit')}`,
  'image-audit': advise`an audit: draw it with ${call('plotAudit')}, or write ${call('reports.imageAudit')}`,
  'method-comparison': advise`a comparison: draw it with ${call('plotComparison')}, or write ${call('reports.comparison')}`,
};

/**
 * Refuses what `show` takes and `writeFigure` does not, and says where that belongs. What is nothing known at all is
 * left to the check of the call.
 *
 * @throws ConcordError `invalid-option`.
 */
export function refuseOther(value: object): void {
  if (isFigure(value)) return;
  const remedy = remedyFor(value);
  if (remedy === undefined) return;
  throw new ConcordError('invalid-option', 'invalid figure: a figure is what plot… functions return', {
    remedy,
  });
}

function remedyFor(value: object): Advice | undefined {
  if (Array.isArray(value) && value.some(isFigure))
    return advise`this is a list: write its figures one by one`;
  if (isTrainingRecord(value)) return advise`this is a training: draw it with ${call('plotTraining')}`;
  if (aboutModel(value) !== undefined) return advise`this is a model: store it with ${call('saveModel')}`;
  if (!('kind' in value) || typeof value.kind !== 'string' || !Object.hasOwn(others, value.kind))
    return undefined;
  return advise`this is ${others[value.kind]}`;
}
