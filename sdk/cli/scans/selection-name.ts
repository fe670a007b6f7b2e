import { createHash } from 'node:crypto';
import type { BidsSelectionFlags } from './bids-selection';

/**
 * What a run of some participants or sessions adds to the names of what it writes beside the scans, since other runs may be at
 * work in the same dataset: `_01-02`, `_ses-pre`; of many, the first and the last with a digest of all. Empty for a run of all.
 */
export function selectionName({
  participantLabel,
  sessionLabel,
}: Pick<BidsSelectionFlags, 'participantLabel' | 'sessionLabel'>): string {
  const sessions = sessionLabel === undefined ? '' : `_ses-${joined('ses', sessionLabel)}`;
  return participantLabel === undefined ? sessions : `_${joined('sub', participantLabel)}${sessions}`;
}

function joined(key: 'sub' | 'ses', labels: readonly string[]): string {
  const bare = labels.map((label) =>
    label.replace(new RegExp(`^${key}-`, 'i'), '').replace(/[^A-Za-z0-9]/g, ''),
  );
  if (bare.length <= 4) return bare.join('-');
  const digest = createHash('sha256').update(bare.join(' ')).digest('hex').slice(0, 6);
  return `${bare[0]}-to-${bare[bare.length - 1]}-${digest}`;
}
