import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { ConcordError } from '../../sdk/errors';
import type { Figure, Trace } from '../../sdk/plot/figure';
import { plotAudit } from '../../sdk/plot/plot-audit';
import { plotDensities } from '../../sdk/plot/plot-densities';
import { plotFeatureBySite } from '../../sdk/plot/plot-feature-by-site';
import { plotPca } from '../../sdk/plot/plot-pca';
import { plotPriors } from '../../sdk/plot/plot-priors';
import { plotSiteEffects } from '../../sdk/plot/plot-site-effects';
import { plotSlopes } from '../../sdk/plot/plot-slopes';
import { plotVariance } from '../../sdk/plot/plot-variance';
import { smallCohort } from '../support/small-cohort';
import { assertPlainJson } from './is-plain-json';
import { sampleAudit } from '../evaluate/sample-audit';

/** A cohort with a site whose name is markup, a site whose name is a number, and missing cells. */
const raw = smallCohort({
  sizes: { '<b>x</b>': 14, '2020': 12, C: 11 },
  features: 8,
  change: (value, subject, feature) => (subject % 7 === 0 && feature === 2 ? NaN : value),
});
let after: FeatureCohort;
let model: CombatModel;

const title = (figure: Figure): string => (figure.layout.title as { readonly text: string }).text;
const named = (figure: Figure, name: string): Trace[] => figure.data.filter((trace) => trace.name === name);
const codeOf = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConcordError) return error.code;
    throw error;
  }
  return 'none';
};

