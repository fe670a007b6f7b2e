import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { CellReader } from '../cells/cell';
import { bareLabel, parseBidsName, sameSuffix } from './bids-name';
import type { BidsDataset } from './dataset-description';
import { openDataset } from './dataset-description';
import { masksByFolder } from './find-mask';
import type { BidsImage } from './list-images';
import { listImages } from './list-images';
import type { LoadBidsOptions } from './load-bids-options';
import type { PeopleTable } from './tables/people-table';
import { readPeople } from './tables/people-table';
import type { Metadata } from './read-metadata';
import { metadataReader } from './read-metadata';
import { scanIds } from './scan-ids';
import type { ImageSelection } from './select-images';
import { dropTwins, imageSelection, passes, selectImages } from './select-images';

/** What the names and small text files of a dataset say. */
export interface DatasetSurvey {
  readonly dataset: BidsDataset;
  readonly selection: ImageSelection;
  /** The images asked for. */
  readonly images: readonly BidsImage[];
  /** A unique id for each image. */
  readonly ids: readonly string[];
  /** The fields of the sidecars, one record per image. */
  readonly metadata: readonly Metadata[];
  /** The masks by folder. */
  readonly masks: ReadonlyMap<string, readonly BidsImage[]>;
  readonly people: PeopleTable;
  /** How many images of the suffixes asked for are not among them, since their names or folders are amiss. */
  readonly unusable: number;
  readonly issues: readonly Issue[];
}

/**
 * Reads all of a dataset that is not an image. A derivative draws on the dataset it is in as well.
 *
 * @throws ConcordError as {@link loadBids} does.
 */
export async function surveyDataset(
  root: string,
  options: LoadBidsOptions,
  reader: CellReader,
): Promise<DatasetSurvey> {
  const dataset = await openDataset(root, options.derivative);
  const selection = imageSelection(options);
  const wanted = (label: string): boolean => passes(selection, 'sub', label);
  const listing = await listImages(dataset.root, wanted);
  const chosen = selectImages(listing, selection, dataset.root);
  const { images, issues } = dropTwins(chosen.images);
  const parents = dataset.parent === undefined ? [] : [dataset.parent];
  const sidecars = metadataReader([...parents, dataset.root]);
  const metadata: Metadata[] = [];
  for (const image of images) metadata.push(await sidecars.read(image));
  const roots = [dataset.root, ...parents];
  const people = await readPeople(images, {
    roots,
    participants: options.participants,
    reader,
    subjects: listing.subjects,
  });
  return {
    dataset,
    selection,
    images,
    ids: scanIds(images.map(({ name }) => name)),
    metadata,
    masks: masksByFolder(listing.images),
    people,
    unusable: listing.issues.filter(({ where }) => isAskedFor(where.file ?? '', selection)).length,
    issues: [
      ...[...listing.issues, ...chosen.issues, ...issues],
      ...[...people.issues, ...sidecars.issues()],
      ...unmatched(people, images, wanted),
    ],
  };
}

function isAskedFor(file: string, { suffixes }: ImageSelection): boolean {
  const name = parseBidsName(file.slice(file.lastIndexOf('/') + 1));
  return name === undefined || suffixes.some((suffix) => sameSuffix(suffix, name.suffix));
}

/** Who is in the table of participants only, or has scans only. */
function unmatched(
  people: PeopleTable,
  images: readonly BidsImage[],
  wanted: (label: string) => boolean,
): readonly Issue[] {
  const { participants } = people;
  if (participants === undefined) return [];
  const withScans = new Set(images.map(({ name }) => name.entities.get('sub') ?? ''));
  const rows = new Set(people.rowsOf(images));
  const labels = participants.ids.map((id) => bareLabel('sub', id));
  const absent = [...new Set(labels.filter((label, row) => !rows.has(row) && wanted(label)))];
  const unlisted = [...withScans].filter((label) => !people.isListed(label));
  const issue = (labels: readonly string[], message: string): readonly Issue[] => {
    if (labels.length === 0) return [];
    const names = labels.map((label) => `sub-${label}`);
    const where = { file: 'participants.tsv', ...(names.length === 1 ? { subject: names[0] } : {}) };
    return [
      makeIssue('unmatched-subject', `${message}: ${listNames(names)} (${names.length} in all)`, where),
    ];
  };
  return [
    ...issue(absent, 'in participants.tsv, but without a scan of the kind asked for'),
    ...issue(unlisted, 'with a scan, but not in participants.tsv, so it says nothing about them'),
  ];
}
