import { stat } from 'node:fs/promises';
import type { Issue } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { bareLabel, labelsMeant } from '../../io/bids/bids-name';
import { requireBidsOptions } from '../../io/bids/check-bids-options';
import type { LoadBidsOptions } from '../../io/bids/load-bids-options';
import { surveyDataset } from '../../io/bids/survey-dataset';
import { defaultMissing, makeCellReader } from '../../io/cells/cell';
import { advise } from '../../remedy';

/** A participant of a dataset, with the scans that are asked for. */
export interface DatasetParticipant {
  /** Without `sub-`. Folders whose labels are the same number (`1` and `01`) are chosen by one label. */
  readonly label: string;
  readonly scans: number;
  readonly files: readonly string[];
  /** How large their files are. */
  readonly bytes: number;
}

/**
 * Lists the participants of a dataset by its names alone: one whose scans cannot be used is among them, so that its task
 * says so.
 *
 * @throws ConcordError `invalid-dataset` where there are none, or where `--participant-label` could not choose one.
 */
export async function datasetParticipants(
  root: string,
  options: LoadBidsOptions,
): Promise<{ readonly participants: readonly DatasetParticipant[]; readonly issues: readonly Issue[] }> {
  requireBidsOptions(options);
  const reader = makeCellReader([{ marks: defaultMissing, only: true }]);
  const { images, issues } = await surveyDataset(root, options, reader);
  const found: DatasetParticipant[] = [];
  for (const { name, path } of images) {
    const label = name.entities.get('sub') ?? '';
    if (label.includes(',') || label.trim() !== label || /[\r\n]/.test(label))
      throw strangeLabel(label, root);
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    const at = found.findIndex((one) => one.label === label);
    if (at === -1) found.push({ label, scans: 1, files: [path], bytes });
    else {
      const { scans, files, bytes: before } = found[at];
      found[at] = {
        label: found[at].label,
        scans: scans + 1,
        files: [...files, path],
        bytes: before + bytes,
      };
    }
  }
  return { participants: found, issues };
}

function strangeLabel(label: string, root: string): ConcordError {
  return new ConcordError(
    'invalid-dataset',
    `invalid label: ${quoteName(`sub-${label}`)} in ${root} cannot be chosen by its label`,
    {
      where: { file: root, subject: `sub-${label}` },
      remedy: advise`BIDS allows letters and digits: rename its folder and files`,
    },
  );
}

/** The participants in so many tasks at most, as even as they can be. */
export function inTasks(
  participants: readonly DatasetParticipant[],
  most: number,
): readonly (readonly DatasetParticipant[])[] {
  const count = Math.min(most, participants.length);
  return Array.from({ length: count }, (_, at) =>
    participants.slice(
      Math.floor((at * participants.length) / count),
      Math.floor(((at + 1) * participants.length) / count),
    ),
  );
}

/**
 * The participant of a label, as it was given to be measured.
 *
 * @throws ConcordError `invalid-option`.
 */
export function participantCalled(
  participants: readonly DatasetParticipant[],
  given: string,
): DatasetParticipant {
  const label = bareLabel('sub', given);
  const labels = participants.map((one) => one.label);
  const [meant, ...others] = labelsMeant(label, labels);
  const found = participants.find((one) => one.label === meant);
  if (found !== undefined && others.length === 0) return found;
  const hint = suggestName(label, labels, `the first is ${labels[0]}`);
  throw new ConcordError('invalid-option', `unknown participant to be measured: "${given}" (${hint})`);
}
