// The grounds that methods are compared on: whom they learn from, and others on whom they are judged.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ImageCohort, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { siteCodes } from '../../../sdk/data/people/participants';
import { stratifiedFolds } from '../../../sdk/evaluate/splits/folds';
import { geometry as vendors } from '../../murd/phantoms';
import { rowsWhere, runOf } from '../cohorts';
import type { SliceSize } from './brain-slices';
import { realSlices, rescannedBrains } from './brain-slices';
import { kept } from './kept';

/** Scans to learn from, and the scans of other persons that are harmonized by what was learned. */
export interface GroundPart {
  readonly training: ImageCohort;
  /** The ids of the scans that are judged. */
  readonly judged: ReadonlySet<string>;
}

/** Scans to learn from, and scans of other persons to be judged on. */
export interface Ground {
  /** The site that all methods harmonize to. */
  readonly target: string;
  /** One, or the folds of persons: together they judge every scan of `judged` once. */
  readonly parts: readonly GroundPart[];
  readonly judged: ImageCohort;
  /** Every person at every site, twice at each: what is true, and how far a repeated scan is from it. */
  readonly truth?: ImageCohort;
  /** What is judged on, in a sentence or two. */
  readonly about: string;
  /** Figures that cannot be had here, and why. */
  readonly leftOut: readonly string[];
}

/** What grounds are made from. */
export interface GroundMaking {
  /** For trying the command: its figures mean nothing. */
  readonly quick: boolean;
  /** A BIDS folder of brain-masked scans on one grid, with site, age and sex. */
  readonly data: string | undefined;
  /** Where slices are kept, so that later sittings begin at once. */
  readonly folder: string;
}

/** The grounds by name, in the order of the tables. */
export const grounds: Readonly<Record<string, (making: GroundMaking) => Promise<Ground>>> = {
  'seven-site': (making) => phantoms('seven-site', { ...making, seed: 700 }),
  // Without the T2w scanner: most methods take one contrast at a time.
  'abcd-like': (making) => phantoms(vendors.scanners, { ...making, seed: 800 }),
  rescanned,
  real,
};

const noDiagnosis = 'depression AUC: nobody here has a diagnosis';

async function phantoms(
  scanners: NonNullable<concord.SimulateSlicesOptions['scanners']>,
  { quick, seed, folder }: GroundMaking & { readonly seed: number },
): Promise<Ground> {
  const geometry = quick
    ? { scanners, slices: 1, size: 32, pixelSize: 6 }
    : { scanners, slices: 5, size: 64, pixelSize: 3 };
  const { training, travelers } = await kept(join(folder, 'slices.v8'), async () => {
    const learned = await concord.simulateSlices({ ...geometry, subjects: quick ? 6 : 120, seed: seed + 1 });
    const others = await concord.simulateSlices({
      ...geometry,
      subjects: quick ? 4 : 24,
      seed: seed + 2,
      traveling: true,
      testRetest: true,
    });
    return { training: learned.cohort, travelers: others.cohort };
  });
  return withTruth(training, travelers, 'Digital persons, scanned once at every simulated scanner.');
}

async function rescanned(making: GroundMaking): Promise<Ground> {
  const { training, travelers } = await kept(join(making.folder, 'slices.v8'), async () =>
    rescannedBrains(await brainsIn(making), vendors.scanners, {
      ...sliceSize(making),
      every: making.quick ? 2 : 9,
    }),
  );
  return withTruth(
    training,
    travelers,
    'Tissue maps of real brains, rescanned by three simulated scanners of different vendors, inside one mask that is within every brain. A ninth of the persons of each real site is held out; each of the others was scanned at one scanner.',
  );
}

function withTruth(training: ImageCohort, truth: ImageCohort, about: string): Ground {
  const judged = runOf(truth, '1');
  const [target] = truth.participants.sites;
  const parts = [{ training, judged: new Set(judged.participants.ids) }];
  return { target, parts, judged, truth, about, leftOut: [noDiagnosis] };
}

/** Folds of persons on the real ground: with three, UCLA's eleven are held out by four, four and three. */
const realFolds = 3;

async function real(making: GroundMaking): Promise<Ground> {
  const judged = await kept(join(making.folder, 'slices.v8'), async () =>
    realSlices(await brainsIn(making), sliceSize(making)),
  );
  const { sites } = judged.participants;
  const names = concord.siteNames(judged);
  // Nobody was scanned twice, so that a scan is a person.
  const fold = stratifiedFolds(siteCodes(judged.participants, names), realFolds, { seed: 4 });
  const parts = Array.from({ length: realFolds }, (_, own) => {
    const held = rowsWhere(judged, (row) => fold[row] === own);
    return {
      training: rowsWhere(judged, (row) => fold[row] !== own),
      judged: new Set(held.participants.ids),
    };
  });
  const largest = (one: string, other: string): number => countOf(sites, other) - countOf(sites, one);
  return {
    target: [...names].sort(largest)[0],
    parts,
    judged,
    about: `Real brains, each scan divided by its own 99.5th percentile, inside one mask that is 2 mm within every brain. ${realFolds} folds of persons, dealt within sites (of eleven persons four, four and three): each person is harmonized once, by what was learned from the other folds.`,
    leftOut: [
      'MAE, PSNR, SSIM, MS-SSIM and edges against the truth: nobody was scanned at two sites',
      ...(judged.participants.covariates.some(({ name }) => name === 'depression') ? [] : [noDiagnosis]),
    ],
  };
}

function countOf(sites: readonly string[], wanted: string): number {
  return sites.filter((site) => site === wanted).length;
}

function sliceSize({ quick }: GroundMaking): SliceSize {
  return quick ? { spacing: 6, size: 32, count: 1 } : { spacing: 3, size: 64, count: 5 };
}

async function brainsIn({ data }: GroundMaking): Promise<VolumeCohort> {
  if (data === undefined || !existsSync(data)) {
    throw new Error(`missing data: ${data ?? 'no folder'} (give a BIDS folder of brains with --data)`);
  }
  return concord.loadBids(resolve(data));
}
