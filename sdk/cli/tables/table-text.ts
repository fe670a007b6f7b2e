import { counted } from '../../data/counted';
import type { FeatureCohort } from '../../data/cohort';
import { familyCount } from '../../data/people/families';
import { personNames } from '../../data/people/participants';
import { subjectsText } from '../../evaluate/rows/audit-numbers';

/** How much a table holds: `559 subjects, 62 features`, or `120 scans of 60 persons, 62 features`. */
export function tableText({ participants, features }: FeatureCohort): string {
  const who = subjectsText({
    subjects: participants.ids.length,
    persons: personNames(participants).length,
    ...familyCount(participants),
  });
  return `${who}, ${counted(features.features.length, 'feature')}`;
}
