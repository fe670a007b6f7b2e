import { join } from 'node:path';
import type { CombatModel } from '../combat/combat-model';
import type { UnseenPersonPolicy } from '../combat/longitudinal/longitudinal-options';
import { applyDesign, rowsWithCovariates, scaleCoding } from '../combat/design/covariate-design';
import type { UnseenSitePolicy } from '../combat/new-site-policy';
import { estimatesNewSites, newSiteEstimates, unseenPolicies } from '../combat/new-site-policy';
import { requireCall } from '../data/calls/require-call';
import { takeSubjects } from '../data/cohort';
import { listNames, quoteName } from '../data/list-names';
import type { Issue } from '../data/issue';
import { distinctIssues, makeIssue } from '../data/issue';
import type { Provenance } from '../data/provenance';
import { provenanceStep } from '../data/provenance';
import { oneOf } from '../data/one-of';
import type { Covariate } from '../data/people/covariate';
import { siteNames } from '../data/people/participants';
import { unknownSites } from '../data/people/unknown-site';
import { ConcordError } from '../errors';
import { isFolder, makeFolder } from '../io/files/make-folder';
import { isOfFamilies } from '../io/rows/read-families';
import type { CovariateSpec } from '../io/tables/table-options';
import { advise, either, option } from '../remedy';
import { applyInGroups } from './apply-in-groups';
import type { CorrectedScans } from './correct-rows';
import type { MapCounts } from './journal';
import { addCounts, nothingMet } from './journal';
import type { MapCohort } from './files/map-cohort';
import { mapCohort } from './files/map-cohort';
import { mapIssues } from './doubts/map-issues';
import type { MapsEntry, MapsPlace } from './maps-options';
import type { MapsModel } from './maps-model';
import { loadMapsModel, mapsModelFile } from './files/maps-model-file';
import { knownPersons } from './persons/known-persons';
import { requireFree, scanFiles, writtenFiles } from './files/scan-files';

/** Options of {@link applyToMaps}. */
export interface ApplyToMapsOptions extends MapsPlace {
  /** The folder of harmonized maps that a model was kept in, or its `model.json`. */
  readonly model: string;
  /** Covariates with one value per entry, in the same order; of a table, those of the model are read. */
  readonly covariates?: readonly Covariate[];
  /**
   * What to do with a site that the model was not fitted on: as `unseen` of `applyCombat`. Where its effects are estimated, its maps
   * are read twice. A model with effects of persons refuses such sites, or leaves them as they are (`covariates`).
   *
   * @defaultValue `'error'`
   */
  readonly unseen?: UnseenSitePolicy;
  /**
   * What to do with a scan that lacks a covariate of the model: refuse, or leave it out with an Issue.
   *
   * @defaultValue `'error'`
   */
  readonly missingCovariates?: 'error' | 'drop';
  /**
   * Of a model with effects of persons: what is known of persons that it was not fitted on, as in `combat.applyLongitudinal`. Their
   * scans are then worked on together.
   *
   * @defaultValue `'own-visits'`
   */
  readonly unseenPersons?: UnseenPersonPolicy;
}

/** What came of applying a model to maps. */
export interface AppliedMaps {
  readonly ids: readonly string[];
  readonly counts: Pick<MapCounts, 'negative' | 'unmodelled'>;
  /** The files that were written: with stacks of all scans fewer than maps. */
  readonly files: readonly string[];
  readonly issues: readonly Issue[];
  /** How the model was made, and this step. */
  readonly provenance: Provenance;
}

/**
 * Harmonizes maps of other scans by a model that {@link harmonizeMaps} kept, a few scans at a time: as few as one.
 *
 * @param entries - the scans, or a table that lists them
 * @throws ConcordError `malformed-model`; `unknown-site`, `unknown-column`, `unknown-level`, `missing-value` as `applyCombat`; of
 * files, and of `out`, those of {@link harmonizeMaps}; `different-grids` for maps of another surface than the model's.
 *
 * @example
 * ```ts
 * await surfaces.applyToMaps('new-scans.csv', { model: 'harmonized', files: ['lh', 'rh'], out: 'new' });
 * ```
 */