describe('figures', () => {
  before(async () => {
    model = await fitCombat(raw, { preserve: ['age', 'sex'] });
    after = await applyCombat(model, raw);
  });

  it('are plain JSON, each with a title', () => {
    const audit = sampleAudit();
    const figures = [
      plotFeatureBySite(raw, after, 'f2', { unit: 'mm', adjustFor: ['age', 'sex'] }),
      plotDensities(raw, after, { unit: 'mm' }),
      plotSiteEffects(model),
      plotPriors(model),
      plotPca(raw, after),
      plotPca(raw, after, { colorBy: 'age', axes: 'before' }),
      plotPca(raw, after, { colorBy: 'sex' }),
      plotSlopes(audit, 'age'),
      plotVariance(audit),
      plotAudit(audit),
    ];
    for (const figure of figures) {
      assertPlainJson(figure);
      assert.ok(figure.data.length > 0);
      assert.match(title(figure), /\?<br>/);
    }
  });

  it('give a site one colour everywhere, and show its name as text', () => {
    const color = (figure: Figure): unknown => {
      const { marker, line } = named(figure, 'C')[0] as Trace & {
        marker?: { color: string };
        line?: { color: string };
      };
      return marker?.color ?? line?.color;
    };
    const byFeature = color(plotFeatureBySite(raw, after, 'f0'));
    assert.equal(color(plotPca(raw, after)), byFeature);
    assert.equal(color(plotDensities(raw, after)), byFeature);
    assert.equal(named(plotPca(raw, after), '&lt;b&gt;x&lt;/b&gt;').length, 2);
    assert.doesNotMatch(JSON.stringify(plotFeatureBySite(raw, after, 'f0').data), /<b>x/);
  });

  it('keep a site named like a number a category', () => {
    const { layout } = plotFeatureBySite(raw, after, 'f0');
    assert.equal((layout.xaxis as { readonly type: string }).type, 'category');
  });

  it('show that ComBat takes the site out of a feature', () => {
    const { layout } = plotFeatureBySite(raw, after, 'f0', { adjustFor: ['age', 'sex'] });
    const shares = (layout.annotations as readonly { readonly text: string }[]).map(({ text }) =>
      Number(/holds ([\d.]+) %/.exec(text)?.[1]),
    );
    assert.ok(shares[0] > 5 && shares[1] < 1, `site holds ${shares.join(' % and ')} %`);
  });

  it('leave out subjects without a value and say how many', () => {
    const figure = plotFeatureBySite(raw, after, 'f2');
    const drawn = figure.data.slice(0, 3).reduce((sum, trace) => sum + (trace.y as unknown[]).length, 0);
    assert.equal(drawn, 31);
    assert.match(title(figure), /31 subjects \(6 without a value left out\)/);
  });

  it('draw a cohort alone where there is no other', () => {
    const figure = plotFeatureBySite(raw, null, 'f0');
    assert.equal(figure.data.length, plotFeatureBySite(raw, after, 'f0').data.length / 2);
    assert.ok(!('xaxis2' in figure.layout));
    assert.doesNotMatch(JSON.stringify(figure.layout.annotations), /before|after/);
  });

  it('turn to boxes above eight sites', () => {
    const sizes = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`s${i}`, 5]));
    const cohort = smallCohort({ sizes });
    assert.equal(plotFeatureBySite(cohort, cohort, 'f0').data[0].type, 'box');
    assert.equal(plotFeatureBySite(raw, after, 'f0').data[0].type, 'violin');
  });

  it('draw site effects on scales symmetric about none, the largest first where there are many', () => {
    const all = plotSiteEffects(model);
    const [location, scale] = all.data as (Trace & {
      zmin: number;
      zmax: number;
      y: string[];
      z: number[][];
    })[];
    assert.equal(location.zmin, -location.zmax);
    assert.equal(scale.zmin, -scale.zmax);
    const some = plotSiteEffects(model, { maxFeatures: 3 });
    const kept = some.data[0].y as string[];
    assert.match(title(some), /the 3 of 8 features that shift most/);
    const largest = (feature: string): number =>
      Math.max(...location.z[location.y.indexOf(feature)].map((value) => Math.abs(value)));
    const dropped = location.y.filter((feature) => !kept.includes(feature));
    assert.ok(Math.min(...kept.map(largest)) >= Math.max(...dropped.map(largest)));
  });

  it('draw √δ² on a base-2 logarithm', () => {
    const [, scale] = plotSiteEffects(model, { effects: 'estimated' }).data as (Trace & {
      y: string[];
      z: number[][];
    })[];
    const feature = model.features.indexOf(scale.y[0]);
    const expected = Math.log2(Math.sqrt(model.deltaHat[feature]));
    assert.ok(Math.abs(scale.z[0][0] - expected) < 1e-5);
  });

  it('draw priors where they were fitted, and say where not', async () => {
    assert.equal(named(plotPriors(model), 'prior').length, 6);
    assert.equal(named(plotPriors(model, 'C'), 'prior').length, 2);
    const referenced = await fitCombat(raw, { reference: 'C' });
    const figure = plotPriors(referenced);
    assert.equal(named(figure, 'prior').length, 4);
    assert.match(JSON.stringify(figure.layout.annotations), /C \(reference, left as it is\)/);
    const off = await fitCombat(raw, { eb: 'none' });
    assert.equal(named(plotPriors(off), 'prior').length, 0);
    assert.equal(
      codeOf(() => plotPriors(model, 'D')),
      'unknown-site',
    );
  });

  it('draw a repeatable part of many subjects', () => {
    const part = (seed: number): string => JSON.stringify(plotPca(raw, after, { maxSubjects: 20, seed }));
    assert.equal(part(1), part(1));
    assert.notEqual(part(1), part(2));
    assert.match(part(1), /20 of 37 subjects, at random/);
  });

  it('draw the components of a cohort alone, as they are beside another', () => {
    const both = plotPca(raw, after, { colorBy: 'age' });
    const alone = plotPca(raw, null, { colorBy: 'age' });
    assert.deepEqual(alone.data, both.data.slice(0, alone.data.length));
    assert.deepEqual(plotPca(raw), plotPca(raw, null));
    assert.ok(!('xaxis2' in alone.layout));
    assert.doesNotMatch(JSON.stringify(alone.layout), /before|after|each state/);
  });

  it('order components alike before and after', () => {
    const { data } = plotPca(raw, raw);
    assert.deepEqual(data[0].x, data[3].x);
  });

  it('refuse names that are not there', () => {
    assert.equal(
      codeOf(() => plotFeatureBySite(raw, after, 'g')),
      'unknown-column',
    );
    assert.equal(
      codeOf(() => plotPca(raw, after, { colorBy: 'height' })),
      'unknown-column',
    );
    assert.equal(
      codeOf(() => plotSlopes(sampleAudit(), 'height')),
      'unknown-column',
    );
  });

  it('thin out the slopes of very many features, the extremes kept, and say so', () => {
    const audit = sampleAudit({ features: 5000 });
    const figure = plotSlopes(audit, 'sex=M');
    const drawn = figure.data[1].text as string[];
    assert.equal(drawn.length, 3000);
    assert.match(title(figure), /3,000 of 5,000 features drawn/);
    const { before: old, after: now } = audit.slopes[1];
    const change = [...old.keys()].map((i) => now[i] - old[i]);
    assert.ok(drawn.includes(audit.features[change.indexOf(Math.max(...change))]));
  });

  it('draw shares of variance by quantiles, missing ones left out', () => {
    const base = sampleAudit({ features: 5 });
    const perFeature = Float64Array.of(0.1, NaN, 0.3, 0.2, 0.5);
    const audit = {
      ...base,
      variance: [{ protocol: 'raw' as const, source: 'site', perFeature, median: 0.25 }],
    };
    const [box] = plotVariance(audit).data;
    assert.deepEqual(box.median, [0.25]);
  });

  it('sum up an audit under the three questions, with chance marked', () => {
    const text = JSON.stringify(plotAudit(sampleAudit()).layout.annotations);
    for (const question of [
      'Is the site gone?',
      'Is the biology still there?',
      'Is the person still there?',
    ]) {
      assert.ok(text.includes(question));
    }
    assert.equal(named(plotAudit(sampleAudit()), 'guessing').length, 1);
  });
});
