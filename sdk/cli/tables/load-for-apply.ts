import type { FeatureCohort } from '../../data/cohort';
import { takeFeatures } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { RunOptions } from '../../data/run-options';
import type { TableReading } from '../../data/table-reading';
import type {
  FreeSurferMeasure,
  LoadFreeSurferStatsOptions,
} from '../../io/free-surfer/load-free-surfer-stats';
import { loadFolderAsBefore } from '../../io/free-surfer/load-free-surfer-stats';
import { loadTableAsBefore } from '../../io/tables/load-table';
import { markedColumns } from '../../io/cells/missing-marks';
import type { KnownLabels } from '../../io/columns/labels/prepare-labels';
import type { RewriteTableOptions } from '../../io/tables/rewrite-table';
import type { LoadTableOptions, TableOptions } from '../../io/tables/table-options';
import type { ModelTable } from '../../methods/method-command';
import type { FolderFlags } from './folder-options';
import { requireParticipants } from './load-for-harmonize';
import type { TableFlags } from './table-flags';
import { tableOptionsOf } from './table-flags';

/** The options of `concord apply` about the table. */
export interface ApplyReadingFlags extends FolderFlags, TableFlags {
  readonly site?: string;
}

/** A cohort for a model, and how its table was read, for writing that table again. */
export interface LoadedForApply {
  readonly cohort: FeatureCohort;
  readonly naming: Omit<RewriteTableOptions, 'source'>;
}

/**
 * Loads what `concord apply` is given: whatever `concord harmonize` accepts, read as the model's own table was. Options of
 * the command override what the model remembers.
 *
 * @throws ConcordError as `loadTable` and `loadFreeSurferStats` do.
 */
export async function loadForApply(
  path: string,
  model: ModelTable,
  given: {
    readonly asFolder: boolean;
    readonly flags: ApplyReadingFlags;
    readonly run: RunOptions;
  },
): Promise<LoadedForApply> {
  const { asFolder, flags, run } = given;
  const { participants, ...own } = tableOptionsOf(flags);
  const { reading, issues } = readingOfModel(model);
  const naming: LoadTableOptions = { ...rememberedOptions(model, reading, given), ...stated(own) };
  const peopleId = typeof participants === 'object' ? participants.id : undefined;
  const stillSaid = { ...own, 'participants.id': peopleId };
  const names = ['id', 'person', 'visit', 'participants.id'] as const;
  const remembered = names.filter((name) => stillSaid[name] === undefined);
  const known = knownLabels(model);
  const options = {
    ...naming,
    site: flags.site ?? reading?.site,
    covariates: model.covariates.map((covariate) => ({
      name: covariate.name,
      kind: covariate.kind,
      unit: covariate.kind === 'continuous' ? covariate.unit : undefined,
    })),
    allowSingleSite: true,
    ...run,
  };
  const people =
    typeof participants === 'object' ? { ...reading?.participants, ...stated(participants) } : undefined;
  if (!asFolder) {
    const table = { ...options, features: model.features, participants: people };
    const cohort = await loadTableAsBefore(path, table, { known, remembered });
    // As the table was read in the end: without remembered columns that it lacks, ids from where they were found.
    const { person, visit } = (cohort.reading?.options ?? {}) as Pick<TableOptions, 'person' | 'visit'>;
    return {
      cohort: withNoticed(cohort, issues),
      naming: { ...naming, id: own.id ?? cohort.reading?.id, person, visit },
    };
  }
  const folder: LoadFreeSurferStatsOptions = {
    ...options,
    participants: people ?? requireParticipants(path),
    // A structure that none of a few subjects has is missing, and no reason to refuse them.
    features: /(?:)/,
    measures: flags.measures ?? (reading?.freeSurfer?.measures as readonly FreeSurferMeasure[] | undefined),
    parcellation: flags.parcellation ?? reading?.freeSurfer?.parcellation,
  };
  const cohort = await loadFolderAsBefore(path, folder, known);
  return { cohort: withNoticed(withFeaturesOf(model, cohort, path), issues), naming };
}

