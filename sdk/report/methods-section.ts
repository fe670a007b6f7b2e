import type { Participants } from '../data/people/participants';
import { personNames } from '../data/people/participants';
import type { SizedSite } from '../data/people/sized-sites';
import { sizedSites } from '../data/people/sized-sites';
import type { Provenance } from '../data/provenance';
import type { CitedSentences, ReferenceName } from '../data/references';
import { citedTogether, references } from '../data/references';
import { counted } from '../data/counted';
import type { JsonObject } from '../data/json';
import type { AnyModel } from '../methods/method';
import { described } from './described-model';
import { auditMethods } from './audit-methods';
import type { Audit } from '../evaluate/images-audit/image-audit';
import { siteSizes } from './listed-sites';
import type { ReportMethods } from './report-content';
import { version } from '../version';

/** What was worked on. */
export interface StudiedData {
  /** What there was of each: `62 features`, `T1w scans`. */
  readonly what: string;
  readonly rows: number;
  readonly persons: number;
  readonly sites: readonly SizedSite[];
  /** Scans that were read and could not be used: they are not among the others. */
  readonly leftOut?: number;
}

/** The participants of a cohort. @param what - there was of each: `62 features` */
export function studiedData(participants: Participants, what: string): StudiedData {
  return {
    what,
    rows: participants.ids.length,
    persons: personNames(participants).length,
    sites: sizedSites(participants),
  };
}

/** What a methods section is made from. */
export interface MethodsSource {
  readonly studied: StudiedData;
  readonly model?: AnyModel;
  /** Whether the model was fitted before, on other data. */
  readonly fittedBefore?: boolean;
  /** What is to be said besides: what was harmonized to. */
  readonly more?: readonly string[];
  readonly audit?: Audit;
  readonly provenance: Provenance;
}

/** A methods section with its references, made from what was really done: models, options, seeds, versions. */
export function methodsSection(source: MethodsSource): ReportMethods {
  const { studied, model, audit, provenance, more = [] } = source;
  const method = model === undefined ? undefined : methodOf(model, source.fittedBefore === true);
  const steps = stepsOf(provenance);
  const judged = audit === undefined ? undefined : auditMethods(audit);
  const paragraphs = [
    [dataSentence(studied), ...steps.sentences, ...(method?.sentences ?? []), ...more],
    judged?.sentences ?? [],
    [softwareSentence(provenance)],
  ];
  const cited = [...steps.references, ...(method?.references ?? []), ...(judged?.references ?? [])];
  return {
    paragraphs: paragraphs.map((sentences) => sentences.join(' ')).filter((text) => text !== ''),
    references: [...new Set(cited)].map(({ listed }) => listed),
  };
}

function dataSentence({ what, rows, persons, sites, leftOut = 0 }: StudiedData): string {
  const sizes = siteSizes(sites);
  const who =
    rows === persons
      ? counted(persons, 'participant')
      : `${counted(persons, 'participant')} (${counted(rows, 'scan')})`;
  const data = `The data were ${what} of ${who} at ${counted(sites.length, 'site')} (${sizes}).`;
  if (leftOut === 0) return data;
  const more = leftOut === 1 ? 'A further scan was' : `A further ${leftOut} scans were`;
  return `${data} ${more} read but could not be used.`;
}

function methodOf(model: AnyModel, fittedBefore: boolean): CitedSentences {
  const { name, summary, card, references: papers } = described(model);
  const all = [...papers, ...(card.references ?? [])];
  const cited = papers.length === 0 ? '' : ` (${citedTogether(papers)})`;
  const how = fittedBefore ? `with a model of ${name} that had been fitted before` : `with ${name}`;
  const settings = card.facts.map(({ label, value }) => `${label}: ${value}`).join('; ');
  return {
    sentences: [
      `They were harmonized ${how}${cited}${summary === undefined || card.sentences !== undefined ? '' : `, which ${summary}`}.`,
      ...(card.sentences ?? (settings === '' ? [] : [`Settings: ${settings}.`])),
    ],
    references: all,
  };
}

/** Steps on scans, by the names of their functions: in words, and what is cited for them. */
const stepWords: Readonly<Record<string, { readonly words: string; readonly paper?: ReferenceName }>> = {
  reorient: { words: 'reoriented' },
  robustFieldOfView: { words: 'cropped to the head' },
  brainMask: { words: 'masked to the brain', paper: 'smith2002' },
  withMask: { words: 'given a brain mask' },
  applyMask: { words: 'set to zero outside the brain mask' },
  correctBias: { words: 'corrected for the bias field by N4', paper: 'tustison2010' },
  resample: { words: 'resampled' },
  register: { words: 'registered to a template by elastix', paper: 'klein2010' },
  cropPad: { words: 'cropped and padded' },
  cropToMask: { words: 'cropped to the brain mask' },
  zScore: { words: 'brought to mean 0 and standard deviation 1' },
  percentileScale: { words: 'scaled between two percentiles' },
  whiteStripe: { words: 'normalized by white stripe', paper: 'shinohara2014' },
  kdeNormalize: { words: 'normalized by the peak of white matter', paper: 'reinhold2019' },
  fcmNormalize: { words: 'normalized by the mean of a tissue (fuzzy c-means)', paper: 'reinhold2019' },
};

function stepsOf(provenance: Provenance): CitedSentences {
  const known = provenance.filter(({ step }) => Object.hasOwn(stepWords, step));
  const words = known.map(({ step, options }) => {
    const { words: done, paper } = stepWords[step];
    const inside = [paper === undefined ? '' : references[paper].cited, optionsInWords(options)];
    const kept = inside.filter((part) => part !== '');
    return kept.length === 0 ? done : `${done} (${kept.join('; ')})`;
  });
  return {
    sentences: words.length === 0 ? [] : [`Scans were ${words.join(', then ')}.`],
    references: known.flatMap(({ step }) => {
      const { paper } = stepWords[step];
      return paper === undefined ? [] : [references[paper]];
    }),
  };
}

/** Options that are numbers, words or short lists; the provenance has them all. */
function optionsInWords(options: JsonObject): string {
  const short = Object.entries(options).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return value === null || text.length > 40 ? [] : [`${name} ${text}`];
  });
  return short.join(', ');
}

function softwareSentence(provenance: Provenance): string {
  const versions = [...new Set([...provenance.map((step) => step.version), version])];
  const seeds = [...new Set(provenance.flatMap(({ seed }) => (seed === undefined ? [] : [seed])))];
  const drawn = seeds.length === 0 ? '' : `, with seed ${seeds.join(', ')}`;
  return `All of this was done with concord-mri ${versions.join(' and ')}${drawn}; the provenance lists every step with its options.`;
}
