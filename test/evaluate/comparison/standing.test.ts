import assert from 'node:assert/strict';
import { comparisonFindings } from '../../../sdk/evaluate/comparison/comparison-findings';
import type { ComparedValue, ComparisonRow } from '../../../sdk/evaluate/comparison/method-comparison';
import { bestOf, inconclusiveReasons, standings } from '../../../sdk/evaluate/comparison/standing';

type Span = readonly [low: number, high: number];

function value([low, high]: Span, protocol: ComparedValue['protocol'] = 'in-folds'): ComparedValue {
  const estimate = (low + high) / 2;
  return { estimate, interval: { estimate, low, high, level: 0.95 }, protocol };
}

/** A row with its marks: of a site probe with guessing at 0.25 unless told otherwise. */
function row(
  raw: Span,
  values: Readonly<Record<string, ComparedValue>>,
  about: Partial<ComparisonRow> = {},
): ComparisonRow {
  const bare = {
    id: 'site/probe/linear',
    question: 'site',
    name: 'probe',
    quantity: 'accuracy',
    bounds: { high: 1 },
    direction: 'lower',
    rule: 'identification',
    chance: { label: 'by chance', value: 0.25 },
    share: false,
    drawn: true,
    raw: value(raw),
    values,
    ...about,
  } as Omit<ComparisonRow, 'standing' | 'inconclusive' | 'best'>;
  const standing = standings(bare);
  return {
    ...bare,
    standing,
    inconclusive: inconclusiveReasons(bare, standing),
    best: bestOf(bare, standing),
  };
}

