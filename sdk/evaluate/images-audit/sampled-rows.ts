import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { planSplits } from '../splits/split-plan';
import type { ImageAuditSettings } from './image-audit-options';

/** Persons with all their scans, in proportion to the sites, where there are too many scans. */
export function sampledRows(cohort: ImageCohort, settings: ImageAuditSettings, issues: Issue[]): Int32Array {
  const all = Int32Array.from(cohort.participants.ids.keys());
  if (all.length <= settings.maxSubjects) return all;
  const plan = planSplits(cohort, { ...settings, covariates: [], folds: 2, seeds: 1 });
  issues.push(...plan.issues.filter(({ code }) => code === 'subsampled'));
  const left = new Set(plan.siteNames);
  const others = all.filter((row) => !left.has(cohort.participants.sites[row]));
  return Int32Array.from([...plan.rows, ...others]).sort();
}
