import type { FeatureCohort } from '../../data/cohort';
import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import type { FoldTrouble } from './fold-covariates';

/** What was done without in the splits of one protocol, for the record. */
export class FoldRecord {
  private readonly unfitted = new Map<string, number>();
  private readonly unseen = new Map<string, Set<string>>();
  private readonly beyond = new Map<string, Set<string>>();
  private splits = 0;

  /** Counts a split, and what its harmonizer was fitted without. */
  fitted(without: readonly FoldTrouble[]): void {
    this.splits++;
    for (const { covariate, level } of without) {
      const what = level === undefined ? covariate : `level ${quoteName(level)} of ${covariate}`;
      this.unfitted.set(what, (this.unfitted.get(what) ?? 0) + 1);
    }
  }

  /** Notes test subjects whose level no training subject had. */
  replaced(covariate: string, levels: ReadonlyMap<string, readonly string[]>): void {
    for (const [level, subjects] of levels) {
      const key = `level ${quoteName(level)} of ${covariate}`;
      const known = this.unseen.get(key) ?? new Set();
      subjects.forEach((subject) => known.add(subject));
      this.unseen.set(key, known);
    }
  }

  /** Notes test subjects who are beyond the range of the training subjects in a covariate that has a curve. */
  extrapolated(test: FeatureCohort, name: string, train: FeatureCohort): void {
    const subjects = beyondRange(test, name, train);
    if (subjects.length === 0) return;
    const known = this.beyond.get(name) ?? new Set();
    subjects.forEach((subject) => known.add(subject));
    this.beyond.set(name, known);
  }

  issues(): readonly Issue[] {
    return [
      ...[...this.beyond].map(([name, subjects]) =>
        makeIssue(
          'extrapolated-in-folds',
          `${name} of ${counted(subjects.size, 'subject')} (${listNames([...subjects], 3)}) is outside the range that the curve of the harmonizer was fitted on where they are tested: it continues as a straight line there`,
          { column: name },
        ),
      ),
      ...[...this.unfitted].map(([what, count]) =>
        makeIssue(
          'rare-level',
          `in ${count} of ${this.splits} splits, the effect of ${what} cannot be separated from the site in the training part: there the harmonizer was fitted without it`,
        ),
      ),
      ...[...this.unseen].map(([what, subjects]) =>
        makeIssue(
          'rare-level',
          `no training subject has ${what} where its ${counted(subjects.size, 'subject is', 'subjects are')} tested: harmonized there as if they had the most frequent level`,
        ),
      ),
    ];
  }
}

/** The ids of subjects whose value of a continuous covariate none of the training subjects encloses. */
function beyondRange(test: FeatureCohort, name: string, train: FeatureCohort): readonly string[] {
  const own = continuousNamed(test, name);
  const known = continuousNamed(train, name)?.filter((value) => !Number.isNaN(value));
  if (own === undefined || known === undefined || known.length === 0) return [];
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  return test.participants.ids.filter((_, row) => own[row] < low || own[row] > high);
}

function continuousNamed({ participants }: FeatureCohort, name: string): Float64Array | undefined {
  const covariate = participants.covariates.find((one) => one.name === name);
  return covariate?.kind === 'continuous' ? covariate.values : undefined;
}