describe('standings of methods', () => {
  it('name nothing better whose interval overlaps that of raw data', () => {
    const found = row([0.6, 0.8], {
      near: value([0.5, 0.6]),
      far: value([0.5, 0.59]),
      above: value([0.81, 0.9]),
    });
    assert.deepEqual(found.standing, { near: 'alike', far: 'better', above: 'worse' });
    assert.deepEqual(found.best, ['far']);
  });

  it('tie methods whose intervals overlap', () => {
    const found = row([0.8, 0.9], { a: value([0.3, 0.4]), b: value([0.38, 0.5]), c: value([0.45, 0.6]) });
    assert.deepEqual(found.best, ['a', 'b']);
  });

  it('take guessing, or what covariates alone achieve, for as good as can be', () => {
    const values = { below: value([0.05, 0.1]), at: value([0.2, 0.3]) };
    assert.deepEqual(row([0.8, 0.9], values).best, ['below', 'at']);
    const floor = { label: 'from age alone', value: 0.5 };
    assert.deepEqual(row([0.51, 0.55], values, { floor }).best, ['below', 'at']);
  });

  it('are inconclusive where the probe finds no site in raw data either', () => {
    const found = row([0.2, 0.28], { below: value([0.05, 0.1]), above: value([0.3, 0.4]) });
    assert.deepEqual([found.standing, found.best], [{ below: 'inconclusive', above: 'worse' }, []]);
    assert.match(found.inconclusive['below'], /does not identify the site in raw data .* guessing does/);
    const floor = { label: 'from age alone', value: 0.5 };
    const floored = row([0.45, 0.55], { at: value([0.2, 0.3]) }, { floor });
    assert.match(floored.inconclusive['at'], /the covariates do \(from age alone\)/);
  });

  it('are inconclusive where a probe named one site for everybody, or an interval has no width', () => {
    const lazy = { ...value([0.24, 0.26]), inconclusive: 'the probe named one site for everybody' };
    const values = { lazy, point: value([0.25, 0.25]), good: value([0.5, 0.6]) };
    const found = row([0.8, 0.9], values);
    assert.deepEqual(found.standing, { lazy: 'inconclusive', point: 'inconclusive', good: 'better' });
    assert.deepEqual(found.best, ['good']);
    assert.deepEqual(found.inconclusive, {
      lazy: 'the probe named one site for everybody',
      point: 'the interval has no width',
    });
    // Where every answer is right there is no width, and that is no fault of the probe.
    assert.deepEqual(row([1, 1], { good: value([0.5, 0.6]) }).standing, { good: 'better' });
    assert.deepEqual(row([0.7, 0.7], { good: value([0.5, 0.6]) }).standing, { good: 'inconclusive' });
    const [finding] = comparisonFindings([found], ['lazy', 'point', 'good']);
    assert.deepEqual([finding.best, finding.inconclusive], [['good'], ['lazy', 'point']]);
    assert.equal(
      finding.sentence,
      'Is the site gone? Best: good; inconclusive: lazy (the probe named one site for everybody), point (the interval has no width).',
    );
    const [open] = comparisonFindings([row([0.8, 0.9], { lazy })], ['lazy']);
    assert.equal(
      open.sentence,
      'Is the site gone? Inconclusive: lazy (the probe named one site for everybody).',
    );
  });

  it('are inconclusive where raw and harmonized data predict no better than guessing', () => {
    const chance = { label: 'by the mean', value: 7 };
    const about = { question: 'biology', rule: 'prediction', chance } as const;
    // An error that came down to that of the mean is no biology won back.
    assert.deepEqual(row([8, 9], { flat: value([6.9, 7.1]) }, about).standing, { flat: 'inconclusive' });
    assert.deepEqual(row([8, 9], { good: value([5, 6]) }, about).standing, { good: 'better' });
    assert.deepEqual(row([5, 6], { flat: value([6.9, 7.1]) }, about).standing, { flat: 'worse' });
  });

  it('hold a paired change to the bad side against a method, and do not crown one to the good side', () => {
    const change = (low: number, high: number): Partial<ComparedValue> => ({
      change: { estimate: (low + high) / 2, low, high, level: 0.95 },
    });
    const about = { question: 'biology', rule: 'prediction', chance: undefined } as const;
    const values = {
      harmed: { ...value([5.5, 6.5]), ...change(0.1, 0.4) },
      helped: { ...value([5.2, 6.2]), ...change(-0.4, -0.1) },
    };
    assert.deepEqual(row([5.3, 6.3], values, about).standing, { harmed: 'worse', helped: 'alike' });
  });

  it('never call a prediction in-sample better, nor rank one beside those in folds', () => {
    const about = { question: 'biology', rule: 'prediction', chance: undefined } as const;
    const flattering = value([2, 3], 'in-sample');
    assert.deepEqual(row([5, 6], { flattering }, about).standing, {});
    assert.deepEqual(row([0.8, 0.9], { sample: value([0.3, 0.4], 'in-sample') }).best, ['sample']);
    const mixed = row([0.8, 0.9], { sample: value([0.3, 0.4], 'in-sample'), folds: value([0.5, 0.6]) });
    assert.deepEqual([mixed.standing, mixed.best], [{ folds: 'better' }, ['folds']]);
  });

  it('say nothing where there is no interval, no rule, or no raw value', () => {
    const bare: ComparedValue = { estimate: 0.1, protocol: 'in-folds' };
    assert.deepEqual(row([0.8, 0.9], { bare }).standing, {});
    assert.deepEqual(row([0.8, 0.9], { a: value([0.3, 0.4]) }, { rule: undefined }).standing, {});
    assert.deepEqual(row([0.8, 0.9], { a: value([0.3, 0.4]) }, { raw: undefined }).standing, {});
  });

  it('become sentences: best, tied, inconclusive, worse', () => {
    const linear = row([0.8, 0.9], { a: value([0.3, 0.4]), b: value([0.35, 0.5]), c: value([0.75, 0.95]) });
    const rbf = row([0.8, 0.9], { a: value([0.3, 0.4]), b: value([0.5, 0.6]), c: value([0.95, 0.99]) });
    const [tied] = comparisonFindings([linear], ['a', 'b', 'c']);
    assert.equal(tied.sentence, 'Is the site gone? Best, tied: a, b; inconclusive against raw data: c.');
    const [one] = comparisonFindings([linear, rbf], ['a', 'b', 'c']);
    assert.deepEqual([one.best, one.better, one.worse], [['a'], ['a', 'b'], ['c']]);
    const [none] = comparisonFindings([row([0.8, 0.9], { a: value([0.7, 0.85]) })], ['a']);
    assert.match(none.sentence, /No method is better than raw data/);
  });
});
