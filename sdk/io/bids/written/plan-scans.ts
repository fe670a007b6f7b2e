import { basename } from 'node:path';
import type { VolumeCohort } from '../../../data/cohort';
import type { Scan } from '../../../data/images/scan';
import { ConcordError } from '../../../errors';
import type { BidsName } from '../bids-name';
import { bareLabel, derivativeKeys, formatBidsName, parseBidsName, standardSuffix } from '../bids-name';
import type { WriteBidsOptions } from './write-bids-options';
import { advise, option } from '../../../remedy';

/** Where the files of a scan go. Paths are within the dataset, `/` between the parts. */
export interface ScanToWrite {
  /** Its row of the cohort. */
  readonly row: number;
  readonly scan: Scan;
  /** The label of the subject, without `sub-`. */
  readonly subject: string;
  /** The label of the session, without `ses-`. */
  readonly session?: string;
  readonly image: string;
  readonly sidecar: string;
  /** Names that the mask may have, the first that no other image has taken. */
  readonly masks: readonly string[];
}

/**
 * Gives each scan of a cohort its BIDS name. Letters and digits of subject, session and run become labels; entities of
 * the file a scan was read from (acquisition, echo, …) are kept. A person scanned at several sites without sessions gets
 * one session per site, named for it.
 *
 * @throws ConcordError `invalid-option` when two scans would have the same file, or two persons the same label;
 * `missing-value` when a scan does not say what was measured.
 */
export function planScans(cohort: VolumeCohort, options: WriteBidsOptions): readonly ScanToWrite[] {
  const travelling = travellers(cohort);
  const owners = new Map<string, string>();
  const named = cohort.scans.map((scan, row) => {
    const subject = labelOf('sub', scan.subject, scan.id);
    claim(owners, { key: subject, source: scan.subject, what: 'subjects' });
    const site = travelling.has(scan.subject) ? cohort.participants.sites[row] : undefined;
    const origin = originOf(scan);
    const source = scan.session ?? origin?.entities.get('ses') ?? site;
    const session = source === undefined ? undefined : labelOf('ses', source, scan.id);
    if (source !== undefined) {
      claim(owners, { key: `${subject}/${session}`, source, what: `sessions of ${scan.subject}` });
    }
    const name = nameOf(scan, { origin, sub: subject, ses: session }, options);
    return { row, scan, subject, name, ...(session === undefined ? {} : { session }) };
  });
  const plans = named.map(({ name, ...plan }): ScanToWrite => {
    const session = plan.session === undefined ? '' : `ses-${plan.session}/`;
    const folder = `sub-${plan.subject}/${session}anat`;
    return {
      ...plan,
      image: `${folder}/${formatBidsName(name)}`,
      sidecar: `${folder}/${formatBidsName({ ...name, extension: '.json' })}`,
      masks: maskNames(name).map((file) => `${folder}/${file}`),
    };
  });
  requireDistinct(plans);
  return plans;
}

/** The subjects who were scanned at several sites. */
function travellers({ participants, scans }: VolumeCohort): ReadonlySet<string> {
  const sites = new Map<string, Set<string>>();
  scans.forEach(({ subject }, row) => {
    const of = sites.get(subject) ?? new Set();
    sites.set(subject, of.add(participants.sites[row]));
  });
  return new Set([...sites].filter(([, of]) => of.size > 1).map(([subject]) => subject));
}

function nameOf(
  scan: Scan,
  { origin, ...labels }: { readonly origin?: BidsName; readonly sub: string; readonly ses?: string },
  options: WriteBidsOptions,
): BidsName {
  const { raw = false, desc = 'harmonized', space } = options;
  const entities = new Map([...(origin?.entities ?? [])].filter(([key]) => !derivativeKeys.includes(key)));
  const given = {
    ...labels,
    run: scan.run === undefined ? undefined : labelOf('run', scan.run, scan.id),
    space: raw ? undefined : (space ?? origin?.entities.get('space')),
    desc: raw ? undefined : desc,
  };
  for (const [key, label] of Object.entries(given)) {
    if (label !== undefined) entities.set(key, label);
  }
  const suffix = scan.suffix ?? origin?.suffix ?? options.suffix;
  if (suffix === undefined) {
    throw new ConcordError(
      'missing-value',
      `missing suffix: scan "${scan.id}" does not say what was measured`,
      {
        where: { subject: scan.id },
        remedy: advise`state it with ${option('suffix', 'T1w', 'T2w')}, for example`,
      },
    );
  }
  return { entities, suffix: standardSuffix(suffix), extension: '.nii.gz' };
}

/** The BIDS name of the file a scan was read from, where it has one. */
function originOf(scan: Scan): BidsName | undefined {
  const name = scan.file === undefined ? undefined : parseBidsName(basename(scan.file));
  return name?.entities.has('sub') === true ? name : undefined;
}

/** BIDS allows letters and digits in a label. */
function labelOf(key: string, text: string, scan: string): string {
  const label = bareLabel(key, text).replaceAll(/[^A-Za-z0-9]/g, '');
  if (label !== '') return label;
  throw new ConcordError(
    'invalid-option',
    `invalid label: "${text}" of scan "${scan}" has neither letters nor digits (BIDS names are made of these; rename it)`,
    { where: { subject: scan } },
  );
}

function claim(
  owners: Map<string, string>,
  { key, source, what }: { readonly key: string; readonly source: string; readonly what: string },
): void {
  const owner = owners.get(key) ?? source;
  owners.set(key, owner);
  if (owner === source) return;
  throw new ConcordError(
    'invalid-option',
    `invalid labels: the ${what} "${owner}" and "${source}" would have the same BIDS label (only letters and digits ` +
      'count: rename one)',
    { where: { subject: source } },
  );
}

/**
 * Names for the mask of an image, the plainest first. The plainest does not say which suffix and description its image
 * has, so that another image of the session may have taken it.
 */
function maskNames({ entities, suffix }: BidsName): readonly string[] {
  const desc = entities.get('desc') ?? '';
  return ['brain', `brain${suffix}`, `${desc}Brain${suffix}`].map((label) =>
    formatBidsName({
      entities: new Map([...entities, ['desc', label]]),
      suffix: 'mask',
      extension: '.nii.gz',
    }),
  );
}

function requireDistinct(plans: readonly ScanToWrite[]): void {
  const owners = new Map<string, ScanToWrite>();
  for (const plan of plans) {
    // Many file systems take two names that differ in case only for one.
    const key = plan.image.toLowerCase();
    const other = owners.get(key);
    owners.set(key, plan);
    if (other === undefined) continue;
    throw new ConcordError(
      'invalid-option',
      `invalid cohort: scans "${other.scan.id}" and "${plan.scan.id}" would both be written to ${plan.image} ` +
        '(give each a session or run of its own)',
      { where: { subject: plan.scan.id } },
    );
  }
}
