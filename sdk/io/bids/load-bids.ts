import { basename } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { makeVolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { oneOf } from '../../data/one-of';
import { makeParticipants } from '../../data/people/participants';
import type { Provenance } from '../../data/provenance';
import { isProvenance, provenanceStep } from '../../data/provenance';
import type { Scan } from '../../data/images/scan';
import { ConcordError } from '../../errors';
import { defaultMissing, makeCellReader } from '../cells/cell';
import { contradictingScans } from '../rows/contradicting-scans';
import { covariateReading } from '../tables/make-reading';
import { bidsCovariates } from './bids-covariates';
import type { ImageToCheck } from './check-images';
import { checkImages } from './check-images';
import { findMask } from './find-mask';
import type { LoadBidsOptions } from './load-bids-options';
import type { BidsReading } from './open-bids-scan';
import { openBidsScan } from './open-bids-scan';
import type { Metadata } from './read-metadata';
import { scanSites } from './scan-sites';
import { scannerOf } from './scanner-fields';
import type { DatasetSurvey } from './survey-dataset';
import { surveyDataset } from './survey-dataset';
import { requirePath } from '../files/argument-order';

/**
 * Loads a cohort of scans from a BIDS dataset, raw or derivative: one row per scan. Sites and covariates come from
 * `participants.tsv` and the sessions files, which say it session by session; what is known of the scanner from the JSON
 * sidecars. Only names, small text files and headers are read; each scan is opened when it is needed.
 *
 * A scan that cannot be used is left out with an issue naming file and cause, and the others continue.
 *
 * @param root - the folder of `dataset_description.json`
 * @throws ConcordError `invalid-dataset`, `unknown-column`, `missing-value` (no sites), `invalid-option`, `aborted`, what
 * tables can have wrong; with `strict`, what is wrong with the first bad scan.
 *
 * @example
 * ```ts
 * const raw = await loadBids('ds000001', { site: { sidecar: ['Manufacturer', 'StationName'] } });
 * const prepared = await loadBids('ds000001', { derivative: 'fmriprep', space: 'MNI152NLin2009cAsym', desc: 'preproc' });
 * ```
 */
export async function loadBids(root: string, options: LoadBidsOptions = {}): Promise<VolumeCohort> {
  requirePath('loadBids', root);
  const { mask = 'auto', check = 'header', strict = false, missing = defaultMissing } = options;
  oneOf('mask', mask, ['auto', 'none']);
  oneOf('check', check, ['none', 'header', 'full']);
  const reader = makeCellReader([{ marks: missing, only: true }]);
  const survey = await surveyDataset(root, options, reader);
  const { source, sites } = scanSites(survey, options.site);
  const images = survey.images.map((_, row) => makeScan(survey, row, options));
  const checked = await checkImages(images, { ...options, check, strict });
  const usable = images.map((_, row) => row).filter((row) => checked.usable[row]);
  const kept = usable.filter((row) => sites[row] !== null);
  if (kept.length === 0) throw nothingLeft(survey.dataset.root, checked.issues);
  const { covariates, issues } = bidsCovariates(
    survey.people,
    kept.map((row) => survey.images[row]),
    { wanted: options.covariates, taken: 'column' in source ? [source.column] : [], reader },
  );
  const record = {
    ...{ dataset: basename(survey.dataset.root), derivative: options.derivative },
    ...{ suffix: survey.selection.suffixes, filters: Object.fromEntries(survey.selection.filters) },
    ...{ site: source, covariates: covariates.map(covariateReading), missing },
    ...{ mask, frame: options.frame, nonFinite: options.nonFinite, scans: kept.length },
    ...{ steps: stepsBefore(kept.map((row) => images[row].scan)) },
  };
  return makeVolumeCohort(
    makeParticipants(
      kept.map((row) => survey.ids[row]),
      kept.map((row) => sites[row] ?? ''),
      covariates,
    ),
    kept.map((row) => images[row].scan),
    {
      provenance: [provenanceStep('loadBids', record)],
      issues: [
        ...survey.issues,
        ...checked.issues,
        ...usable.filter((row) => sites[row] === null).map((row) => withoutSite(survey.ids[row])),
        ...issues,
        ...contradictingScans({
          file: basename(survey.dataset.root),
          persons: kept.map((row) => images[row].scan.subject),
          covariates,
          times: [kept.map((row) => images[row].scan.session ?? null)],
        }),
      ],
    },
  );
}

/** The names of the steps by which the files were made, where that is recorded; each once. */
function stepsBefore(scans: readonly Scan[]): readonly string[] | undefined {
  const steps = new Set(scans.flatMap(({ history = [] }) => history.map(({ step }) => step)));
  return steps.size === 0 ? undefined : [...steps];
}

function makeScan(survey: DatasetSurvey, row: number, options: LoadBidsOptions): ImageToCheck {
  const { frame, nonFinite, mask: masking = 'auto' } = options;
  const image = survey.images[row];
  const metadata = survey.metadata[row];
  const { entities, suffix } = image.name;
  const mask =
    masking === 'auto' ? findMask(image, survey.masks.get(image.folder) ?? [], metadata) : undefined;
  const scanner = scannerOf(metadata);
  const history = historyOf(metadata);
  const session = entities.get('ses');
  const run = entities.get('run');
  const reading: BidsReading = {
    ...(mask === undefined ? {} : { mask }),
    ...(frame === undefined ? {} : { frame }),
    ...(nonFinite === undefined ? {} : { nonFinite }),
  };
  const scan: Scan = {
    id: survey.ids[row],
    subject: `sub-${entities.get('sub')}`,
    ...(session === undefined ? {} : { session }),
    ...(run === undefined ? {} : { run }),
    suffix,
    file: image.path,
    ...(mask?.kind === 'file' ? { mask: mask.path } : {}),
    ...(scanner === undefined ? {} : { scanner }),
    ...(history === undefined ? {} : { history }),
    open: openBidsScan(image.path, reading),
  };
  return { image, scan, reading };
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
