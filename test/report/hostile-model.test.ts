import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { combatModelToJson } from '../../sdk/combat/combat-model-json';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { JsonValue } from '../../sdk/data/json';
import { loadTable } from '../../sdk/io/tables/load-table';
import { combatMethod } from '../../sdk/methods/combat-method';
import { loadModel } from '../../sdk/methods/save-model';
import { issuesView } from '../../sdk/notebook/issues-view';
import { modelView } from '../../sdk/notebook/model-view';
import type { View } from '../../sdk/notebook/view';
import { viewBundle } from '../../sdk/notebook/view';
import { issuesHtml } from '../../sdk/plot/html/issues-html';
import { applicationReport } from '../../sdk/report/application-report';
import { harmonizationReport } from '../../sdk/report/harmonization-report';
import { renderReport } from '../../sdk/report/page/render-report';
import { writeReport } from '../../sdk/report/write-report';
import { temporaryFolder } from '../support/temporary-folder';

/** What runs as script, or ends one, wherever it is not escaped. */
const hostile = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script><!--`;

/** Every text of a value of JSON. */
function* textsOf(value: JsonValue | undefined): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      yield name;
      yield* textsOf(child);
    }
  }
}

function htmlOf(view: View): string {
  const html = viewBundle(view)['text/html'];
  assert.ok(typeof html === 'string');
  return html;
}

function requireHarmless(html: string): void {
  assert.ok(!html.includes('<img src=x'), 'an element');
  assert.ok(!html.includes('<script>alert'), 'a script');
  assert.ok(!html.includes(hostile), 'the text itself');
}

describe('a model file that would run script', () => {
  const folder = temporaryFolder();

  it('is drawn as the text it is, in notebooks and reports', async () => {
    const names = Array.from({ length: 4 }, (_, k) => `f${k}${hostile}`);
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const rows = Array.from({ length: 24 }, (_, row) => {
      const site = row % 2 === 0 ? 'A' : `B${hostile}`;
      const cells = [`s${row}${hostile}`, site, row % 3 === 0 ? `M${hostile}` : 'F'].map(quoted);
      return [...cells, ...names.map((_name, k) => 2 + k + Math.sin(7 * row + k) / 5)].join(',');
    });
    const header = ['id', 'site', `sex${hostile}`, ...names].map(quoted).join(',');
    const table = folder.write('table.csv', [header, ...rows].join('\n'));
    const before = await loadTable(table, { covariates: [`sex${hostile}`] });
    const fitted = await fitCombat(before, { preserve: [`sex${hostile}`] });
    const issue = {
      code: 'small-site',
      severity: 'warning',
      message: hostile,
      suggestion: hostile,
      where: { site: hostile, file: hostile },
    };
    const provenance = [{ step: hostile, options: { [hostile]: hostile }, version: hostile }];
    const file = { ...combatModelToJson(fitted), version: hostile, issues: [issue], provenance };
    const model = await loadModel(folder.write('model.json', JSON.stringify(file)), 'combat');

    requireHarmless(htmlOf(modelView(model, combatMethod.model.card(model), {})));
    requireHarmless(htmlOf(issuesView(model.issues)));
    const after = await applyCombat(model, before);
    const content = harmonizationReport(
      { before, after, model },
      { title: hostile, source: hostile, unit: hostile },
    );
    for (const { figure, caption } of content.figures) {
      // Plotly reads labels as a small HTML of its own.
      for (const text of textsOf(figure as unknown as JsonValue)) requireHarmless(text);
      assert.ok(caption.length > 0);
    }
    const report = folder.path('report.html');
    await writeReport(content, report);
    requireHarmless(readFileSync(report, 'utf8'));
  });

  it('is text in the report on new subjects as well', async () => {
    const model = await loadModel(folder.path('model.json'), 'combat');
    const before = await loadTable(folder.path('table.csv'), { covariates: [`sex${hostile}`] });
    const content = applicationReport(
      {
        before,
        after: await applyCombat(model, before),
        model,
        issues: model.issues,
        trained: { ...model, sites: model.sites.map(({ name }) => name) },
        range: {
          features: model.features,
          means: model.grandMean,
          sds: model.pooledSd,
          scale: 'as measured',
        },
      },
      { title: hostile, source: hostile, facts: [{ label: hostile, value: hostile }] },
    );
    assert.ok((content.tables?.[0].rows.length ?? 0) > 0);
    for (const { figure } of content.figures) {
      for (const text of textsOf(figure as unknown as JsonValue)) requireHarmless(text);
    }
    requireHarmless(renderReport(content, ''));
  });

  it('cannot hide in the severity of an issue', async () => {
    const issue = { code: 'small-site', severity: hostile, message: 'm', where: {}, suggestion: 's' };
    // As code that does not check its types might pass it on.
    requireHarmless(issuesHtml([issue] as unknown as Parameters<typeof issuesHtml>[0]));
    const good = combatModelToJson(await fitCombat(await loadTable(folder.path('table.csv'))));
    const path = folder.write('severity.json', JSON.stringify({ ...good, issues: [issue] }));
    await assert.rejects(loadModel(path), { code: 'malformed-model' });
  });
});
