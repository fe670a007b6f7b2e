import type { FeatureCohort } from '../data/cohort';
import type { Covariate } from '../data/people/covariate';
import { isMissing } from '../data/people/covariate';
import type { JsonValue } from '../data/json';
import { isJsonObject } from '../data/json';
import { listNames } from '../data/list-names';
import { personNames } from '../data/people/participants';
import { sizedSites } from '../data/people/sized-sites';
import type { TableReading } from '../data/table-reading';
import { escapeHtml } from '../plot/html/html';
import { count } from '../plot/layout';
import type { ModelCard } from '../methods/method';
import { sitesFact } from './listed-sites';
import type { ReportFact, ReportReading } from './report-content';
import { counted } from '../data/counted';

/**
 * Says how a table was understood: rows, persons, sites, covariates with kind, unit, levels and counts, every feature
 * and every column that was set aside, and how cells were read.
 *
 * The second argument says whose effects are kept, and whose are removed.
 */
export function readingSection(
  cohort: FeatureCohort,
  { preserves = [], removes = [] }: Pick<ModelCard, 'preserves' | 'removes'>,
): ReportReading {
  const role = (name: string): string => {
    if (removes.includes(name)) return 'removed as a batch variable';
    return preserves.includes(name) ? 'preserved' : 'not preserved';
  };
  const { participants, features, reading } = cohort;
  const { ids } = participants;
  const persons = personNames(participants).length;
  const chosen = reading === undefined ? '' : reading.features === 'chosen' ? ', as chosen' : ', inferred';
  const setAside = reading?.setAside ?? [];
  return {
    facts: [
      {
        label: 'Rows',
        value: count(ids.length) + (persons < ids.length ? ` of ${counted(persons, 'person')}` : ''),
      },
      sitesFact(sizedSites(participants)),
      ...participants.covariates.map((covariate) => ({
        label: `Covariate ${covariate.name}`,
        value: `${describeCovariate(covariate)}; ${role(covariate.name)}`,
      })),
      { label: 'Features', value: count(features.features.length) + chosen },
      ...(reading === undefined ? [] : columnFacts(reading)),
    ],
    lists: [
      { label: `Every feature (${count(features.features.length)})`, names: true, items: features.features },
      ...(setAside.length === 0
        ? []
        : [
            {
              label: `Columns that are no features (${count(setAside.length)})`,
              names: false,
              items: setAside.map(({ name, reason }) => `${name}: ${reason}`),
            },
          ]),
    ],
  };
}

/** A covariate in words: kind, unit, range or levels with their counts, and how many are missing. */
export function describeCovariate(covariate: Covariate): string {
  const rows = covariate.kind === 'continuous' ? covariate.values.length : covariate.codes.length;
  let missing = 0;
  for (let row = 0; row < rows; row++) if (isMissing(covariate, row)) missing++;
  const lacking = missing === 0 ? '' : `, ${count(missing)} missing`;
  if (covariate.kind === 'categorical') {
    const levels = covariate.levels.map(
      (level, code) => `${level} (${count(covariate.codes.filter((own) => own === code).length)})`,
    );
    return `categorical, ${counted(levels.length, 'level')}: ${levels.join(', ')}${lacking}`;
  }
  const values = covariate.values.filter((value) => !Number.isNaN(value)).sort();
  const unit = covariate.unit === undefined ? ', unit not stated' : ` ${covariate.unit}`;
  const range =
    values.length === 0 ? 'no value' : `${shown(values[0])} to ${shown(values[values.length - 1])}${unit}`;
  return `continuous, ${range}${lacking}`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function columnFacts(reading: TableReading): readonly ReportFact[] {
  const { source, id, person, family, site, options, freeSurfer } = reading;
  const columns = [
    source === 'free-surfer' ? 'ids are the names of folders' : `ids from "${id}"`,
    person === undefined ? undefined : `persons from "${person}"`,
    family === undefined ? undefined : `families from ${listNames(family)}`,
    `sites from "${site}"`,
  ].filter((part) => part !== undefined);
  const others = Object.entries(options).filter(([name]) => name !== 'missing' && name !== 'person');
  return [
    { label: 'Columns', value: columns.join(', ') },
    ...(freeSurfer === undefined
      ? []
      : [
          {
            label: 'FreeSurfer',
            value: `${freeSurfer.measures.join(', ')}; parcellation ${freeSurfer.parcellation}`,
          },
        ]),
    { label: 'Missing values', value: describeMarks(options['missing']) },
    ...others.map(([name, value]) => ({ label: `Option ${name}`, value: plain(value) })),
  ];
}

/** What marks a missing value: marks that were given add to the usual ones, unless given as "only". */
function describeMarks(missing: JsonValue | undefined): string {
  const usual = 'marked as usual (empty, NA, NaN …)';
  if (!Array.isArray(missing) || missing.length === 0) return usual;
  const only = (missing as readonly JsonValue[]).some((one) =>
    typeof one === 'string'
      ? one.startsWith('only:')
      : isJsonObject(one) && one['only'] === true && one['column'] === undefined,
  );
  return only ? `marked by nothing but ${plain(missing)}` : `${usual}, and by ${plain(missing)}`;
}

function plain(value: JsonValue): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => plain(item)).join(', ');
  return JSON.stringify(value);
}

/** What was read, as HTML: the facts, then lists that open on demand; all text escaped. */
export function readingHtml({ facts, lists }: ReportReading): string {
  const rows = facts.map(({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`);
  const opened = lists.map(
    ({ label, names, items }) =>
      `<details class="list"><summary>${escapeHtml(label)}</summary><ul${names ? ' class="names"' : ''}>${items
        .map((item) => `<li>${escapeHtml(item)}</li>`)
        .join('')}</ul></details>`,
  );
  return `<dl>${rows.join('')}</dl>
${opened.join('\n')}`;
}
