import assert from 'node:assert/strict';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { makeIssue } from '../../sdk/data/issue';
import { makeParticipants } from '../../sdk/data/people/participants';
import { continuous, categorical } from '../../sdk/data/people/covariate';
import { show } from '../../sdk/notebook/show';
import type { Figure } from '../../sdk/plot/figure';
import { sampleAudit } from '../evaluate/sample-audit';
import { smallCohort } from '../support/small-cohort';
import type { SentOutput } from './fake-kernel';
import { captured, startFakeKernel, stopFakeKernel } from './fake-kernel';

const cohort = smallCohort({ change: (value, row, feature) => (row === 1 && feature === 0 ? NaN : value) });
const figure: Figure = {
  data: [{ type: 'scatter', x: [1, 2], y: [3, null] }],
  layout: { title: { text: 'Is it &lt;gone&gt;?<br><span>indeed</span>' }, height: 300 },
};

describe('show in a notebook', () => {
  let sent: SentOutput[];
  let model: CombatModel;

  before(async () => {
    model = await fitCombat(cohort, { preserve: ['age', 'sex'] });
  });

  beforeEach(() => {
    sent = startFakeKernel();
  });

  afterEach(stopFakeKernel);

  const html = (): string => String(sent[sent.length - 1].data['text/html']);
  const text = (): string => String(sent[sent.length - 1].data['text/plain']);

  it('shows a figure as one output in three forms, carrying plotly once', () => {
    show(figure, { embedPlotly: true });
    show(figure);
    assert.equal(sent.length, 2);
    assert.deepEqual(sent[0].data['application/vnd.plotly.v1+json'], {
      data: figure.data,
      layout: figure.layout,
      config: { responsive: true, displaylogo: false },
    });
    assert.equal(text(), '[figure] Is it <gone>? · indeed (1 scatter traces)');
    const [first, second] = sent.map((output) => String(output.data['text/html']));
    assert.ok(first.includes('class="concord-plotly-source"') && first.length > 1e6);
    assert.ok(!second.includes('class="concord-plotly-source"') && second.length < 1e4);
    const id = (page: string): string | undefined => /id="(concord-[^"]+)"/.exec(page)?.[1];
    assert.notEqual(id(first), id(second));
    assert.equal(
      captured(process.stdout, () => show(figure)),
      '',
    );
  });

  it('shows a cohort as a table with units, missing cells marked and the rest counted', () => {
    show(cohort, { maxRows: 3, maxColumns: 6 });
    assert.match(html(), /Cohort: 34 subjects × 8 features, 1 missing cell</);
    assert.match(html(), /age \(years\)/);
    assert.equal(html().match(/<td[^>]*><span class="concord-missing">missing</g)?.length, 1);
    assert.match(html(), /31 more rows and 6 more columns not shown/);
    assert.match(html(), /sites: A 14, B 9, C 11/);
    assert.match(text(), /^A1 +A +[\d.]+ +M +missing/m);
  });

  it('shows matrices and participants', () => {
    show(cohort.features, { maxColumns: 2 });
    assert.match(html(), /Features: 34 subjects × 8 features/);
    const people = makeParticipants(
      ['a', 'b'],
      ['S', 'T'],
      [continuous('age', [30, NaN], 'years'), categorical('sex', [null, 'F'])],
    );
    show(people);
    assert.equal(html().match(/>missing</g)?.length, 2);
  });

  it('shows row objects and data frames, escaped', () => {
    show([
      { name: '<b>bold', n: 1 },
      { name: null, extra: true },
    ]);
    assert.ok(html().includes('&lt;b&gt;bold') && !html().includes('<b>bold'));
    assert.match(html(), /2 rows × 3 columns/);
    assert.equal(html().match(/>missing</g)?.length, 3);
    show({
      columns: ['x', 'y'],
      shape: [2, 2],
      values: [
        [1.5, 'k'],
        [NaN, 'm'],
      ],
    });
    assert.match(html(), /DataFrame: 2 rows × 2 columns/);
    assert.match(text(), /1\.5 {2}k/);
  });

  it('shows a model and an audit as cards, issues as a list', () => {
    show(model);
    assert.match(html(), /ComBat model: 8 features, 3 sites, 34 subjects/);
    assert.match(html(), /preserves<\/th><td>age, sex/);
    show(sampleAudit());
    assert.match(html(), /Is the site gone\?/);
    assert.match(html(), /in folds/);
    assert.match(text(), /Is the site gone\? Partly\./);
    show([makeIssue('constant-feature', 'f1 is constant', { feature: 'f1' })]);
    assert.match(text(), /warning constant-feature \(feature f1\): f1 is constant; /);
  });

  it('shows anything else as text', () => {
    show('<plain>');
    assert.ok(html().includes('&lt;plain&gt;'));
    show(undefined);
    assert.equal(text(), 'undefined');
    show([1, 2]);
    assert.equal(text(), '[1, 2]');
  });
});

describe('show outside a notebook', () => {
  it('writes text to standard output', () => {
    assert.equal(
      captured(process.stdout, () => show(figure)),
      '[figure] Is it <gone>? · indeed (1 scatter traces)\n',
    );
    const written = captured(process.stdout, () => show(cohort, { maxRows: 2 }));
    assert.match(written, /^Cohort: 34 subjects/);
    assert.match(written, /32 more rows/);
    assert.match(
      captured(process.stdout, () => show(sampleAudit())),
      /Is the biology still there\?/,
    );
  });
});
