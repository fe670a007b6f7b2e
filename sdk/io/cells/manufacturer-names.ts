/**
 * The makers of scanners by the names that sidecars have of them over the years, as patterns of lower case: `SIEMENS`,
 * `Siemens Healthineers`, `Siemens HealthCare GmbH`. Toshiba's scanners became Canon's in 2018, Hitachi's Fujifilm's in
 * 2021: a scanner of theirs changes its maker with an upgrade.
 */
const makers: readonly (readonly [name: string, others: string])[] = [
  ['siemens', 'siemens'],
  ['ge', 'ge|gems|general electric'],
  ['philips', 'philips'],
  ['canon', 'canon|toshiba'],
  ['fujifilm', 'fujifilm|hitachi'],
  ['uih', 'uih|(?:shanghai )?united imaging'],
  ['bruker', 'bruker(?: biospin(?: mri)?)?'],
];

/** What is added to the name of a maker: its branch, its kind of company. */
const additions =
  'healthineers|health ?care|medical|med|systems?|solutions|technolog(?:y|ies)|precision|mec|imaging|nederland|' +
  'ag|gmbh|inc|corp|corporation|company|co|kg|ltd|llc|[bn]\\.? ?v';

/** Blanks, underscores, commas, points, dashes and `&`, as often as you like. */
const gap = '[\\s_,.&-]+';

const patterns = makers.map(([name, others]) => {
  const words = others.replaceAll(' ', '[\\s_]+');
  const added = additions.replaceAll(' ', '[\\s_]');
  const pattern = `(?<![\\p{L}\\p{N}])(?:${words})(?:${gap}(?:${added}))*(?![\\p{L}\\p{N}])`;
  return [name, new RegExp(pattern, 'gu')] as const;
});

/** The first word of the names of all of Siemens's scanners, which newer software writes and older does not. */
const line = /(?<![\p{L}\p{N}])magnetom[\s_]+(?=[\p{L}\p{N}])/gu;

/**
 * A label with one name for each maker of scanners, however it is called there.
 *
 * @param label - of lower case
 */
export function withOneMaker(label: string): string {
  return patterns
    .reduce((text, [name, pattern]) => text.replaceAll(pattern, name), label)
    .replaceAll(line, '');
}
