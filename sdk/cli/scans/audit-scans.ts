import { covariatesOf } from '../../combat/design/formula';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IntensityMethod } from '../../baselines/intensity-model';
import { suggestName } from '../../data/nearest-names';
import { intensityMethods, usualBaselines } from '../../methods/intensity-methods';
import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { makeVolumeCohort, takeSubjects } from '../../data/cohort';
import { distinctIssues } from '../../data/issue';
import type { Plane } from '../../data/images/image-set';
import type { RunOptions } from '../../data/run-options';
import type { ImageAudit } from '../../evaluate/images-audit/image-audit';
import { imageAuditSettings } from '../../evaluate/images-audit/image-audit-options';
import { matchParticipants, onlyThere } from '../../evaluate/matching/match-participants';
import { loadBids } from '../../io/bids/load-bids';
import type { LoadBidsOptions } from '../../io/bids/load-bids-options';
import { cutAlike } from '../../preprocess/slices/cut-alike';
import type { BidsSelectionFlags } from './bids-selection';
import {
  addScanOptions,
  bidsSelection,
  entitiesOf,
  givenSite,
  labelsOf,
  scanSelectionNames,
} from './bids-selection';
import type { BackendFlags } from '../methods/network-options';
import { addBackendOption } from '../methods/network-options';
import { countOf, listOf } from '../option-values';
import { addSliceOptions, maskOption } from './slice-options';

/** What the options of `concord audit` on scans hold once parsed. */
export interface AuditScansFlags extends Omit<BidsSelectionFlags, 'site'>, BackendFlags {
  readonly site: string;
  readonly afterDesc?: BidsSelectionFlags['desc'];
  readonly afterSpace?: BidsSelectionFlags['space'];
  readonly afterEntity?: BidsSelectionFlags['entity'];
  readonly preserve: readonly string[];
  readonly target?: string;
  readonly mask: 'each' | 'common';
  readonly baselines: readonly IntensityMethod[];
  readonly heldOut: boolean;
  readonly plane: Plane;
  readonly slices: number;
  readonly imageSize: number;
  readonly pixelSize?: number;
  readonly folds: number;
  readonly steps: number;
  readonly seed: number;
  readonly seeds?: number;
  readonly maxSubjects?: number;
}

const baselineNames: readonly IntensityMethod[] = intensityMethods.map(({ name }) => name);

/** Adds the options that only audits of scans have. */
export function addAuditScansOptions(command: Command): Command {
  const own = addScanOptions(command)
    .option(
      '--after-desc <labels>',
      'which description of the harmonized scans (none: names without one)',
      labelsOf,
    )
    .option('--after-space <labels>', 'which space of the harmonized scans', labelsOf)
    .option('--after-entity <pairs>', 'other entities of their names', entitiesOf)
    .option('--target <site>', 'the site that scans were harmonized to')
    .addOption(maskOption())
    .option(
      '--baselines <names>',
      `normalizations to compare with: ${baselineNames.join(', ')}; or none`,
      baselinesOf,
      usualBaselines,
    )
    .option('--held-out', 'the method had not learned from these persons', false)
    .option('--folds <count>', 'how many folds persons are divided into', countOf, 3)
    .option('--steps <count>', 'training steps of each network', countOf, 200);
  return addBackendOption(addSliceOptions(own));
}

/** The options that only audits of scans have, by their attributes. */
export const scanOptionNames: readonly string[] = [
  ...scanSelectionNames,
  ...[
    'afterDesc',
    'afterSpace',
    'afterEntity',
    'target',
    'mask',
    'baselines',
    'heldOut',
    'plane',
    'slices',
    'imageSize',
  ],
  ...['pixelSize', 'folds', 'steps', 'backend'],
];

function baselinesOf(text: string): readonly IntensityMethod[] {
  if (text === 'none') return [];
  return listOf(text).map((name) => {
    const found = baselineNames.find((known) => known === name);
    if (found === undefined) {
      const hint = `${baselineNames.join(', ')}, or none, is allowed`;
      throw new InvalidArgumentError(suggestName(name, baselineNames, hint));
    }
    return found;
  });
}

