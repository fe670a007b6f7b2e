import { counted } from '../data/counted';
import type { Provenance } from '../data/provenance';
import { citedTogether } from '../data/references';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import { allMethods } from '../methods/methods';
import { methodsSection } from './methods-section';
import type { ReportMethods } from './report-content';

/** How methods were compared, as a methods section says it, with the papers of each. */
export function comparisonMethods(comparison: MethodComparison, provenance: Provenance): ReportMethods {
  const { methods, evaluated, subjects, persons, sites, folds, seeds, seed, budget } = comparison;
  const named = methods.map(({ name, target }) => {
    const method = allMethods().find((one) => one.name === name);
    const papers = method?.references ?? [];
    const cited = papers.length === 0 ? '' : ` (${citedTogether(papers)})`;
    return { papers, text: `${method?.title ?? name}${cited} to ${target}` };
  });
  const where = folds ? 'fitted on the training participants of each fold' : 'fitted on all participants';
  const section = methodsSection({
    studied: { what: evaluated, rows: subjects, persons, sites },
    more: [
      `Raw data were compared with data harmonized by ${named.map(({ text }) => text).join('; ')}. Methods were ${where}.`,
      `Each was judged on the same participants and splits: ${budget.splits}-fold cross-validation over ${comparison.families === undefined ? 'persons' : `families (${comparison.families}, relatives together)`}, ${counted(seeds, 'repetition')}, seed ${seed}.`,
    ],
    provenance,
  });
  const papers = named.flatMap((one) => one.papers.map(({ listed }) => listed));
  return { ...section, references: [...new Set([...papers, ...section.references])] };
}
