import { ConcordError } from '../../errors';
import { quoteName } from '../list-names';
import type { Participants } from './participants';
import { covariateNamed } from './participants';

/** One row of participants, as a test in `takeSubjects` sees it. */
export interface ParticipantRow {
  /** Its number, from 0. */
  readonly row: number;
  readonly id: string;
  readonly person: string;
  readonly site: string;
  /**
   * The value of a continuous covariate; `NaN` where it is missing, for which no comparison is true.
   *
   * @throws ConcordError `unknown-column` for a covariate that is not there; `invalid-option` for one with levels.
   */
  readonly continuous: (name: string) => number;
  /**
   * The level of a categorical covariate; `null` where it is missing.
   *
   * @throws ConcordError `unknown-column` for a covariate that is not there; `invalid-option` for one on a scale.
   */
  readonly categorical: (name: string) => string | null;
}

/** Which participants to take: those for whom it is true. */
export type ParticipantTest = (participant: ParticipantRow) => boolean;

/**
 * The numbers of the rows that pass a test, in their order.
 *
 * @throws ConcordError `invalid-option` when the test gives something else than true or false: a promise, or nothing.
 */
export function rowsThatPass(participants: Participants, test: ParticipantTest): readonly number[] {
  return participants.ids.flatMap((id, row) => {
    const passed: unknown = test(participantRow(participants, row));
    if (typeof passed === 'boolean') return passed ? [row] : [];
    const given = passed instanceof Promise ? 'a promise' : String(passed);
    throw new ConcordError(
      'invalid-option',
      `invalid test of participants: it returned ${given} for ${quoteName(id)} (true or false is allowed)`,
      { where: { subject: id } },
    );
  });
}

function participantRow(participants: Participants, row: number): ParticipantRow {
  const { ids, persons, sites } = participants;
  return {
    row,
    id: ids[row],
    person: persons[row],
    site: sites[row],
    continuous: (name) => {
      const covariate = covariateNamed(participants, name);
      if (covariate.kind !== 'continuous') throw otherKind(name, 'categorical', 'continuous');
      return covariate.values[row];
    },
    categorical: (name) => {
      const covariate = covariateNamed(participants, name);
      if (covariate.kind !== 'categorical') throw otherKind(name, 'continuous', 'categorical');
      return covariate.codes[row] === -1 ? null : covariate.levels[covariate.codes[row]];
    },
  };
}

function otherKind(name: string, kind: string, asked: string): ConcordError {
  const message = `invalid covariate: ${quoteName(name)} is ${kind}: ask for ${kind}(${JSON.stringify(name)}), not ${asked}(…)`;
  return new ConcordError('invalid-option', message, { where: { column: name } });
}
