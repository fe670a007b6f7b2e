import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { bareLabel, derivativeKeys, labelsMeant, sameLabel } from './bids-name';
import type { BidsImage, ImageListing } from './list-images';
import type { EntityFilter, LoadBidsOptions } from './load-bids-options';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';

/** Which images of a dataset are asked for. */
export interface ImageSelection {
  readonly suffixes: readonly string[];
  /** Labels allowed, by entity. */
  readonly filters: ReadonlyMap<string, readonly (string | null)[]>;
}

/** Gathers what the options say about file names. */
export function imageSelection(options: LoadBidsOptions): ImageSelection {
  const { suffix = 'T1w', subjects, sessions, runs, space, desc, entities } = options;
  const filters = new Map<string, readonly (string | null)[]>();
  const own: Readonly<Record<string, EntityFilter | undefined>> = { space, desc };
  const labels = { ...own, sub: subjects, ses: sessions, run: runs };
  // An option that is left out leaves what `entities` says of the same entity.
  for (const [key, filter] of [...Object.entries(entities ?? {}), ...Object.entries(labels)]) {
    if (filter === undefined) continue;
    const allowed = filter === null || typeof filter === 'string' ? [filter] : filter;
    filters.set(
      key.toLowerCase(),
      allowed.map((label) => (label === null ? null : bareLabel(key, label))),
    );
  }
  return { suffixes: typeof suffix === 'string' ? [suffix] : suffix, filters };
}

/** Whether a label passes the filter of an entity, where there is one. */
export function passes(selection: ImageSelection, key: string, label: string | undefined): boolean {
  const allowed = selection.filters.get(key);
  if (allowed === undefined) return true;
  return allowed.some((one) =>
    one === null ? label === undefined : label !== undefined && sameLabel(one, label),
  );
}

/**
 * The images that are asked for.
 *
 * @throws ConcordError `invalid-dataset` when there are none, or when derivatives of several kinds are there and the
 * options do not choose among them.
 */
export function selectImages(
  { images, subjects }: Pick<ImageListing, 'images' | 'subjects'>,
  selection: ImageSelection,
  root: string,
): SelectedImages {
  const suffixes = new Set(selection.suffixes.map((suffix) => suffix.toLowerCase()));
  const ofSuffix = images.filter(({ name }) => suffixes.has(name.suffix.toLowerCase()));
  const meant = subjectsMeant(subjects, selection, root);
  const keys = [...selection.filters.keys()].filter((key) => key !== 'sub');
  const chosen = ofSuffix.filter(
    ({ name }) =>
      (meant === undefined || meant.has(name.entities.get('sub') ?? '')) &&
      keys.every((key) => passes(selection, key, name.entities.get(key))),
  );
  if (chosen.length === 0) throw nothingFound({ images, subjects }, ofSuffix, { selection, root });
  const { images: kept, issues } = withoutParts(chosen, selection);
  if (kept.length === 0) throw onlyParts(chosen, root);
  requireOneKind(kept, selection, root);
  return {
    images: kept,
    issues: [...strayLabels(chosen, selection), ...issues, ...severalPerSession(kept, selection)],
  };
}

/**
 * The subjects that are asked for; `undefined` where all are.
 *
 * @throws ConcordError `invalid-dataset` where a label may be that of several.
 */
function subjectsMeant(
  subjects: readonly string[],
  { filters }: ImageSelection,
  root: string,
): ReadonlySet<string> | undefined {
  const asked = filters.get('sub');
  if (asked === undefined) return undefined;
  const meant = asked.map((label) => (label === null ? [] : labelsMeant(label, subjects)));
  const several = meant.find((labels) => labels.length > 1);
  if (several === undefined) return new Set(meant.flat());
  throw new ConcordError(
    'invalid-dataset',
    `several subjects in ${root} may be meant by ${labelList([asked[meant.indexOf(several)]])}: ${labelList(several)}`,
    { where: { file: root }, remedy: advise`choose with ${option('subjects', ...several)}` },
  );
}

