import { basename } from 'node:path';
import type { MapNotes } from '../../io/volumes/surfaces/surface-map';
import type { ScanFiles } from '../maps-run';

/** What a file of a map says of it, and whose map it is. */
export interface SaidMap {
  readonly id: string;
  /** The name of the file. */
  readonly name: string;
  /** What is in the file besides values. */
  readonly notes?: MapNotes;
  /** The file has the maps of all scans, so that its name says the same of all. */
  readonly isStack: boolean;
}

/** The words that the files of all scans of a part agree in, by what they are about. */
export type PartWords = Readonly<Partial<Record<WordKey, string>>>;

/** What words are about. */
export type WordKey = 'hemisphere' | 'measure' | 'smoothing' | 'surface' | 'registration' | 'statistic';

/** All of them. */
export const wordKeys: readonly WordKey[] = [
  'hemisphere',
  'measure',
  'smoothing',
  'surface',
  'registration',
  'statistic',
];

/** Something that a file may say of its map. */
export interface WordKind {
  readonly key: WordKey;
  /** The same of several. */
  readonly several: string;
  /** Where it is said. */
  readonly source: 'names' | 'metadata';
  /** What is said; nothing where it is not. */
  readonly word: (map: Pick<SaidMap, 'name' | 'notes'>) => string | undefined;
  /** What it means that a name does not say: the same for all where it means something. */
  readonly otherwise?: string;
}

/** A word within a name of a file, between points, hyphens and underscores. */
const between = (words: string): RegExp => new RegExp(`(?:^|[._-])(?:${words})(?=[._-]|$)`, 'i');

const left = between('lh|left|l');
const right = between('rh|right|r');
/** FreeSurfer's, and those that the Human Connectome Project names otherwise. */
const measured = between(
  '(thickness|area|volume|curv|sulc|avg_curv|jacobian_white|w-g\\.pct|pial_lgi|corrthickness|myelinmap(?:_bc)?)',
);
/** FreeSurfer and fMRIPrep say `fwhm10`, CIVET `30mm`. */
const smoothed = between('(?:(?:fwhm|sm)[-.]?(\\d+)(?:mm)?|(\\d+)mm)');
/** Vertices of one number may be of several surfaces: fsaverage and the 164k of fs_LR both have 163,842. */
const templates = between('(fsaverage[3-6]?(?:_sym)?|fs_?LR)');
const registered = between('(MSMAll|MSMSulc)');

/** Which half of the brain a name is of. */
export function hemisphereOfName(name: string): string | undefined {
  const [isLeft, isRight] = [left.test(name), right.test(name)];
  if (isLeft === isRight) return undefined;
  return isLeft ? 'left' : 'right';
}

const firstWord = (words: RegExp, name: string): string | undefined => words.exec(name)?.[1].toLowerCase();

/** Every kind: of names first, so that what both say is said of names. */
export const wordKinds: readonly WordKind[] = [
  {
    key: 'hemisphere',
    several: 'hemispheres',
    source: 'names',
    word: ({ name }) => hemisphereOfName(name),
  },
  { key: 'measure', several: 'measures', source: 'names', word: ({ name }) => firstWord(measured, name) },
  {
    key: 'smoothing',
    several: 'smoothings',
    source: 'names',
    word({ name }) {
      const found = smoothed.exec(name);
      const width = Number(found?.[1] ?? found?.[2] ?? 0);
      // FreeSurfer names the same maps with `fwhm0` and without it.
      return width === 0 ? undefined : `${width} mm`;
    },
    otherwise: 'none',
  },
  {
    key: 'surface',
    several: 'surfaces',
    source: 'names',
    word: ({ name }) => firstWord(templates, name)?.replace(/^fs_?lr$/, 'fs_LR'),
  },
  {
    key: 'registration',
    several: 'registrations',
    source: 'names',
    word: ({ name }) => registered.exec(name)?.[1].replace(/^msm/i, 'MSM'),
  },
  {
    key: 'hemisphere',
    several: 'hemispheres',
    source: 'metadata',
    word: ({ notes }) => notes?.hemisphere,
  },
  {
    key: 'statistic',
    several: 'statistics',
    source: 'metadata',
    word: ({ notes }) => notes && (notes.statistic ?? 'none'),
  },
];

/** What the files of one part say, scan after scan. */
export function saidMaps(
  scans: readonly ScanFiles[],
  part: number,
  notes: (scan: number, part: number) => MapNotes | undefined,
): readonly SaidMap[] {
  return scans.map(({ id, from, frames }, scan) => ({
    id,
    name: basename(from[part]),
    notes: notes(scan, part),
    isStack: frames[part] !== undefined,
  }));
}

/**
 * What a file says of its map, to be held against other studies, whose files may be named otherwise: its name before its metadata,
 * and that a name has no width of smoothing says something where it has the measure.
 */
export function certainWord(
  key: WordKey,
  map: Pick<SaidMap, 'name' | 'notes'>,
): { readonly word: string; readonly source: WordKind['source'] } | undefined {
  for (const { source, otherwise, word, ...kind } of wordKinds) {
    if (kind.key !== key) continue;
    const said = word(map) ?? (measured.test(map.name) ? otherwise : undefined);
    if (said !== undefined) return { word: said, source };
  }
  return undefined;
}

/** The words that all maps of a part agree in. */
export function sharedWords(maps: readonly SaidMap[]): PartWords {
  const shared = wordKeys.flatMap((key) => {
    const [first, ...others] = maps.map((map) => certainWord(key, map)?.word);
    return first !== undefined && others.every((word) => word === first) ? [[key, first] as const] : [];
  });
  return Object.fromEntries(shared);
}
