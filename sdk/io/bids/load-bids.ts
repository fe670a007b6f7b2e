import { basename, resolve } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { makeVolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { makeParticipants } from '../../data/people/participants';
import { missingSite } from '../../data/people/missing-site';
import type { Provenance } from '../../data/provenance';
import { isProvenance, provenanceStep } from '../../data/provenance';
import type { Scan } from '../../data/images/scan';
import { personOf } from '../../data/images/scan';
import { ConcordError } from '../../errors';
import type { CellReader } from '../cells/cell';
import { defaultMissing, makeCellReader } from '../cells/cell';
import { contradictingScans } from '../rows/contradicting-scans';
import { coarseScans } from '../volumes/coarse-scans';
import { copiedFiles } from '../volumes/copied-files';
import { covariateReading } from '../tables/make-reading';
import { bidsCovariates } from './tables/bids-covariates';
import { requireBidsOptions } from './check-bids-options';
import type { ImageToCheck } from './check-images';
import { checkImages } from './check-images';
import { findMasks } from './find-mask';
import type { LoadBidsOptions } from './load-bids-options';
import type { BidsReading } from './open-bids-scan';
import { openBidsScan } from './open-bids-scan';
import { scanFamilies } from './scan-families';
import { scanPersons } from './scan-persons';
import type { Metadata } from './read-metadata';
import { scanSites } from './scan-sites';
import { scannerOf } from './scanner-fields';
import type { DatasetSurvey } from './survey-dataset';
import { surveyDataset } from './survey-dataset';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/**
 * Loads a cohort of scans from a BIDS dataset, raw or derivative: one row per scan. Sites and covariates come from
 * `participants.tsv` and the sessions files, which say it session by session; what is known of the scanner from the JSON
 * sidecars. Only names, small text files and headers are read; each scan is opened when it is needed.
 *
 * A scan that cannot be used is left out with an issue naming file and cause, and the others continue. Sites need not be
 * known: see `missingSite`. What was noticed before an error is in its `issues`.
 *
 * @param root - the folder of `dataset_description.json`
 * @throws ConcordError `invalid-dataset`, `unknown-column`, `missing-value` (no sites, where `missingSite` is `'drop'`),
 * `too-little-data` when no scan can be used, `invalid-option`, `aborted`, and those of reading tables; with `strict`,
 * what is wrong with the first bad scan.
 *
 * @example
 * ```ts
 * const raw = await loadBids('ds000001', { site: { sidecar: ['Manufacturer', 'StationName'] } });
 * const prepared = await loadBids('ds000001', { derivative: 'fmriprep', space: 'MNI152NLin2009cAsym', desc: 'preproc' });
 * ```
 */
export async function loadBids(root: string, options: LoadBidsOptions = {}): Promise<VolumeCohort> {
  requirePath('loadBids', root);
  requireCall('loadBids', { root, options });
  requireBidsOptions(options);
  const { missing = defaultMissing } = options;
  const reader = makeCellReader([{ marks: missing, only: true }]);
  const survey = await surveyDataset(root, options, reader);
  // What the names and tables say explains what may fail from here on.
  const noticed = [...survey.issues];
  try {
    const among = await spelledAmong(root, survey, options, reader);
    return await cohortOf(survey, { options, reader, noticed, among });
  } catch (error) {
    throw error instanceof ConcordError ? error.after(noticed) : error;
  }
}

/**
 * The scans that decide how a site is spelled where spellings are made one: those of all persons and sessions, so that a task of
 * one person writes down the same site as a run of everybody.
 */
async function spelledAmong(
  root: string,
  survey: DatasetSurvey,
  options: LoadBidsOptions,
  reader: CellReader,
): Promise<DatasetSurvey> {
  const { filters } = survey.selection;
  if (options.sameSite !== 'fold' || !(filters.has('sub') || filters.has('ses'))) return survey;
  const others = Object.entries(options.entities ?? {}).filter(
    ([key]) => !['sub', 'ses'].includes(key.toLowerCase()),
  );
  const everybody = {
    ...options,
    subjects: undefined,
    sessions: undefined,
    entities: Object.fromEntries(others),
  };
  try {
    return await surveyDataset(root, everybody, reader);
  } catch (error) {
    // Then a run of everybody is refused: nothing is to be the same as there.
    if (error instanceof ConcordError) return survey;
    throw error;
  }
}

async function cohortOf(
  survey: DatasetSurvey,
  work: {
    readonly options: LoadBidsOptions;
    readonly reader: CellReader;
    readonly noticed: Issue[];
    readonly among: DatasetSurvey;
  },
): Promise<VolumeCohort> {
  const { options, reader, noticed, among } = work;
  const { mask = 'auto', check = 'header', strict = false, missing = defaultMissing } = options;
  const required = options.missingSite === 'drop';
  const { source, sites, issues: ofSites } = scanSites(survey, { ...options, required }, among);
  noticed.push(...ofSites.filter(({ code }) => !required || code !== 'missing-site'));
  const persons = scanPersons(survey, options.person);
  noticed.push(...persons.issues);
  const images = survey.images.map((_, row) => makeScan(survey, row, { options, person: persons.of?.[row] }));
  const checked = await checkImages(images, { ...options, check, strict });
  noticed.push(...checked.issues);
  const usable = images.map((_, row) => row).filter((row) => checked.usable[row]);
  const kept = usable.filter((row) => !required || sites[row] !== null);
  const dropped = usable.filter((row) => required && sites[row] === null);
  if (kept.length === 0) throw nothingLeft(survey.dataset.root, checked.issues);
  noticed.push(...dropped.map((row) => withoutSite(survey.ids[row])));
  const scans = kept.map((row) => checked.scans[row]);
  // Where nothing is to be checked, no file is opened.
  if (check !== 'none') {
    const files = scans.map((scan, at) => ({
      id: scan.id,
      person: personOf(scan),
      file: survey.images[kept[at]].path,
    }));
    noticed.push(...(await copiedFiles(files, options)));
  }
  noticed.push(
    ...coarseScans(
      kept.flatMap((row) => {
        const [spacing, { suffix = '' }] = [checked.spacings[row], checked.scans[row]];
        return spacing ? [{ id: survey.ids[row], site: sites[row] ?? missingSite, suffix, spacing }] : [];
      }),
    ),
  );
  const columns = [
    ...(source !== undefined && 'column' in source ? [source.column] : []),
    ...(persons.column === undefined ? [] : [persons.column]),
  ];
  const related = scanFamilies(
    survey,
    kept.map((row, at) => ({ row, scan: scans[at], site: sites[row] })),
    { family: options.family, taken: columns, covariates: namesOf(options.covariates) },
  );
  noticed.push(...related.issues);
  const { covariates, issues } = bidsCovariates(
    survey.people,
    kept.map((row) => survey.images[row]),
    {
      wanted: options.covariates,
      labels: { sameLevel: options.sameLevel, ageCap: options.ageCap },
      taken: [...columns, ...related.columns],
      reader,
    },
  );
  const record = {
    dataset: basename(survey.dataset.root),
    derivative: options.derivative,
    suffix: survey.selection.suffixes,
    filters: Object.fromEntries(survey.selection.filters),
    site: source,
    person: persons.column,
    family: related.families && related.columns,
    covariates: covariates.map(covariateReading),
    missing,
    mask,
    frame: options.frame,
    nonFinite: options.nonFinite,
    found: survey.images.length + survey.unusable,
    scans: kept.length,
    ...{ steps: stepsBefore(kept.map((row) => images[row].scan)) },
  };
  return makeVolumeCohort(
    makeParticipants(
      kept.map((row) => survey.ids[row]),
      kept.map((row) => sites[row] ?? missingSite),
      covariates,
      { persons: scans.map(personOf), families: related.families },
    ),
    scans,
    {
      provenance: [provenanceStep('loadBids', record)],
      issues: [
        ...[...noticed, ...issues],
        ...contradictingScans({
          file: basename(survey.dataset.root),
          persons: scans.map(personOf),
          covariates,
          times: [scans.map(({ session }) => session ?? null)],
        }),
      ],
    },
  );
}

function namesOf(covariates: LoadBidsOptions['covariates'] = []): readonly string[] {
  return covariates.map((one) => (typeof one === 'string' ? one : one.name));
}

/** The names of the steps by which the files were made, where that is recorded; each once. */
function stepsBefore(scans: readonly Scan[]): readonly string[] | undefined {
  const steps = new Set(scans.flatMap(({ history = [] }) => history.map(({ step }) => step)));
  return steps.size === 0 ? undefined : [...steps];
}

function makeScan(
  survey: DatasetSurvey,
  row: number,
  { options, person }: { readonly options: LoadBidsOptions; readonly person: string | undefined },
): ImageToCheck {
  const { frame, nonFinite, mask: masking = 'auto' } = options;
  const image = survey.images[row];
  const metadata = survey.metadata[row];
  const { entities, suffix } = image.name;
  const masks = masking === 'auto' ? findMasks(image, survey.masks.get(image.folder) ?? [], metadata) : [];
  const scanner = scannerOf(metadata);
  const reference = referenceOf(metadata['SpatialReference'], survey.dataset.root);
  const history = historyOf(metadata);
  const session = entities.get('ses');
  const run = entities.get('run');
  const reading: BidsReading = {
    masks,
    ...(frame === undefined ? {} : { frame }),
    ...(nonFinite === undefined ? {} : { nonFinite }),
  };
  const scan: Scan = {
    id: survey.ids[row],
    subject: `sub-${entities.get('sub')}`,
    ...(person === undefined ? {} : { person }),
    ...(session === undefined ? {} : { session }),
    ...(run === undefined ? {} : { run }),
    suffix,
    file: image.path,
    ...(masks[0]?.kind === 'file' ? { mask: masks[0].path } : {}),
    ...(scanner === undefined ? {} : { scanner }),
    ...(reference === undefined ? {} : { spatialReference: reference }),
    ...(history === undefined ? {} : { history }),
    open: openBidsScan(image.path, reading),
  };
  return { image, scan, reading };
}

/** The image that defines a space: a URI as it is, a path from the root of the file system. */
function referenceOf(named: unknown, root: string): string | undefined {
  if (typeof named !== 'string' || named === '') return undefined;
  return /^[a-z][a-z0-9+.-]+:/i.test(named) ? named : resolve(root, decoded(named));
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** How the file was made, as a derivative of Concord says in its sidecar. */
function historyOf(metadata: Metadata): Provenance | undefined {
  const { Provenance: steps } = metadata;
  return isProvenance(steps) ? steps : undefined;
}

function withoutSite(id: string): Issue {
  return makeIssue('dropped-subject', `${id}: left out: its site is missing`, { subject: id });
}

function nothingLeft(root: string, issues: readonly Issue[]): ConcordError {
  const [first] = issues;
  const why = first === undefined ? 'every site is missing' : first.message;
  return new ConcordError('too-little-data', `no usable scan in ${root}: ${why}`, {
    where: { file: root },
    remedy: first?.remedy,
  });
}
