import assert from 'node:assert/strict';
import { covbatHarmonizer } from '../../sdk/combat/covbat/covbat-harmonizer';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { references } from '../../sdk/data/references';
import { allMethods } from '../../sdk/methods/methods';
import { methodsSection, studiedData } from '../../sdk/report/methods-section';
import { smallCohort } from '../support/small-cohort';

const cohort = smallCohort();
const studied = studiedData(cohort.participants, '8 features');

describe('methodsSection', () => {
  it('says what was really done, and cites what that rests on', async () => {
    const model = await fitCombat(cohort, {
      preserve: ['sex'],
      smooth: ['age'],
      eb: 'none',
      reference: 'B',
      robust: true,
    });
    const { paragraphs, references: listed } = methodsSection({
      studied,
      model,
      provenance: model.provenance,
    });
    const [text, software] = paragraphs;
    for (const part of [
      'The data were 8 features of 34 participants at 3 sites (A, n = 14; B, n = 9; C, n = 11).',
      'harmonized with ComBat (Johnson et al., 2007; Fortin et al., 2018).',
      'without empirical Bayes.',
      'The effects of sex and age were modeled beside the site and preserved.',
      'penalized splines (P-splines as in mgcv), their smoothness chosen by REML (Pomponio et al., 2020).',
      'medians and biweight midvariances',
      'harmonized to site B, whose own values were left unchanged.',
    ])
      assert.ok(text.includes(part), `${part}\n${text}`);
    assert.ok(!/by empirical Bayes/.test(text), text);
    assert.match(software, /concord-mri \d/);
    const { johnson2007, fortin2018, pomponio2020 } = references;
    assert.deepEqual(
      listed,
      [johnson2007, fortin2018, pomponio2020].map((one) => one.listed),
    );
  });

  it('cites the paper of a method that has a step more, and those of its first step', async () => {
    const model = await covbatHarmonizer({ preserve: ['age'] }).fit(cohort);
    const { paragraphs, references: listed } = methodsSection({ studied, model, provenance: [] });
    assert.match(paragraphs[0], /CovBat \(Chen et al\., 2022\)/);
    assert.match(paragraphs[0], /leading \d+ principal components? of the residuals/);
    const { chen2022, johnson2007, fortin2018 } = references;
    assert.deepEqual(
      listed,
      [chen2022, johnson2007, fortin2018].map((one) => one.listed),
    );
  });

  it('says steps on scans in their order, with their papers, options and seeds', () => {
    const version = '0.1.0';
    const step = (name: string, options: Record<string, number>, seed?: number) => ({
      ...{ step: name, options, version },
      ...(seed === undefined ? {} : { seed }),
    });
    const { paragraphs, references: listed } = methodsSection({
      studied,
      provenance: [step('brainMask', { fraction: 0.5 }), step('register', {}, 7), step('correctBias', {})],
    });
    assert.match(
      paragraphs[0],
      /Scans were masked to the brain \(Smith, 2002; fraction 0\.5\), then registered to a template by elastix \(Klein et al\., 2010\), then corrected for the bias field by N4 \(Tustison et al\., 2010\)\./,
    );
    assert.match(paragraphs[1], /with seed 7;/);
    assert.equal(listed.length, 3);
  });
});

describe('references', () => {
  it('are found by their DOI or arXiv number, once each, and cited by author and year', () => {
    const all = Object.values(references);
    for (const { cited, listed } of all) {
      assert.match(listed, /(doi:10\.\d{4,5}\/\S+|arXiv:\d{4}\.\d{5})$/);
      const [, author, year] = /^(\S+?),? .*?(\d{4})$/.exec(cited) ?? assert.fail(cited);
      assert.ok(listed.startsWith(author) && listed.includes(year), cited);
    }
    assert.equal(new Set(all.map(({ listed }) => listed)).size, all.length);
    const cited = allMethods().flatMap((method) => method.references ?? []);
    assert.ok(cited.length > 10 && cited.every((one) => all.includes(one)));
  });
});