/** Names the labels that were asked for beside others, and that no image has. */
function strayLabels(chosen: readonly BidsImage[], { filters }: ImageSelection): readonly Issue[] {
  return [...filters].flatMap(([key, labels]) => {
    const found = chosen.map(({ name }) => name.entities.get(key));
    const stray = labels.filter(
      (label) => label !== null && !found.some((one) => one !== undefined && sameLabel(label, one)),
    );
    if (stray.length === 0) return [];
    const message = `asked for, but no scan of the kind asked for has it: ${key}: ${labelList(stray)}`;
    return [makeIssue('unmatched-label', message)];
  });
}

/** The images that are asked for, and issues about others. */
export interface SelectedImages {
  readonly images: readonly BidsImage[];
  readonly issues: readonly Issue[];
}

/** Leaves out images whose voxels are phases, or real or imaginary parts, unless the caller asks for them. */
function withoutParts(images: readonly BidsImage[], selection: ImageSelection): SelectedImages {
  if (selection.filters.has('part')) return { images, issues: [] };
  const isPart = ({ name }: BidsImage): boolean => {
    const part = name.entities.get('part')?.toLowerCase();
    return part !== undefined && part !== 'mag';
  };
  const left = images.filter(isPart);
  if (left.length === 0) return { images, issues: [] };
  const names = listNames(
    left.map(({ file }) => file),
    4,
  );
  const message = `${left.length} of ${images.length} images left out, whose voxels are no magnitudes: ${names}`;
  const where = left.length === 1 ? { file: `${left[0].folder}/${left[0].file}` } : {};
  return {
    images: images.filter((image) => !isPart(image)),
    issues: [makeIssue('skipped-scan', message, where, wanting(left))],
  };
}

function wanting(images: readonly BidsImage[]): Advice {
  const parts = [...new Set(images.flatMap(({ name }) => name.entities.get('part') ?? []))];
  return advise`nothing to do if they are not wanted; else choose them with ${option('entities.part', ...parts)}`;
}

function onlyParts(images: readonly BidsImage[], root: string): ConcordError {
  const names = listNames(
    images.map(({ file }) => file),
    4,
  );
  return new ConcordError(
    'invalid-dataset',
    `no scans in ${root}: all voxels are no magnitudes, as in ${names}`,
    {
      where: { file: root },
      remedy: wanting(images),
    },
  );
}

/** Entities by which one measurement gives several images of different contrast. */
const contrastKeys: readonly string[] = ['echo', 'flip', 'inv', 'mt'];

/** Says where images of one suffix differ in what they show: echoes of one measurement are no scans of their own. */
function severalPerSession(images: readonly BidsImage[], selection: ImageSelection): readonly Issue[] {
  return contrastKeys.flatMap((key) => {
    if (selection.filters.has(key)) return [];
    const labels = new Map<string, Set<string>>();
    for (const { folder, name } of images) {
      const others = [...name.entities].filter(([other]) => other !== key).map((pair) => pair.join('-'));
      const place = [folder, ...others.sort(), name.suffix].join('_');
      labels.set(place, (labels.get(place) ?? new Set()).add(name.entities.get(key) ?? ''));
    }
    const several = [...labels.values()].filter((of) => of.size > 1);
    if (several.length === 0) return [];
    const there = [...new Set(several.flatMap((of) => [...of]))].filter((label) => label !== '');
    const message = `${several.length} measurements have several images that differ in "${key}" (${listNames(there)}), and each counts as a scan of its own`;
    const chosenBy = `entities.${key}`;
    const advice = advise`choose one kind with ${option(chosenBy, ...there)}`;
    return [makeIssue('several-images', message, {}, advice)];
  });
}