/** What the model remembers of how its table was read, as far as it concerns another table of its kind. */
function rememberedOptions(
  model: ModelTable,
  reading: TableReading | undefined,
  { asFolder, flags }: { readonly asFolder: boolean; readonly flags: ApplyReadingFlags },
): LoadTableOptions {
  if (reading === undefined) return {};
  const { missing, sameLevel, ...others } = reading.options as LoadTableOptions;
  const covariates = model.covariates.map(({ name }) => name);
  // Columns that were looked at for the audit only need not be in another table.
  const { id = reading.id, site = reading.site } = flags;
  const needed = new Set([...covariates, ...model.features, id, site]);
  const levels = Object.entries(sameLevel ?? {}).filter(([name]) => covariates.includes(name));
  const known: LoadTableOptions = {
    ...others,
    missing: missing?.filter((mark) => markedColumns([mark]).every((name) => needed.has(name))),
    sameLevel: levels.length === 0 ? undefined : Object.fromEntries(levels),
  };
  // The ids of a folder are the names of its subjects.
  return reading.source === 'table' && !asFolder ? { ...known, id: reading.id } : known;
}

function knownLabels(model: ModelTable): KnownLabels {
  const levels = model.covariates.flatMap((one) =>
    one.kind === 'categorical' ? [[one.name, one.levels] as const] : [],
  );
  return { sites: model.sites, levels: Object.fromEntries(levels) };
}

/** The options that were given a value. */
function stated<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

function withNoticed(cohort: FeatureCohort, issues: readonly Issue[]): FeatureCohort {
  return issues.length === 0 ? cohort : { ...cohort, issues: [...issues, ...cohort.issues] };
}

/** The cohort with the features of the model, those without a row in any subject missing; unless half of them are. */
function withFeaturesOf(model: ModelTable, cohort: FeatureCohort, path: string): FeatureCohort {
  const known = new Set(cohort.features.features);
  const absent = model.features.filter((name) => !known.has(name));
  if (absent.length * 2 > model.features.length) return cohort;
  const found = takeFeatures(
    cohort.features,
    model.features.filter((name) => known.has(name)),
  );
  if (absent.length === 0) return { ...cohort, features: found };
  const width = model.features.length;
  const values = new Float64Array(found.subjects.length * width).fill(NaN);
  found.features.forEach((name, from) => {
    const to = model.features.indexOf(name);
    for (let row = 0; row < found.subjects.length; row++) {
      values[row * width + to] = found.values[row * found.features.length + from];
    }
  });
  const message = `${absent.length} features of the model have no row in any subject and are missing: ${listNames(absent)}`;
  const issue = makeIssue('missing-cells', message, { file: path });
  return {
    ...cohort,
    features: { ...found, features: model.features, values },
    issues: [...cohort.issues, issue],
  };
}

/** How the table of the model was read; of models of older versions, what their provenance says. */
function readingOfModel(model: ModelTable): {
  readonly reading: TableReading | undefined;
  readonly issues: readonly Issue[];
} {
  if (model.reading !== undefined) return { reading: model.reading, issues: [] };
  const step = model.provenance.find((one) => one.step === 'loadTable' || one.step === 'loadFreeSurferStats');
  const { id, site, missing, measures, parcellation } = step?.options ?? {};
  if (step === undefined || typeof id !== 'string' || typeof site !== 'string') {
    return { reading: undefined, issues: [] };
  }
  const isText = (item: unknown): item is string => typeof item === 'string';
  const reading: TableReading = {
    source: step.step === 'loadTable' ? 'table' : 'free-surfer',
    id,
    site,
    covariates: [],
    features: 'chosen',
    setAside: [],
    options: Array.isArray(missing) ? { missing: missing.filter(isText) } : {},
    freeSurfer:
      isText(parcellation) && Array.isArray(measures)
        ? { parcellation, measures: measures.filter(isText) }
        : undefined,
  };
  const message =
    `the model was fitted by version ${model.version}, which did not record how its table was read; ` +
    'the columns of ids and sites and the marks of missing values are taken from its provenance';
  return { reading, issues: [makeIssue('other-reading', message)] };
}
