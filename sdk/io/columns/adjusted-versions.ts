import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { advise, option } from '../../remedy';

/** What harmonizing is called in names of columns, and other adjustments. */
const harmonized = 'neuro-?combat|combat(?:-?gam|-?ls)?|covbat|neuro-?harmoni[sz]ed?|harmoni[sz]ed|harm';
const adjusted = `${harmonized}|adj(?:usted)?|corrected|resid(?:ual)?s?|z-?scored?|z|norm(?:ali[sz]ed)?|standardi[sz]ed|scaled`;
const atEnd = new RegExp(`^(?<what>.+?)[_\\-. ](?<version>${adjusted})$`, 'i');
const atStart = new RegExp(`^(?<version>${adjusted})[_\\-. ](?<what>.+)$`, 'i');
const isHarmonized = new RegExp(`^(?:${harmonized})$`, 'i');
/** What an original may be called beside its adjusted version. */
const original = /[_\-. ](?:raw|orig(?:inal)?|unharmoni[sz]ed|unadjusted)$|^(?:raw|orig(?:inal)?)[_\-. ]/i;

/** Of so many measures, a quarter of the columns or more, both are there where a table has several versions side by side. */
const fewest = 3;

/**
 * Warns of a table that has measures and adjusted versions of them side by side, `lh_insula` and `lh_insula_combat`, or nothing but
 * harmonized ones by their names: what is harmonized already would be harmonized once more, and the priors of sites learn from it.
 */
export function adjustedVersionIssues(features: readonly string[], file: string): readonly Issue[] {
  const plain = new Set(features.map((name) => name.replace(original, '').toLowerCase()));
  const versions = features.flatMap((name) => {
    const { what, version } = (atEnd.exec(name) ?? atStart.exec(name))?.groups ?? {};
    return what === undefined ? [] : [{ name, what: what.toLowerCase(), version }];
  });
  const remedy = advise`name the columns that are to be harmonized with ${option('features')}`;
  const twice = versions.filter(({ what }) => plain.has(what));
  if (twice.length >= fewest && twice.length * 4 >= features.length) {
    const [{ name, what }] = twice;
    const first = features.find((one) => one.replace(original, '').toLowerCase() === what) ?? what;
    const message =
      `${twice.length} features are there in another version, such as ${listNames([first, name])}: both are harmonized, and ` +
      'the priors of sites learn from both';
    return [makeIssue('other-version', message, { file, column: name }, remedy)];
  }
  const done = versions.filter(({ version }) => isHarmonized.test(version));
  if (done.length >= fewest && done.length * 2 > features.length) {
    const message = `${done.length} of ${features.length} features are harmonized already by their names, such as ${listNames([done[0].name])}`;
    return [makeIssue('other-version', message, { file, column: done[0].name }, remedy)];
  }
  return [];
}
