import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import { counted } from '../../data/counted';
import { contrastOf } from '../../data/images/contrast';
import { rowsAlike } from '../../data/group-by';
import { copiedScans } from '../../data/images/copied-scans';
import type { Volume } from '../../data/images/volume';
import type { Issue, IssueCode } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { ScanMark } from './scan-mark';
import { scanMark, slicesAsVolume, sourceMark } from './scan-mark';
import { medianPresent } from '../statistics/median';

/** Looks at scans while they are open anyway, and says in the end which are unlike the others. */
export interface ScanComparison {
  look(volume: Volume, row: number): void;
  /** Takes what was seen of a scan earlier. */
  recall(mark: ScanMark | undefined, row: number): void;
  issues(): readonly Issue[];
}

/** Compares the scans of a cohort with each other: those of one contrast, since an intensity means another thing in another. */
export function compareScanMarks(cohort: VolumeCohort | ImageCohort): ScanComparison {
  const { participants } = cohort;
  const suffixes =
    cohort.kind === 'volumes' ? cohort.scans.map(({ suffix = '' }) => suffix) : cohort.suffixes;
  const marks = new Map<number, ScanMark>();
  const recall = (mark: ScanMark | undefined, row: number): void => {
    if (mark !== undefined) marks.set(row, mark);
  };
  return {
    look: (volume, row) => recall(sourceMark(volume), row),
    recall,
    issues: () => {
      const scans = [...marks]
        .sort(([one], [other]) => one - other)
        .map(([row, mark]): MarkedScan => ({
          ...mark,
          id: participants.ids[row],
          person: participants.persons[row],
          site: participants.sites[row],
          kind: contrastOf(suffixes[row]) ?? suffixes[row].toLowerCase(),
        }));
      const alike = rowsAlike(scans.keys(), (at) => scans[at].digest);
      const kinds = [...new Set(scans.map(({ kind }) => kind))];
      return [
        ...copiedScans(alike.map((group) => group.map((at) => scans[at]))),
        ...kinds.flatMap((kind) => unlikeOf(scans.filter((scan) => scan.kind === kind))),
      ];
    },
  };
}

/** Which scans are unlike the others, of slices: nothing where that was said when they were cut. */
export function unlikeSlices(cohort: ImageCohort): readonly Issue[] {
  if (cohort.issues.some(({ code }) => unlikeCodes.has(code))) return [];
  const comparison = compareScanMarks(cohort);
  for (const [row, range] of imageRanges(cohort).entries())
    comparison.recall(scanMark(slicesAsVolume(cohort.images, range)), row);
  return comparison.issues();
}

/** The codes of issues of scans that are unlike the others. */
const unlikeCodes: ReadonlySet<string> = new Set<IssueCode>([
  'same-values',
  'other-contrast',
  'normalized-before',
  'label-map',
]);

interface MarkedScan extends ScanMark {
  readonly id: string;
  readonly person: string;
  readonly site: string;
  readonly kind: string;
}

/**
 * In 219 brain-masked T1w scans of three sites intensity correlates with nearness to the middle by 0.48 to 0.78, in digital
 * persons at ten scanners by 0.28 to 0.49; a scan is at most 0.15 from the median of its site. Shading by which the rim is four
 * times as bright as the middle leaves −0.08 to 0.10. Inverted, they have the opposite; three T2w scans of one of these sites have 0.20 to
 * 0.25, where its T1w scans have 0.56 to 0.68.
 */
const opposite = { most: 0.25, found: -0.15 } as const;
const fromSite = 0.3;
/** With fewer others at its site nothing is known of what is usual there. */
const fewestOthers = 3;

/** In raw scans nothing of a brain is below 0, but for what an interpolation overshoots; in z-scored ones two fifths and more is. */
const ofRaw = 0.01;
const ofNormalized = 0.1;

/** Of label maps of 140 regions at 2 mm 0.78 to 0.80; of images of 8 bits at most 0.19; of one with every voxel twice 0.5. */
const ofLabels = 0.6;

