import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { loadFreeSurferStats } from '../../../sdk/io/free-surfer/load-free-surfer-stats';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { writeTable } from '../../../sdk/io/tables/write-table';
import { smallCohort } from '../../../test/support/small-cohort';
import type { FuzzedFormat, FuzzSeed } from '../fuzzed-format';
import { oneFile } from './one-file';

function notACohort({ participants, features }: FeatureCohort): string | undefined {
  const { ids, sites, persons, covariates } = participants;
  if (new Set(ids).size !== ids.length) return 'ids that repeat';
  if (sites.length !== ids.length || persons.length !== ids.length)
    return `${ids.length} ids, ${sites.length} sites`;
  if (features.values.length !== ids.length * features.features.length)
    return `${features.values.length} values`;
  if (features.values.some((value) => Math.abs(value) === Infinity)) return 'infinite values';
  const off = covariates.find(
    (one) => (one.kind === 'continuous' ? one.values : one.codes).length !== ids.length,
  );
  return off === undefined ? undefined : `covariate ${off.name} of another length`;
}

async function textSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  const cohort = smallCohort({ sizes: { A: 6, B: 5 }, features: 4 });
  await writeTable(cohort, join(folder, 'table.csv'));
  const text = readFileSync(join(folder, 'table.csv'), 'utf8');
  const tabs = text.replaceAll(',', '\t');
  const german = text.replaceAll(',', ';').replaceAll('.', ',');
  return [
    oneFile('table.csv', text),
    oneFile('table.tsv', tabs),
    oneFile('german.csv', german),
    oneFile('quoted.csv', text.replaceAll(/[^,\n]+/g, '"$&"')),
    oneFile('blanks.txt', tabs.replaceAll('\t', ' ')),
    oneFile('wide.csv', Buffer.from(`\ufeff${text}`, 'utf16le')),
    oneFile('packed.csv.gz', gzipSync(text)),
  ];
}

/** Parquet as other programs write it, and as we do. */
async function parquetSeeds(folder: string): Promise<readonly FuzzSeed[]> {
  mkdirSync(folder, { recursive: true });
  await writeTable(smallCohort({ sizes: { A: 6, B: 5 }, features: 4 }), join(folder, 'table.parquet'));
  const theirs = resolve(__dirname, '../../../fixtures/parquet');
  const names = readdirSync(theirs).filter((name) => name.endsWith('.parquet'));
  return [
    oneFile('table.parquet', readFileSync(join(folder, 'table.parquet'))),
    ...names.map((name) => oneFile(name, readFileSync(join(theirs, name)))),
  ];
}

const stats = (kind: 'aparc' | 'aseg'): string =>
  kind === 'aseg'
    ? '# Measure EstimatedTotalIntraCranialVol, eTIV, Estimated Total Intracranial Volume, 1500000.5, mm^3\n' +
      '# ColHeaders Index SegId NVoxels Volume_mm3 StructName\n' +
      '1 4 12000 12000.5 Left-Lateral-Ventricle\n2 10 7000 7001.2 Left-Thalamus\n'
    : '# Measure Cortex, MeanThickness, Mean Thickness, 2.36, mm\n' +
      '# ColHeaders StructName NumVert SurfArea GrayVol ThickAvg ThickStd\n' +
      'bankssts 1200 800 2000 2.5 0.4\ncuneus 1500 900 2100 1.9 0.5\n';

function statsSeeds(): Promise<readonly FuzzSeed[]> {
  const files = Object.fromEntries(
    ['one', 'two'].flatMap((subject) =>
      [
        ['lh.aparc.stats', stats('aparc')] as const,
        ['rh.aparc.stats', stats('aparc')] as const,
        ['aseg.stats', stats('aseg')] as const,
      ].map(([name, text]) => [`${subject}/stats/${name}`, Buffer.from(text)]),
    ),
  );
  const table = Buffer.from('subject_id,site\none,A\ntwo,B\n');
  return Promise.resolve(
    ['one/stats/lh.aparc.stats', 'two/stats/aseg.stats'].map((altered) => ({
      files: { ...files, 'participants.csv': table },
      altered,
      opened: '',
    })),
  );
}

/** Tables. */
export const tableFormats: readonly FuzzedFormat[] = [
  {
    name: 'text-table',
    kind: 'text',
    seeds: textSeeds,
    read: (path) => loadTable(path, { site: 'site', decimal: path.endsWith('german.csv') ? ',' : '.' }),
    nonsense: notACohort,
    words: [
      'site',
      'age',
      'sex',
      'id',
      'subject_id',
      'person_id',
      'session_id',
      'NA',
      'sep=;',
      '#',
      '-999',
      '1.234,5',
    ],
  },
  {
    name: 'parquet',
    kind: 'bytes',
    seeds: parquetSeeds,
    read: (path) => loadTable(path, { site: 'site' }),
    nonsense: notACohort,
  },
  {
    name: 'freesurfer-stats',
    kind: 'text',
    seeds: statsSeeds,
    read: (path) => loadFreeSurferStats(path, { participants: join(path, 'participants.csv') }),
    nonsense: notACohort,
    words: ['# ColHeaders', '# Measure', 'StructName', 'ThickAvg', 'nan', 'inf', 'bankssts'],
  },
];
