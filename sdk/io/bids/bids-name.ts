/** The name of a BIDS file in its parts: `sub-01_ses-A_run-2_T1w.nii.gz`. */
export interface BidsName {
  /** Values by key, in the order of the name: `sub` → `01`, `ses` → `A`, `run` → `2`. */
  readonly entities: ReadonlyMap<string, string>;
  /** What was measured: `T1w`. */
  readonly suffix: string;
  /** With its dot or dots: `.nii.gz`. */
  readonly extension: string;
}

/** Entities that a derivative adds to the name of the scan it was made from. */
export const derivativeKeys: readonly string[] = [
  ...['hemi', 'space', 'cohort', 'split', 'atlas', 'seg', 'scale', 'res', 'den', 'label', 'desc'],
];

/** The order of entities in names, from the schema of BIDS 1.10; unknown ones come between these two lists. */
const first = [
  ...['sub', 'ses', 'sample', 'task', 'tracksys', 'acq', 'nuc', 'voi', 'ce', 'trc', 'stain', 'rec', 'dir'],
  ...['run', 'mod', 'echo', 'flip', 'inv', 'mt', 'part', 'proc'],
];
const last = [
  ...['hemi', 'space', 'cohort', 'split', 'recording', 'chunk'],
  ...['atlas', 'seg', 'scale', 'res', 'den', 'label', 'desc'],
];

/**
 * Takes the name of an image or of its JSON file apart. Keys may be unknown and values may be anything without an
 * underscore, so that names a little off the standard are read as they are meant.
 *
 * @returns `undefined` for other kinds of file
 */
export function parseBidsName(file: string): BidsName | undefined {
  const found = /^(.+?)(\.nii(?:\.gz)?|\.json)$/i.exec(file);
  if (found === null) return undefined;
  const parts = found[1].split('_');
  const suffix = parts[parts.length - 1];
  if (suffix === '' || suffix.includes('-')) return undefined;
  const entities = new Map<string, string>();
  for (const part of parts.slice(0, -1)) {
    const dash = part.indexOf('-');
    if (dash < 1) return undefined;
    entities.set(part.slice(0, dash).toLowerCase(), part.slice(dash + 1));
  }
  return { entities, suffix, extension: found[2].toLowerCase() };
}

/** Puts a name together, its entities in the order that BIDS asks for. */
export function formatBidsName(name: BidsName): string {
  const parts = sortedKeys(name.entities).map((key) => `${key}-${name.entities.get(key)}`);
  return `${[...parts, name.suffix].join('_')}${name.extension}`;
}

/** The keys of entities in the order in which names list them. */
export function sortedKeys(entities: ReadonlyMap<string, string>): readonly string[] {
  const rank = (key: string): number => {
    if (first.includes(key)) return first.indexOf(key);
    return last.includes(key) ? first.length + 1 + last.indexOf(key) : first.length;
  };
  return [...entities.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Whether names of BIDS have this entity: `ses`, `run`, `space`. */
export function isKnownEntity(key: string): boolean {
  return first.includes(key) || last.includes(key);
}

/** A label without the prefix it may be written with: `01` for `sub-01`, with the key `sub`. */
export function bareLabel(key: string, label: string): string {
  return label.toLowerCase().startsWith(`${key}-`) ? label.slice(key.length + 1) : label;
}

/** Whether two labels mean the same: alike, or the same whole number (`run-1` and `run-01`). */
export function sameLabel(one: string, other: string): boolean {
  const isNumber = /^\d+$/;
  return one === other || (isNumber.test(one) && isNumber.test(other) && Number(one) === Number(other));
}

/**
 * Which of the labels there are is meant by one that is asked for: the same, or else those that are the same whole number. Where `01`
 * and `001` are two participants, neither stands for the other.
 */
export function labelsMeant(asked: string, there: readonly string[]): readonly string[] {
  return there.includes(asked) ? [asked] : there.filter((one) => sameLabel(asked, one));
}

/** Whether two suffixes mean the same, whatever their case: users write `t1w`, and `Flair`. */
export function sameSuffix(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Entities whose labels are numbers: `run-1` is `run-01`. Labels of others are texts, and `sub-1` is not `sub-01`. */
const numbered: readonly string[] = ['run', 'echo', 'flip', 'inv', 'split', 'chunk'];

/** Whether two labels of an entity mean the same. */
export function sameLabelOf(key: string, one: string, other: string): boolean {
  return numbered.includes(key) ? sameLabel(one, other) : one === other;
}

/** The suffixes of anatomical images, from the schema of BIDS 1.10, as they are written there. */
const anatomical: readonly string[] = [
  ...[
    'T1w',
    'T2w',
    'FLAIR',
    'PDw',
    'T2starw',
    'inplaneT1',
    'inplaneT2',
    'PDT2',
    'angio',
    'UNIT1',
    'defacemask',
  ],
  ...[
    'T1map',
    'T2map',
    'T2starmap',
    'R1map',
    'R2map',
    'R2starmap',
    'PDmap',
    'MTsat',
    'MTRmap',
    'MWFmap',
    'M0map',
  ],
  ...['VFA', 'IRT1', 'MP2RAGE', 'MESE', 'MEGRE', 'MTR', 'MTS', 'MPM', 'PD', 'FLASH', 'T2star', 'Chimap'],
];

/** A suffix in the letters of the standard: `T2w` for `t2W`. One that the standard has not stays as it is. */
export function standardSuffix(suffix: string): string {
  return anatomical.find((known) => sameSuffix(known, suffix)) ?? suffix;
}
