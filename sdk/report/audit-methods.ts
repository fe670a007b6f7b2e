import { counted } from '../data/counted';
import type { CitedSentences } from '../data/references';
import { references } from '../data/references';
import type { TableAudit } from '../evaluate/audit';
import type { Audit, ImageAudit } from '../evaluate/images-audit/image-audit';

/** How an audit was made, as a methods section says it. */
export function auditMethods(audit: Audit): CitedSentences {
  return audit.kind === 'table-audit' ? ofTables(audit) : ofImages(audit);
}

const probeNames = { linear: 'a linear support vector machine', rbf: 'one with a radial kernel' } as const;

function ofTables(audit: TableAudit): CitedSentences {
  const { probes, tests, covariates, regressions, classifications, distances } = audit;
  const kinds = [...new Set(probes.map(({ probe }) => probeNames[probe]))];
  const folds = [...new Set(probes.map((probe) => probe.folds))];
  const inFolds = probes.some(({ protocol }) => protocol === 'in-folds');
  const beyond = covariates.length === 0 ? '' : ` beyond ${covariates.join(' and ')}`;
  const predicted = [...new Set([...regressions, ...classifications].map(({ covariate }) => covariate))];
  return {
    sentences: [
      ...(probes.length === 0
        ? []
        : [
            `To test whether sites could still be identified, ${kinds.join(' and ')} were trained anew on raw and on harmonized data, in ${folds.join(' or ')}-fold cross-validation over ${dealt(audit)}, ${repeated(audit)}.`,
          ]),
      ...(inFolds ? ['In each fold the harmonization was fitted on the training participants only.'] : []),
      ...(tests.length === 0
        ? []
        : [
            `Each feature was tested for a difference between sites in its mean${beyond} (F) and in its spread (${references.brown1974.cited}), with q values over the features (${references.benjamini1995.cited}); of these tests together, what counted was chosen by the procedure of ${references.hochberg1988.cited}.`,
          ]),
      ...(predicted.length === 0
        ? []
        : [
            `To test whether biology was kept, ${predicted.join(' and ')} ${predicted.length === 1 ? 'was' : 'were'} predicted from the features within and across sites.`,
          ]),
      ...(Number.isNaN(distances.mean)
        ? []
        : [
            'To test whether individuals were kept, distances between participants of a site were correlated before and after.',
          ]),
    ],
    references:
      tests.length === 0 ? [] : [references.brown1974, references.benjamini1995, references.hochberg1988],
  };
}

function ofImages(audit: ImageAudit): CitedSentences {
  const { network, steps, folds, notes } = audit;
  return {
    sentences: [
      `To test whether sites could still be identified and biology was kept, networks (${network}) were trained anew for ${counted(steps, 'step')} on raw and on harmonized slices, in ${folds}-fold cross-validation over ${dealt(audit)}, ${repeated(audit)}.`,
      ...notes.map((note) => (/[.!?]$/.test(note) ? note : `${note}.`)),
    ],
    references: [],
  };
}

function repeated({ seeds, seed }: Audit): string {
  return `${seeds === 1 ? 'done once' : `repeated ${seeds} times`} (seed ${seed})`;
}

/** What was dealt into folds. */
function dealt({ families }: Pick<Audit, 'families'>): string {
  return families === undefined ? 'persons' : `families (${families}, relatives together)`;
}
