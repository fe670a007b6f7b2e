import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { RewriteTableOptions } from '../../io/tables/rewrite-table';
import type { DecimalSign, ThousandsSign } from '../../io/cells/number-format';
import { decimalSigns, thousandsSigns } from '../../io/cells/number-format';
import type { LoadTableOptions, SameLabels } from '../../io/tables/table-options';
import { listOf, missingMarks, positiveOf, wrongUsage } from '../option-values';

/** What the flags hold that say how a table is read, once parsed. */
export interface TableFlags {
  readonly id?: string;
  readonly person?: string;
  readonly family?: readonly string[];
  readonly visit?: string;
  readonly participants?: string;
  readonly participantsId?: string;
  readonly participantsSite?: string;
  readonly participantsVisit?: string;
  readonly missing?: readonly string[];
  readonly decimal?: DecimalSign;
  readonly thousands?: ThousandsSign;
  readonly ageCap?: number;
  readonly sameSite?: SameLabels;
  readonly sameLevel?: Readonly<Record<string, SameLabels>>;
}

/** The names of {@link TableFlags}, for commands that list what they know. */
export const tableFlagNames: readonly (keyof TableFlags)[] = [
  ...(['id', 'person', 'family', 'visit', 'participants', 'participantsId', 'participantsSite'] as const),
  ...(['participantsVisit', 'missing', 'decimal', 'thousands', 'ageCap', 'sameSite', 'sameLevel'] as const),
];

/** The names of the flags that mean the same for the tables of a BIDS dataset. */
export const peopleFlagNames: readonly (keyof TableFlags)[] = [
  ...(['person', 'family', 'sameSite', 'sameLevel', 'ageCap'] as const),
];

/** The option that says who is related. */
export const familyFlag: readonly [string, string, (text: string) => readonly string[]] = [
  '--family <columns>',
  'the column that says who is related, or several, for example rel_family_id or Family_ID,Mother_ID,Father_ID: relatives are never on both sides of a split (default: known by its name)',
  listOf,
];

/** Adds the flags that say who was scanned, which labels are the same and how old is old; tables of a BIDS dataset have them too. */
export function addPeopleFlags(command: Command): Command {
  return command
    .option(
      '--person <column>',
      'the column that says who was scanned, where persons were scanned several times',
    )
    .option(...familyFlag)
    .option(
      '--same-site <names>',
      'fold: sites that differ in their spelling only (case, blanks, dashes …) are the same; or ge=GE,mr=MR, may be repeated',
      (text: string, before?: SameLabels) => addLabels(text, before),
    )
    .option('--age-cap <age>', 'read 89+, >89 and 90+ as this age (89)', positiveOf)
    .option(
      '--same-level <names>',
      'the same for a covariate: sex=fold, or sex:m=M,f=F; may be repeated',
      (text: string, before?: Readonly<Record<string, SameLabels>>) => addLevels(text, before),
    );
}

/** Adds the flags that say how a table is read; every command that reads one has them. */
export function addTableFlags(command: Command): Command {
  return addPeopleFlags(command)
    .option('--id <column>', 'the column of subject ids (default: participant_id, subject, subject_id or id)')
    .option('--visit <column>', 'the column of visits; ids are then made of id and visit')
    .option('--participants <table>', 'a table with site and covariates, joined by subject id')
    .option('--participants-id <column>', 'the column of subject ids of that table')
    .option('--participants-site <column>', 'the column of sites of that table')
    .option('--participants-visit <column>', 'the column of visits of that table')
    .option(
      '--missing <marks>',
      'more texts that mark a missing value, for example -999 or, in one column, sex=9; ' +
        "only:NA,-9 or sex=only:9 in place of the known ones (NA, NaN, NULL, '.', #N/A …); may be repeated",
      (text: string, before: readonly string[] = []) => [...before, ...missingMarks(text)],
    )
    .addOption(new Option('--decimal <sign>', 'the decimal sign').choices(decimalSigns))
    .addOption(
      new Option('--thousands <sign>', "what separates thousands: , . ' _ or a blank (space)").argParser(
        thousandsOf,
      ),
    );
}

function thousandsOf(text: string): ThousandsSign {
  const sign = text === 'space' || text === '\u00a0' || text === '\u202f' ? ' ' : text;
  const found = thousandsSigns.find((one) => one === sign);
  if (found === undefined) throw new InvalidArgumentError("allowed are , . ' _ and a blank (space)");
  return found;
}

/** Parts such as `ge=GE,mr=MR`; a comma is part of a name where what comes after it has no `=`. */
const labelPartsOf = (text: string): readonly string[] => text.split(/,(?=[^,]*=)/);

function addLabels(text: string, before?: SameLabels): SameLabels {
  return labelPartsOf(text).reduce<SameLabels | undefined>((all, part) => addLabel(part, all), before) ?? {};
}

function addLabel(text: string, before?: SameLabels): SameLabels {
  const [from, to] = /^(.+?)=(.+)$/s.exec(text)?.slice(1) ?? [];
  if (text === 'fold' && (before === undefined || before === 'fold')) return 'fold';
  if (from === undefined || before === 'fold') {
    throw new InvalidArgumentError('fold, or names such as ge=GE, are allowed, not both');
  }
  return { ...before, [from]: to };
}

function addLevels(
  text: string,
  before: Readonly<Record<string, SameLabels>> = {},
): Readonly<Record<string, SameLabels>> {
  let all = before;
  // In sex:m=M,f=F the second is of the covariate of the first.
  let covariate: string | undefined;
  for (const part of labelPartsOf(text)) {
    const [name, labels] =
      /^(.+)=(fold)$|^([^:]+):(.+)$/s
        .exec(part)
        ?.slice(1)
        .filter((own) => own !== undefined) ?? (covariate === undefined ? [] : [covariate, part]);
    if (name === undefined) throw new InvalidArgumentError('names such as sex=fold or sex:m=M are allowed');
    covariate = name.trim();
    all = { ...all, [covariate]: addLabel(labels, all[covariate]) };
  }
  return all;
}

/** Refuses, as wrong usage, options about a table of participants where none is given. */
export function requireParticipantsFlag(flags: TableFlags, command: Command): void {
  if (flags.participants !== undefined) return;
  const stray = (['participantsId', 'participantsSite', 'participantsVisit'] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (stray === undefined) return;
  const option = `--${stray.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`;
  wrongUsage(command, `option '${option}' is about the table of --participants, which is not given`);
}

/** How the main table is read, and so how it is written again. */
export function readingOf(flags: TableFlags): Omit<RewriteTableOptions, 'source'> {
  const { id, person, visit, missing, decimal, thousands } = flags;
  return { id, person, visit, missing, decimal, thousands };
}

/** The flags as options of `loadTable`. */
export function tableOptionsOf(flags: TableFlags): LoadTableOptions {
  const { participants, participantsId, participantsSite, participantsVisit } = flags;
  const { family, ageCap, sameSite, sameLevel } = flags;
  return {
    ...readingOf(flags),
    family,
    ageCap,
    sameSite,
    sameLevel,
    participants:
      participants === undefined
        ? undefined
        : { path: participants, id: participantsId, site: participantsSite, visit: participantsVisit },
  };
}
