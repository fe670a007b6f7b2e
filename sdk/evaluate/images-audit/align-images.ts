import type { ImageCohort } from '../../data/cohort';
import { imageRanges, makeImageCohort, requireOneSuffix, takeSubjects } from '../../data/cohort';
import type { SliceRecord } from '../../data/images/image-set';
import { makeImageSet } from '../../data/images/image-set';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { imageSource } from '../../data/images/memory-source';
import { contradictingCohortsIssues } from '../../data/people/contradicting-tables';
import { requireFiniteImages } from '../../data/images/slice-source';
import { sameGrid } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { matchParticipants, onlyThere } from '../matching/match-participants';

/** Two cohorts of the same slices of the same scans in the same order. */
export interface AlignedImages {
  readonly before: ImageCohort;
  readonly after: ImageCohort;
  readonly issues: readonly Issue[];
}

/**
 * Brings raw and harmonized slices together: scans are matched by id, in the order of `before`, and have the participants
 * and masks of `before`. Scans that only one has are left out, with an issue.
 *
 * @throws ConcordError `invalid-option` when no scan is in both, or scans measured different things; `different-grids`
 * when a scan has other slices after than before; `invalid-voxels` when an intensity is not finite.
 */
export function alignImages(before: ImageCohort, after: ImageCohort): AlignedImages {
  requireOneSuffix('auditImages', before, after);
  const { kept, rows, only } = matchParticipants(before.participants, after.participants, 'cohort');
  const first = takeSubjects(before, kept);
  const second = takeSubjects(after, rows);
  requireSameSlices(first, second);
  for (const { images } of [first, second]) {
    requireFiniteImages(images.data, [...images.slices.keys()], imageSource(images));
  }
  const { mask, shape, slices } = first.images;
  const { provenance, issues } = second;
  const images = makeImageSet(second.images.data, shape, { slices, mask });
  const { subjects, suffixes } = first;
  return {
    before: first,
    after: makeImageCohort(first.participants, images, { subjects, suffixes, provenance, issues }),
    issues: [
      ...contradictingCohortsIssues(first.participants, second.participants),
      ...onlyThere('unmatched-subject', only, { one: 'scan', where: 'cohort' }),
      ...unchanged(first, second),
    ],
  };
}

function requireSameSlices(before: ImageCohort, after: ImageCohort): void {
  const [here, there] = [before, after].map(({ images }) => images.shape.slice(1).join(' × '));
  if (here !== there) {
    throw new ConcordError('different-grids', `images are ${here} before and ${there} after`, {
      remedy: ['cut both from scans on the same grid, in the same way'],
    });
  }
  const ranges = imageRanges(after);
  imageRanges(before).forEach(([from, to], row) => {
    const [start, end] = ranges[row];
    const same =
      to - from === end - start &&
      Array.from({ length: to - from }, (_, i) => i).every((i) =>
        samePlace(before.images.slices[from + i], after.images.slices[start + i]),
      );
    if (same) return;
    const id = before.participants.ids[row];
    throw new ConcordError('different-grids', `${id} has other slices after than before`, {
      where: { subject: id },
      remedy: ['cut both from scans on the same grid, at the same positions'],
    });
  });
}

function samePlace(one: SliceRecord, other: SliceRecord): boolean {
  return (
    one.plane === other.plane &&
    one.index === other.index &&
    one.offset.every((at, axis) => at === other.offset[axis]) &&
    sameGrid(one.grid, other.grid)
  );
}

function unchanged(before: ImageCohort, after: ImageCohort): readonly Issue[] {
  const { data } = after.images;
  if (before.images.data.some((value, i) => value !== data[i])) return [];
  return [
    makeIssue('nothing-changed', 'the images after are identical to those before', {}, [
      'check that the second are the harmonized ones',
    ]),
  ];
}
