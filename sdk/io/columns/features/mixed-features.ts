import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { advise, either, option } from '../../../remedy';
import type { FeatureFamily } from './feature-families';
import { featureFamilies, shown } from './feature-families';

/**
 * Warns where features that measure different things are to be harmonized together: empirical Bayes shrinks the site
 * effects of all of them to one prior. Single ones far from the rest are named one by one.
 *
 * @param scales - of each feature, see `featureScales`
 */
export function mixedFeatureIssues(
  { names, scales }: { readonly names: readonly string[]; readonly scales: ArrayLike<number> },
  file: string,
): readonly Issue[] {
  const { families, strays } = featureFamilies(names, scales);
  const issues = strays.map(({ kind, members }) =>
    strayIssue({ kind, members, names, scales }, families[0], file),
  );
  const others = families.filter((family) => !strays.includes(family));
  if (others.length < 2) return issues;
  const list = others.map(({ kind, members, scale }) => {
    const example = `"${names[members[0]]}"${members.length > 1 ? ' …' : ''}`;
    return `${members.length} of ${kind.startsWith('values') ? kind : `${kind} around ${shown(scale)}`} (${example})`;
  });
  const message =
    `features of ${others.length} kinds are taken together: ${list.join(', ')}; ` +
    'empirical Bayes shrinks the site effects of all of them to one prior';
  const remedy = [
    either(
      advise`harmonize each kind by itself, chosen with ${option('features')}`,
      advise`harmonize without empirical Bayes, ${option('eb', 'none')}`,
    ),
  ];
  return [...issues, makeIssue('mixed-features', message, { file }, remedy)];
}

function strayIssue(
  stray: { kind: string; members: readonly number[]; names: readonly string[]; scales: ArrayLike<number> },
  main: FeatureFamily,
  file: string,
): Issue {
  const { members, names, scales } = stray;
  const list = members.map((at) => `"${names[at]}" (about ${shown(scales[at])})`);
  const message =
    `${list.join(', ')} ${members.length === 1 ? 'does' : 'do'} not belong to the other features ` +
    `(about ${shown(main.scale)}), and ${members.length === 1 ? 'is' : 'are'} harmonized under one prior with them`;
  const where = members.length === 1 ? { file, feature: names[members[0]] } : { file };
  return makeIssue(
    'mixed-features',
    message,
    where,
    advise`leave ${members.length === 1 ? 'it' : 'them'} out of ${option('features')}`,
  );
}
