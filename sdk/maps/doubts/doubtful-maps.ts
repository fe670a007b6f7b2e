import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listFirst, listNames } from '../../data/list-names';
import { rowsAlike } from '../../data/group-by';
import { medianPresent } from '../../math/statistics/median';
import type { FileMark } from '../../io/maps/file-marks';

/** A map holds little where it has less than this share of the values that maps of its part have in the median. */
const littleShare = 0.5;
/** A map whose mean is so many times that of the others, or that part of it, is of another measure or unit. */
const otherScale = 4;
/** Means of a measure that is about 0, such as curvature, say nothing: most must be within this factor of their median. */
const tight = 2;

/**
 * Warns of maps that are unlike those of the other scans, by name: nearly empty ones, as a surface leaves that could not be
 * reconstructed; ones of another unit or measure; and ones with the very values of another scan.
 *
 * @param marks - of every scan, of every part; a run that was begun by an earlier version has none of what is looked at
 */
export function doubtfulMaps(
  marks: readonly (readonly FileMark[])[],
  { ids, parts }: { readonly ids: readonly string[]; readonly parts: readonly string[] },
): readonly Issue[] {
  return parts.flatMap((part, p) => {
    const own = marks.map((mark) => mark[p]);
    if (own.length < 3 || own.some(({ held }) => typeof held !== 'number')) return [];
    return [
      ...nearlyEmpty(own, ids, part),
      ...ofOtherScale(own, ids, part),
      ...ofAnotherScan(own, ids, part),
    ];
  });
}

type Marks = readonly FileMark[];

const usualCount = (own: Marks): number => medianPresent(own.map(({ held }) => held));
const holdsLittle = ({ held }: FileMark, usual: number): boolean => held < littleShare * usual;

function nearlyEmpty(own: Marks, ids: readonly string[], part: string): readonly Issue[] {
  const usual = usualCount(own);
  const found = ids.filter((_, scan) => holdsLittle(own[scan], usual));
  if (found.length === 0) return [];
  const [first] = found;
  const { held } = own[ids.indexOf(first)];
  const message =
    `${counted(found.length, 'map')} of ${part} ${found.length === 1 ? 'is' : 'are'} nearly empty: ${listNames(found, 5)} ` +
    `(${first}: ${held.toLocaleString('en-US')} values that are neither 0 nor missing, where most have ${usual.toLocaleString('en-US')})`;
  return [makeIssue('empty-map', message, { subject: first })];
}

function ofOtherScale(own: Marks, ids: readonly string[], part: string): readonly Issue[] {
  const enough = usualCount(own);
  const full = own.map((mark) => !holdsLittle(mark, enough));
  const usual = medianPresent(own.filter((_, scan) => full[scan]).map(({ mean }) => mean));
  if (!(usual > 0)) return [];
  const isNear = (mean: number, factor: number): boolean => mean <= factor * usual && mean * factor >= usual;
  if (own.filter(({ mean }) => isNear(mean, tight)).length < 0.75 * own.length) return [];
  const found = ids.filter((_, scan) => full[scan] && !isNear(own[scan].mean, otherScale));
  if (found.length === 0) return [];
  const [first] = found;
  const { mean } = own[ids.indexOf(first)];
  const message =
    `${counted(found.length, 'map')} of ${part} ${found.length === 1 ? 'is' : 'are'} on another scale than the others: ${listNames(found, 5)} ` +
    `(${first}: about ${mean.toPrecision(3)}, where most are about ${usual.toPrecision(3)})`;
  return [
    makeIssue('doubtful-unit', message, { subject: first }, [
      'check that all maps are of the same measure and in the same unit; such a map widens the spread that all vertices are measured by',
    ]),
  ];
}

function ofAnotherScan(own: Marks, ids: readonly string[], part: string): readonly Issue[] {
  const alike = rowsAlike(own.keys(), (scan) => (own[scan].held > 0 ? own[scan].digest : undefined));
  const same = alike.map((group) => group.map((scan) => ids[scan]));
  if (same.length === 0) return [];
  const named = listFirst(same, (group) => listNames(group, 3), { joint: '; ' });
  const message = `maps of ${part} have the same values: ${named}; each counts as a scan of its own`;
  return [makeIssue('same-values', message, { subject: same[0][1] })];
}
