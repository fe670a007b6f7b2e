// Real brains as slices, and the same brains scanned anew by simulated scanners.
import type { ImageCohort, ImageSet, Participants, Volume, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { takeCovariate } from '../../../sdk/data/people/covariate';
import { siteCodes } from '../../../sdk/data/people/participants';
import { stratifiedFolds } from '../../../sdk/evaluate/splits/folds';
import { commonMask, ownMask } from './common-mask';

/** How slices are cut: as those of the phantoms. `quick` means nothing. */
export interface SliceSize {
  /** In mm. */
  readonly spacing: number;
  readonly size: number;
  readonly count: number;
}

/** Cuts axial slices of a scan, in its place in RAS space, in the mask of all. */
export type SliceCutter = (volume: Volume, scan: string) => ImageSet;

/** Cuts slices of all scans at the same places, in the mask that all brains have in common. */
export async function sliceCutter(scans: VolumeCohort, slices: SliceSize): Promise<SliceCutter> {
  const { spacing, size, count } = slices;
  const common = resampled(await commonMask(scans), spacing, 'nearest');
  const mask = Uint8Array.from(common.data, (value) => Number(value > 0.5));
  const at = { count, from: 0.3, to: 0.8 };
  return (volume, scan) => {
    const masked = concord.volumes.withMask(resampled(volume, spacing, 'linear'), mask);
    return concord.volumes.toSlices(concord.volumes.applyMask(masked), {
      scan,
      at,
      size,
      center: 'mask',
      fill: 0,
    });
  };
}

function resampled(volume: Volume, spacing: number, interpolation: 'linear' | 'nearest'): Volume {
  return concord.volumes.resample(volume, { spacing, interpolation });
}

/**
 * The slices of all scans. Each scan is divided by its own 99.5th percentile in the mask: units of intensity differ by a
 * factor of four within one site, and no method is to be judged on that.
 */
export async function realSlices(scans: VolumeCohort, slices: SliceSize): Promise<ImageCohort> {
  const cut = await sliceCutter(scans, slices);
  const sets: ImageSet[] = [];
  await concord.streamVolumes(scans, (volume, _row, { id }) => void sets.push(scaled(cut(volume, id))), {
    strict: true,
  });
  return concord.makeImageCohort(withDiagnosis(scans.participants), joined(sets));
}

function scaled(images: ImageSet): ImageSet {
  const { data, mask, shape, slices } = images;
  const inside = data.filter((_, i) => mask?.[i] !== 0).sort();
  const top = inside[Math.floor(0.995 * (inside.length - 1))];
  return concord.makeImageSet(
    data.map((value) => value / top),
    shape,
    { slices, mask },
  );
}

/** With a covariate that says who has a depression, of those of whom it is known: sites without patients are missing. */
function withDiagnosis(participants: Participants): Participants {
  const { ids, sites, persons, covariates } = participants;
  const group = covariates.find(({ name }) => name === 'group');
  const known = covariates.filter(({ name }) => name === 'age' || name === 'sex');
  if (group?.kind !== 'categorical') return concord.makeParticipants(ids, sites, known, { persons });
  const labels = Array.from(group.codes, (code) => group.levels[code] ?? '');
  const diagnosis = labels.map((label) => (label === 'depression' || label === 'control' ? label : null));
  const own = diagnosis.every((label) => label === null)
    ? []
    : [concord.categorical('depression', diagnosis, ['control', 'depression'])];
  return concord.makeParticipants(ids, sites, [...known, ...own], { persons });
}

/** Scans of the same brains by simulated scanners. */
export interface RescannedBrains {
  /** Each person at one scanner. */
  readonly training: ImageCohort;
  /** Others at every scanner, twice at each. */
  readonly travelers: ImageCohort;
}

/** One scan that is to be made of a brain. */
interface WantedScan {
  readonly row: number;
  readonly scanner: concord.phantoms.PhantomScanner;
  readonly run: number;
}

/**
 * Scans the tissue of real brains anew. Every `every`-th person of each site travels to all scanners; the others are
 * scanned at one, in turns within the site that they really come from, so that a scanner has no people of its own.
 */
export async function rescannedBrains(
  scans: VolumeCohort,
  scanners: readonly concord.phantoms.PhantomScanner[],
  { every, ...slices }: SliceSize & { readonly every: number },
): Promise<RescannedBrains> {
  const { sites } = scans.participants;
  const cut = await sliceCutter(scans, slices);
  const groups = siteCodes(scans.participants, concord.siteNames(scans));
  const fold = stratifiedFolds(groups, every, { seed: 5 });
  const turn = stratifiedFolds(groups, scanners.length, { seed: 6 });
  const wanted = sites.map((_, row): readonly WantedScan[] =>
    fold[row] === 0
      ? scanners.flatMap((scanner) => [1, 2].map((run) => ({ row, scanner, run })))
      : [{ row, scanner: scanners[turn[row]], run: 1 }],
  );
  const made: { readonly scan: WantedScan; readonly images: ImageSet }[] = [];
  await concord.streamVolumes(
    scans,
    async (volume, row) => {
      const brain = concord.volumes.withMask(volume, ownMask(volume));
      const tissues = concord.phantoms.estimateTissueMaps(resampled(brain, slices.spacing, 'linear'));
      for (const scan of wanted[row]) {
        const seed = 10_000 * scan.run + 100 * scanners.indexOf(scan.scanner) + 7 * row;
        const again = await concord.phantoms.rescan(tissues, scan.scanner, { seed });
        made.push({ scan, images: cut(again, idOf(scan, scans)) });
      }
    },
    { strict: true },
  );
  const part = (traveling: boolean): ImageCohort =>
    cohortOf(
      made.filter(({ scan }) => (fold[scan.row] === 0) === traveling),
      scans,
    );
  return { training: part(false), travelers: part(true) };
}

function idOf({ row, scanner, run }: WantedScan, { participants }: VolumeCohort): string {
  return `${participants.ids[row]}_acq-${scanner.site}_run-${run}`;
}

function cohortOf(
  made: readonly { readonly scan: WantedScan; readonly images: ImageSet }[],
  scans: VolumeCohort,
): ImageCohort {
  const rows = made.map(({ scan }) => scan.row);
  const known = scans.participants.covariates.filter(({ name }) => name === 'age' || name === 'sex');
  const participants = concord.makeParticipants(
    made.map(({ scan }) => idOf(scan, scans)),
    made.map(({ scan }) => scan.scanner.site),
    known.map((covariate) => takeCovariate(covariate, rows)),
    { persons: rows.map((row) => scans.participants.persons[row]) },
  );
  return concord.makeImageCohort(participants, joined(made.map(({ images }) => images)));
}

function joined(sets: readonly ImageSet[]): ImageSet {
  const [, height, width, channels] = sets[0].shape;
  const slices = sets.flatMap((set) => set.slices);
  const data = new Float32Array(slices.length * height * width * channels);
  const mask = new Uint8Array(slices.length * height * width);
  let from = 0;
  for (const set of sets) {
    data.set(set.data, from * height * width * channels);
    if (set.mask !== undefined) mask.set(set.mask, from * height * width);
    from += set.slices.length;
  }
  return concord.makeImageSet(data, [slices.length, height, width, channels], { slices, mask });
}