export async function applyToMaps(
  entries: readonly MapsEntry[] | string,
  options: ApplyToMapsOptions,
): Promise<AppliedMaps> {
  requireCall('surfaces.applyToMaps', { entries, options });
  const { model: place, out, unseen = 'error', missingCovariates = 'error', overwrite = false } = options;
  const { unseenPersons } = options;
  oneOf('unseen', unseen, unseenPolicies);
  oneOf('missingCovariates', missingCovariates, ['error', 'drop']);
  if (unseenPersons !== undefined) oneOf('unseenPersons', unseenPersons, ['own-visits', 'zero']);
  const { model, arrays, sha256 } = await loadMapsModel(
    (await isFolder(place)) ? join(place, mapsModelFile) : place,
  );
  try {
    const names = model.frame.covariates.map(({ name }) => name);
    const listed = await mapCohort(
      entries,
      options,
      typeof entries === 'string' ? model.frame.covariates.map(asSpec) : (options.covariates ?? []),
    );
    requireSameParts(listed, model);
    const kept = rowsWithCovariates(listed.cohort.participants, names, missingCovariates);
    const used = takeSubjects(listed.cohort, kept.rows);
    const coded = codedScans(model.frame, used.participants);
    const strangers = siteNames(used.participants).filter(
      (site) => !model.frame.sites.some(({ name }) => name === site),
    );
    const sites = strangersIssues(strangers, unseen, model);
    const persons = knownPersons(model, used, { strangers, policy: unseenPersons });
    const notices = [...sites, ...persons.issues];
    const scans = scanFiles(listed, used.participants.ids, options);
    if (!overwrite) await requireFree(scans, []);
    const unmake = await makeFolder(out);
    try {
      const { counts, issues: unlike } = await applyInGroups(model, arrays, {
        scans,
        cohort: used,
        coded: coded.scans,
        policy: persons.policy,
        newSites: estimatesNewSites(unseen) ? unseen : undefined,
        options,
      });
      const vertices = model.parts.reduce((sum, part) => sum + part.vertices, 0);
      const met = mapIssues(addCounts(nothingMet, counts), vertices);
      const issues = distinctIssues([
        // To apply a model, who is related does not matter.
        ...listed.cohort.issues.filter((issue) => !isOfFamilies(issue)),
        ...kept.issues,
        ...coded.issues,
        ...notices,
        ...unlike,
        ...met,
      ]);
      const step = provenanceStep('applyToMaps', {
        unseen,
        ...(model.persons === undefined ? {} : { unseenPersons: persons.policy }),
        missingCovariates,
        scans: scans.length,
        model: sha256,
      });
      const provenance = [...model.frame.provenance, step];
      return { ids: used.participants.ids, counts, files: writtenFiles(scans), issues, provenance };
    } catch (error) {
      await unmake();
      throw error;
    }
  } finally {
    await arrays.close();
  }
}

/** A covariate as it is to be read: of the kind that it had. */
function asSpec(covariate: CombatModel['covariates'][number]): CovariateSpec {
  const { name, kind } = covariate;
  return kind === 'continuous' ? { name, kind, unit: covariate.unit } : { name, kind };
}

/** Maps are those of the model's parts, in the same order. */
function requireSameParts({ parts }: MapCohort, model: MapsModel): void {
  const known = model.parts.map(({ name }) => name);
  if (parts.join('\n') === known.join('\n')) return;
  throw new ConcordError(
    'missing-value',
    `different files: the scans have ${listNames(parts)}, and the model was fitted on ${listNames(known)}`,
    { remedy: advise`name the same parts, in the same order, with ${option('files')}` },
  );
}

function codedScans(
  frame: CombatModel,
  participants: Parameters<typeof applyDesign>[0],
): { readonly scans: CorrectedScans; readonly issues: readonly Issue[] } {
  const design = applyDesign(participants, frame);
  const codes = Int32Array.from(participants.sites, (site) =>
    frame.sites.findIndex(({ name }) => name === site),
  );
  return {
    scans: {
      ids: participants.ids,
      codes,
      design: design.values,
      scale: applyDesign(participants, scaleCoding(frame)).values,
      log: frame.settings.transform === 'log',
    },
    issues: design.issues,
  };
}

function strangersIssues(
  strangers: readonly string[],
  unseen: UnseenSitePolicy,
  { frame: { sites }, persons }: MapsModel,
): readonly Issue[] {
  if (strangers.length === 0) return [];
  const isEstimated = estimatesNewSites(unseen);
  if (unseen === 'error' || (isEstimated && persons !== undefined)) {
    const fitted = sites.map(({ name }) => name);
    const isAlone = persons === undefined;
    const why = isAlone ? '' : ' (beside effects of persons, those of new sites are not estimated)';
    const left = advise`choose ${option('unseen', 'covariates')} to leave their values as they are${why}`;
    const estimated = advise`choose ${option('unseen', ...newSiteEstimates)} to estimate their effects`;
    throw unknownSites(strangers, fitted, isAlone ? advise`${either(estimated, left)}` : left);
  }
  // Of sites that are estimated it is said how well.
  if (isEstimated) return [];
  return strangers.map((site) =>
    makeIssue(
      'unseen-site',
      `site ${quoteName(site)} is unknown to the model: its values are left as they are`,
      { site },
    ),
  );
}
