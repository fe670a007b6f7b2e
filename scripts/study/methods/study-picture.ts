// One person of a ground through every method.
import { join } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { inMask } from '../../../sdk/evaluate/images-audit/common-mask';
import { rowsWhere } from '../cohorts';
import type { Ground } from './grounds';
import { keep, readKept } from './kept';

/** The scan that is shown: the first that is not from the target. */
function shownScan({ judged, target }: Ground): string {
  const { ids, sites } = judged.participants;
  return ids[sites.findIndex((site) => site !== target)];
}

const shownFile = 'shown.v8.gz';

/** Keeps what the picture shows of a method, instead of what a shorter training made. */
export function keepShown(ground: Ground, images: ImageCohort, folder: string): void {
  const { participants, images: whole } = only(images, shownScan(ground));
  const { data, shape, slices, mask } = whole;
  // To a thousandth of what is brightest, which no picture shows: without further digits it is a tenth of the size.
  const step = data.reduce((most, value) => Math.max(most, value), 0) / 1000;
  const rounded = step > 0 ? data.map((value) => Math.round(value / step) * step) : data;
  const shown = concord.makeImageCohort(participants, concord.makeImageSet(rounded, shape, { slices, mask }));
  keep(join(folder, shownFile), shown);
}

function only(cohort: ImageCohort, id: string): ImageCohort {
  return rowsWhere(cohort, (row) => cohort.participants.ids[row] === id);
}

/** Draws the scan as it is, through every method, and, where it is known, as the person really looks at the target. */
export async function drawGround(
  ground: Ground,
  shown: Readonly<Record<string, string>>,
  path: string,
): Promise<void> {
  const { judged, truth, target } = ground;
  const id = shownScan(ground);
  const raw = only(judged, id);
  const person = raw.participants.persons[0];
  const own = truth?.participants.ids.findIndex(
    (_, row) => truth.participants.persons[row] === person && truth.participants.sites[row] === target,
  );
  const rows: Record<string, ImageCohort> = { raw };
  for (const [name, folder] of Object.entries(shown)) {
    const images = readKept<ImageCohort>(join(folder, shownFile));
    if (images !== undefined) rows[name] = images;
  }
  if (truth !== undefined && own !== undefined && own >= 0) {
    rows[`truth at ${target}`] = concord.takeSubjects(truth, [own]);
  }
  const mask = raw.images.mask;
  const masked = Object.entries(rows).map(([name, images]) => {
    return [name, mask === undefined ? images : inMask(images, mask)] as const;
  });
  const picture = concord.montage(concord.joinImages(Object.fromEntries(masked)).images, {
    maxScans: masked.length,
    windowing: 'each',
    contour: false,
    title: `${id}, harmonized to ${target}; each row in its own window`,
  });
  await concord.writePicture(picture, path, { overwrite: true });
}