/** Scans that were audited, as the slices that were looked at. */
export interface AuditedScans {
  readonly before: ImageCohort;
  readonly after: ImageCohort;
  /** Its issues include those of reading and cutting the scans. */
  readonly audit: ImageAudit;
}

/** Audits the scans of one dataset, which are harmonized in another. */
export async function auditScans(
  [raw, harmonized]: readonly [before: string, after: string],
  {
    flags,
    command,
    run,
  }: { readonly flags: AuditScansFlags; readonly command: Command; readonly run: RunOptions },
): Promise<AuditedScans> {
  const { afterDesc, afterSpace, afterEntity = {}, target, mask, baselines, heldOut, folds, steps } = flags;
  const preserve = covariatesOf(flags.preserve, 'preserve');
  const site = givenSite(flags, command);
  const { useBackend } = await import('../../nn/backend/use-backend.js');
  await useBackend(flags.backend ?? 'auto');
  const { signal } = run;
  const named = preserve.length === 0 ? {} : { covariates: preserve };
  const selection = bidsSelection({ ...flags, site });
  const before = await loadBids(raw, {
    ...selection,
    missingSite: 'drop',
    ...named,
    signal,
  });
  const people = join(raw, 'participants.tsv');
  const found = await loadBids(harmonized, {
    ...selection,
    // The harmonized scans are of the same persons, under names of their own.
    ...{ derivative: undefined, frame: undefined, desc: afterDesc, space: afterSpace, entities: afterEntity },
    missingSite: 'drop',
    ...peopleOf(harmonized, people),
    covariates: [],
    signal,
  });
  const renamed = withIdsOf(before, found);
  const { kept, rows, only } = matchParticipants(before.participants, renamed.participants, 'dataset');
  const covariates = preserve.length === 0 ? undefined : preserve;
  // A wrong option is refused before scans are read.
  imageAuditSettings(before, { target, covariates, folds, steps });
  const { plane, slices: count, imageSize: size, pixelSize, seed, seeds, maxSubjects } = flags;
  const pair = await cutAlike(takeSubjects(before, kept), takeSubjects(renamed, rows), {
    plane,
    count,
    size,
    pixelSize,
    ...run,
  });
  const { auditImages } = await import('../../compare/audit-images.js');
  const audit = await auditImages(pair.before, pair.after, {
    method: basename(harmonized),
    target,
    mask,
    baselines,
    heldOut,
    folds,
    steps,
    seed,
    seeds,
    maxSubjects,
    covariates,
    ...run,
  });
  const issues = [
    ...audit.issues,
    ...pair.before.issues,
    ...pair.after.issues,
    ...onlyThere('unmatched-subject', only, { one: 'scan', where: 'dataset' }),
  ];
  return { ...pair, audit: { ...audit, issues: distinctIssues(issues) } };
}

/** Sites are those of the raw scans, so a dataset of results may do without participants of its own. */
function peopleOf(harmonized: string, people: string): Pick<LoadBidsOptions, 'participants'> {
  const own = existsSync(join(harmonized, 'participants.tsv'));
  return own || !existsSync(people) ? {} : { participants: people };
}

/**
 * The harmonized scans under the ids of the raw ones. Ids are as short as each dataset allows, so the same scan may be
 * `sub-01` in one and `sub-01_ses-1` in the other: subject, session and run identify it, where they separate scans.
 */
function withIdsOf(before: VolumeCohort, after: VolumeCohort): VolumeCohort {
  const keyOf = ({ subject, session = '', run = '' }: VolumeCohort['scans'][number]): string =>
    JSON.stringify([subject, session, run]);
  const [here, there] = [before, after].map(({ scans }) => scans.map(keyOf));
  const unique = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;
  if (!unique(here) || !unique(there)) return after;
  const ids = there.map((key, row) => {
    const at = here.indexOf(key);
    return at < 0 ? after.participants.ids[row] : before.participants.ids[at];
  });
  if (!unique(ids)) return after;
  const scans = after.scans.map((scan, row) => ({ ...scan, id: ids[row] }));
  const { provenance, issues } = after;
  return makeVolumeCohort({ ...after.participants, ids }, scans, { provenance, issues });
}
