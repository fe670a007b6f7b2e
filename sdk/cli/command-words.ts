/** What the SDK's remedies are called on the command line, in the order they are looked for. */
const words: readonly (readonly [RegExp, string])[] = [
  [/missingCovariates: "drop"/g, '--drop-missing'],
  [/overwrite: true/g, '--overwrite'],
  [/resume: true/g, '--resume'],
  // On the command line --desc says what is read; what is written has one name.
  [/choose another desc or folder/g, 'choose another folder'],
  [/the option (space|desc): /g, '--$1: '],
  [/the option site: /g, ''],
  [/\{ column \} where/g, '--site column:NAME where'],
  [/\{ session: true \} where/g, '--site session where'],
  [/\{ sidecar \} where/g, '--site sidecar:FIELD where'],
  [/unseen: "estimate" or "covariates"/g, '--unseen estimate or --unseen covariates'],
  [/choose unseen: "nearest" or "average"/g, 'choose --unseen nearest or --unseen average'],
  [/load with allowSingleSite: true/g, 'use concord apply'],
  [/transform: "log"/g, '--transform log'],
  [/eb: "none"/g, '--eb none'],
  [/meanOnly: "shrunk-by-size"/g, '--mean-only shrunk-by-size'],
];

/** A message of the SDK with its remedies in the words of the command line. */
export function inCommandWords(message: string): string {
  return words.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), message);
}