function unlikeOf(scans: readonly MarkedScan[]): readonly Issue[] {
  // A scan of one value is no map: methods say themselves that nothing can be learned from it.
  const labels = scans.filter(({ flat }) => flat > ofLabels && flat < 1);
  const images = scans.filter((scan) => !labels.includes(scan));
  const turned = otherContrast(images);
  const straight = images.filter((scan) => !turned.includes(scan));
  return [...labelMaps(labels, scans), ...contrastIssue(turned, straight), ...normalizedBefore(straight)];
}

function labelMaps(found: readonly MarkedScan[], all: readonly MarkedScan[]): readonly Issue[] {
  if (found.length === 0) return [];
  const [{ id, flat }] = found;
  const message =
    `${ofAll(found, all)} like a mask or a map of labels, not like an image: ${namesOf(found, all)} ` +
    `(${id}: ${percent(flat)} of the voxels of the brain have the value of their neighbor)`;
  return [makeIssue('label-map', message, { subject: id })];
}

/** Scans that get darker to the middle where others get brighter, and those far from the scans of their own site, whose shading is theirs. */
function otherContrast(scans: readonly MarkedScan[]): readonly MarkedScan[] {
  const turns = [1, -1].map((sign) => ({
    usual: scans.filter(({ inward }) => sign * inward >= opposite.most),
    turned: scans.filter(({ inward }) => sign * inward <= opposite.found),
  }));
  const [bright, dark] = turns;
  // Of T1w scans it is known which way is right; of others most are.
  const isBright = scans.at(0)?.kind === 'T1w' || bright.usual.length >= dark.usual.length;
  const { usual, turned } = isBright ? bright : dark;
  const opposed = usual.length === 0 ? [] : turned;
  const rest = scans.filter((scan) => !opposed.includes(scan));
  return scans.filter((scan) => {
    if (opposed.includes(scan)) return true;
    const others = rest.filter((other) => other !== scan && other.site === scan.site);
    const middle = medianPresent(others.map(({ inward }) => inward));
    return others.length >= fewestOthers && Math.abs(scan.inward - middle) > fromSite;
  });
}

function contrastIssue(found: readonly MarkedScan[], others: readonly MarkedScan[]): readonly Issue[] {
  if (found.length === 0 || others.length === 0) return [];
  const [{ id, inward }] = found;
  const middle = medianPresent(others.map((scan) => scan.inward));
  const message =
    `${ofAll(found, [...found, ...others])} of another contrast than the others, or inverted: ${namesOf(found, [...found, ...others])} ` +
    `(${id}: intensity and nearness to the middle of the brain correlate by ${shown(inward)}, in the others by ${shown(middle)})`;
  return [makeIssue('other-contrast', message, { subject: id })];
}

function normalizedBefore(scans: readonly MarkedScan[]): readonly Issue[] {
  const found = scans.filter(({ below }) => below >= ofNormalized);
  const raw = scans.filter(({ below }) => below <= ofRaw);
  if (found.length === 0 || raw.length === 0) return [];
  const [{ id, below }] = found;
  const message =
    `${ofAll(found, scans)} negative in much of the brain, as normalized scans are, and ${counted(raw.length, 'other')} ` +
    `nowhere: ${namesOf(found, scans)} (${id}: in ${percent(below)} of it)`;
  return [makeIssue('normalized-before', message, { subject: id })];
}

/** `2 of 45 scans are`, with what they measured where that is known. */
function ofAll(found: readonly MarkedScan[], all: readonly MarkedScan[]): string {
  const [{ kind }] = all;
  return `${found.length} of ${counted(all.length, kind === '' ? 'scan' : `${kind} scan`)} ${found.length === 1 ? 'is' : 'are'}`;
}

/** Their names; where they are all scans of some sites, those of the sites. */
function namesOf(found: readonly MarkedScan[], all: readonly MarkedScan[]): string {
  const sites = [...new Set(found.map(({ site }) => site))];
  const there = all.filter(({ site }) => sites.includes(site));
  const isWhole = there.length === found.length && found.length > sites.length;
  if (isWhole) return `all scans of ${listNames(sites, 5)}`;
  return listNames(
    found.map(({ id }) => id),
    5,
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function shown(correlation: number): string {
  return correlation.toFixed(2).replace('-', '−');
}
