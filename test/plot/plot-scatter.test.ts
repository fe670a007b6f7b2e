import assert from 'node:assert/strict';
import type { Figure, Trace } from '../../sdk/plot/figure';
import { plotScatter } from '../../sdk/plot/plot-scatter';
import { eightPeople } from '../evaluate/describe/eight-people';
import { smallCohort } from '../support/small-cohort';
import { assertPlainJson } from './is-plain-json';

const people = eightPeople();
const linesOf = ({ data }: Figure): readonly Trace[] => data.filter(({ mode }) => mode === 'lines');
/** Title and subtitle in one line. */
const titleOf = ({ layout }: Figure): string =>
  (layout.title as { readonly text: string }).text.replaceAll('<br>', ' ');

/** The slope of a drawn line and its height at 0. */
function lineOf({ x, y }: Trace): readonly [number, number] {
  const [[x0, x1], [y0, y1]] = [x, y] as [[number, number], [number, number]];
  const slope = (y1 - y0) / (x1 - x0);
  return [slope, y0 - slope * x0];
}

function assertLine(trace: Trace, [slope, height]: readonly [number, number]): void {
  const found = lineOf(trace);
  // Figures carry six digits.
  assert.ok(Math.abs(found[0] - slope) < 1e-6 && Math.abs(found[1] - height) < 1e-4, String(found));
}

describe('plotScatter', () => {
  it('draws the lines of NumPy 2.4.6 (polyfit), by site where three points make one, and of all', () => {
    const bySite = plotScatter(people, 'age', 'f', { unit: 'mm' });
    assertPlainJson(bySite);
    assert.equal(linesOf(bySite).length, 1);
    assertLine(linesOf(bySite)[0], [-0.021092303623380035, 3.330054879661464]);
    assert.match(
      titleOf(bySite),
      /6 subjects \(2 without both values left out\).*2 sites with too few points/,
    );
    const all = plotScatter(people, 'age', 'f', { lines: 'all' });
    assertLine(linesOf(all)[0], [-0.01613449, 3.04916828]);
    assert.match(titleOf(all), /slope -0\.0161/);
    assert.equal(linesOf(plotScatter(people, 'age', 'f', { lines: 'none' })).length, 0);
  });

  it('names axes with their units, and draws a harmonized cohort on the same scales', () => {
    const raw = smallCohort({ sizes: { '<b>x</b>': 6, '2020': 5 } });
    const { layout, data } = plotScatter(raw, 'age', 'f1', { after: raw, unit: 'mm' });
    const axes = layout as Readonly<Record<string, { title: { text: string }; matches?: string }>>;
    assert.equal(axes.xaxis.title.text, 'age (years)');
    assert.equal(axes.yaxis.title.text, 'f1 (mm)');
    assert.deepEqual([axes.xaxis2.matches, axes.yaxis2.matches], ['x', 'y']);
    assert.equal(data.length, 8);
    assert.doesNotMatch(JSON.stringify(data), /<b>x/);
  });

  it('draws a random part of many subjects, and the lines of all', () => {
    const raw = smallCohort();
    const few = plotScatter(raw, 'f0', 'f1', { maxSubjects: 10, seed: 3 });
    const points = few.data.filter(({ mode }) => mode === 'markers');
    assert.equal(
      points.reduce((sum, { x }) => sum + (x as readonly unknown[]).length, 0),
      10,
    );
    assert.deepEqual(linesOf(few), linesOf(plotScatter(raw, 'f0', 'f1')));
  });

  it('refuses names that are not there and covariates with levels', () => {
    assert.throws(() => plotScatter(people, 'agee', 'f'), /unknown feature or covariate: "agee"/);
    assert.throws(() => plotScatter(people, 'sex', 'f'), /"sex": it has levels/);
  });
});
