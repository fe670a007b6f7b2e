import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { bareLabel, derivativeKeys, sameLabel } from './bids-name';
import type { BidsImage } from './list-images';
import type { EntityFilter, LoadBidsOptions } from './load-bids-options';
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
  const given: Readonly<Record<string, EntityFilter | undefined>> = { ...entities, space, desc };
  for (const [key, filter] of Object.entries({ ...given, sub: subjects, ses: sessions, run: runs })) {
    if (filter === undefined) continue;
    const labels = filter === null || typeof filter === 'string' ? [filter] : filter;
    filters.set(
      key.toLowerCase(),
      labels.map((label) => (label === null ? null : bareLabel(key, label))),
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
  images: readonly BidsImage[],
  selection: ImageSelection,
  root: string,
): readonly BidsImage[] {
  const suffixes = new Set(selection.suffixes.map((suffix) => suffix.toLowerCase()));
  const ofSuffix = images.filter(({ name }) => suffixes.has(name.suffix.toLowerCase()));
  const keys = [...selection.filters.keys()];
  const chosen = ofSuffix.filter(({ name }) =>
    keys.every((key) => passes(selection, key, name.entities.get(key))),
  );
  if (chosen.length === 0) throw nothingFound(images, ofSuffix, { selection, root });
  requireOneKind(chosen, selection, root);
  return chosen;
}

/** Leaves out what is there both packed and plain, with an issue for each. */
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
  images: readonly BidsImage[],
  ofSuffix: readonly BidsImage[],
  { selection, root }: { readonly selection: ImageSelection; readonly root: string },
): ConcordError {
  const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
  const message = (): string => {
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
