import { basename } from 'node:path';
import { counted } from '../data/counted';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { listNames } from '../data/list-names';
import type { ScanFiles } from './maps-run';

/** What the name of a file of a map may say of it. */
interface NameKind {
  readonly what: string;
  /** What a name says; nothing where it does not say. */
  word(name: string): string | undefined;
  /** What it means that a name does not say: the same for all where it means something. */
  readonly otherwise?: string;
}

/** A word within a name of a file, between points, hyphens and underscores. */
const between = (words: string): RegExp => new RegExp(`(?:^|[._-])(?:${words})(?=[._-]|$)`, 'i');

const left = between('lh|left|l');
const right = between('rh|right|r');
const measured = between('(thickness|area|volume|curv|sulc|avg_curv|jacobian_white|w-g\\.pct|pial_lgi)');
/** FreeSurfer and fMRIPrep say `fwhm10`, CIVET `30mm`. */
const smoothed = between('(?:(?:fwhm|sm)[-.]?(\\d+)(?:mm)?|(\\d+)mm)');

const hemisphere: NameKind = {
  what: 'hemispheres',
  word(name) {
    const [isLeft, isRight] = [left.test(name), right.test(name)];
    if (isLeft === isRight) return undefined;
    return isLeft ? 'left' : 'right';
  },
};

const kinds: readonly NameKind[] = [
  hemisphere,
  { what: 'measures', word: (name) => measured.exec(name)?.[1].toLowerCase() },
  {
    what: 'smoothings',
    word(name) {
      const found = smoothed.exec(name);
      const width = Number(found?.[1] ?? found?.[2] ?? 0);
      // FreeSurfer names the same maps with `fwhm0` and without it.
      return width === 0 ? undefined : `${width} mm`;
    },
    otherwise: 'none',
  },
];

/**
 * Warns where the names of the files of one part say that they are of several measures, hemispheres or widths of smoothing, or of
 * the other hemisphere than the part. Values hardly show it: a smoothed map beside others has the same mean at every vertex.
 */
export function mixedFiles(scans: readonly ScanFiles[], parts: readonly string[]): readonly Issue[] {
  return parts.flatMap((part, p) => {
    const files = scans
      .filter(({ frames }) => frames[p] === undefined)
      .map(({ id, from }) => ({ id, name: basename(from[p]) }));
    const several = kinds.flatMap((kind) => severalWords(files, part, kind));
    return several.length > 0 ? several : otherHemisphere(files, part);
  });
}

type NamedFiles = readonly { readonly id: string; readonly name: string }[];

function severalWords(files: NamedFiles, part: string, kind: NameKind): readonly Issue[] {
  const byWord = new Map<string, string[]>();
  for (const { id, name } of files) {
    const word = kind.word(name) ?? kind.otherwise;
    if (word === undefined) continue;
    const own = byWord.get(word);
    if (own === undefined) byWord.set(word, [id]);
    else own.push(id);
  }
  if (byWord.size < 2) return [];
  const groups = [...byWord].sort(([, one], [, other]) => other.length - one.length);
  const said = groups.map(([word, ids]) => `${word} (${counted(ids.length, 'scan')}: ${listNames(ids, 3)})`);
  const message = `files of ${part} have names of several ${kind.what}: ${said.join(', ')}`;
  return [makeIssue('mixed-maps', message, { subject: groups[groups.length - 1][1][0] })];
}

function otherHemisphere(files: NamedFiles, part: string): readonly Issue[] {
  const own = hemisphere.word(part);
  if (own === undefined) return [];
  const found = files.find(({ name }) => (hemisphere.word(name) ?? own) !== own);
  if (found === undefined) return [];
  const message = `files of ${part} have names of the ${hemisphere.word(found.name)} hemisphere, such as ${found.name} of "${found.id}"`;
  return [makeIssue('mixed-maps', message, { subject: found.id })];
}