/** Leaves out the plain file of an image that is there both packed and plain, with an issue for each. */
export function dropTwins(images: readonly BidsImage[]): {
  readonly images: readonly BidsImage[];
  readonly issues: readonly Issue[];
} {
  const place = ({ folder, file }: BidsImage): string => `${folder}/${file}`;
  const packed = new Set(images.filter(({ file }) => /\.gz$/i.test(file)).map(place));
  const isTwin = (image: BidsImage): boolean => packed.has(`${place(image)}.gz`);
  const issues = images.filter(isTwin).map((image) =>
    makeIssue('unusable-scan', `${place(image)}: left out: ${image.file}.gz beside it is used`, {
      file: place(image),
      subject: image.folder.split('/')[0],
    }),
  );
  return { images: images.filter((image) => !isTwin(image)), issues };
}

/** Scans in different spaces, or treated differently, are no cohort unless the caller says they are. */
function requireOneKind(chosen: readonly BidsImage[], selection: ImageSelection, root: string): void {
  for (const key of derivativeKeys) {
    if (selection.filters.has(key)) continue;
    const examples = new Map<string | undefined, string>();
    for (const { name, file } of chosen) {
      if (!examples.has(name.entities.get(key))) examples.set(name.entities.get(key), file);
    }
    if (examples.size < 2) continue;
    const labels = [...examples.keys()].slice(0, 8).map((label) => label ?? null);
    const chosenBy = key === 'space' || key === 'desc' ? key : `entities.${key}`;
    throw new ConcordError(
      'invalid-dataset',
      `several kinds of derivative in ${root}: ${examples.size} values of "${key}", such as ` +
        listNames([...examples.values()], 4),
      { where: { file: root }, remedy: advise`choose with ${option(chosenBy, ...labels)}` },
    );
  }
}

function nothingFound(
  { images, subjects }: Pick<ImageListing, 'images' | 'subjects'>,
  ofSuffix: readonly BidsImage[],
  { selection, root }: { readonly selection: ImageSelection; readonly root: string },
): ConcordError {
  const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
  const message = (): string => {
    // Only the folders of the subjects asked for were looked into.
    const asked = selection.filters.get('sub');
    if (images.length === 0 && asked !== undefined && subjects.length > 0) {
      const [stray] = asked.filter(
        (label) => label !== null && !subjects.some((one) => sameLabel(label, one)),
      );
      const there = `the subjects there are: ${labelList(subjects)}`;
      return `no scans in ${root} of sub: ${labelList(asked)} (${suggestName(stray ?? '', subjects, there)})`;
    }
    if (images.length === 0)
      return `no scans in ${root}: no NIfTI file in a folder sub-* (is this the right folder?)`;
    if (ofSuffix.length === 0) {
      const there = distinct(images.map(({ name }) => name.suffix));
      const hint = suggestName(selection.suffixes[0], there, `the suffixes there are: ${listNames(there)}`);
      return `no scans in ${root}: no ${selection.suffixes.join(' or ')} (${hint})`;
    }
    const filters = [...selection.filters].map(([key, labels]) => `${key}: ${labelList(labels)}`).join('; ');
    const there = [...selection.filters].map(([key, labels]) => {
      const known = [...new Set(ofSuffix.map(({ name }) => name.entities.get(key)))];
      const stray = labels.find((label) => label !== null && !known.includes(label));
      const names = known.filter((label) => label !== undefined);
      return suggestName(stray ?? '', names, `${key}: ${labelList(known)}`);
    });
    return `no scans in ${root}: none matches ${filters} (there are ${there.join('; ')})`;
  };
  return new ConcordError('invalid-dataset', message(), { where: { file: root } });
}

function labelList(labels: readonly (string | null | undefined)[]): string {
  const shown = labels
    .slice(0, 8)
    .map((label) => (label === null || label === undefined ? 'null' : `"${label}"`));
  return [...shown, ...(labels.length > 8 ? [`${labels.length - 8} more`] : [])].join(', ');
}
