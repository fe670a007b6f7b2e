import type { AuditRow } from '../rows/audit-row';
import { imageBiologyRows } from './rows/image-biology-rows';
import type { ImageFigures } from './rows/image-figures';
import { imagePersonRows } from './rows/image-person-rows';
import { imageSetRows } from './rows/image-set-rows';
import { imageSiteRows } from './rows/image-site-rows';
import { imageTruthRows } from './rows/image-truth-rows';

/** Every figure of an audit of images as one row per measure, the states of the images side by side. */
export function imageRows(figures: ImageFigures): readonly AuditRow[] {
  return [
    ...imageSiteRows(figures),
    ...imageBiologyRows(figures),
    ...imagePersonRows(figures),
    ...imageTruthRows(figures),
    ...imageSetRows(figures),
  ];
}
