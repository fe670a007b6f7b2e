import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { Participants } from '../../data/people/participants';
import { whyIdsDiffer } from '../../data/people/why-ids-differ';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** Names that only one of two has. */
export interface OneSided {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Who is in both of two cohorts. */
export interface MatchedParticipants {
  /** The rows of the first that the second has too, ascending. */
  readonly kept: readonly number[];
  /** Where those are in the second. */
  readonly rows: readonly number[];
  readonly only: OneSided;
}

/**
 * Matches participants by id; a prefix `sub-` may differ.
 *
 * @param where - what they are in: `table`, `dataset`
 * @throws ConcordError `invalid-option` when nobody is in both, or when ids are ambiguous.
 */
export function matchParticipants(
  before: Pick<Participants, 'ids'>,
  after: Pick<Participants, 'ids'>,
  where: string,
): MatchedParticipants {
  const rowOf = rowsById(after.ids);
  const { ids } = before;
  const all = ids.map((id) => rowOf.get(bare(id)) ?? -1);
  const known = new Set(ids.map(bare));
  const only = {
    before: ids.filter((_, row) => all[row] < 0),
    after: after.ids.filter((id) => !known.has(bare(id))),
  };
  if (only.before.length === ids.length) {
    const [here, there] = [ids, after.ids].map((names) => listNames(names, 3));
    const why = whyIdsDiffer(ids, after.ids, `the ${where} after`);
    throw new ConcordError(
      'invalid-option',
      `no participant is in both ${where}s: ids before are ${here}, after ${there}`,
      {
        remedy:
          why === undefined
            ? advise`ids must be written alike; name their column with ${option('id')} if it was not found`
            : [why],
      },
    );
  }
  const kept = [...ids.keys()].filter((row) => all[row] >= 0);
  return { kept, rows: kept.map((row) => all[row]), only };
}

/** Issues that say what is in one of two only, and so left out. */
export function onlyThere(
  code: 'unmatched-subject' | 'unmatched-feature',
  only: OneSided,
  { one, where }: { readonly one: string; readonly where: string },
): readonly Issue[] {
  return (['before', 'after'] as const).flatMap((side) => {
    const names = only[side];
    if (names.length === 0) return [];
    const count = names.length === 1 ? `1 ${one}` : `${names.length} ${one}s`;
    return [makeIssue(code, `${count} only in the ${where} ${side}, left out: ${listNames(names)}`)];
  });
}

function bare(id: string): string {
  return id.startsWith('sub-') ? id.slice(4) : id;
}

function rowsById(ids: readonly string[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    const other = rows.get(bare(id));
    if (other !== undefined) {
      throw new ConcordError(
        'invalid-option',
        `ambiguous ids after harmonization: "${ids[other]}" and "${id}" differ by the prefix "sub-" only`,
        { where: { subject: id }, remedy: ['rename one'] },
      );
    }
    rows.set(bare(id), row);
  });
  return rows;
}
