import assert from 'node:assert/strict';
import ts from 'typescript';
import { show } from '../../sdk/notebook/show';
import { objectDump } from '../../scripts/notebooks/notebook-file';
import { frontDoorProgram, frontDoorValues } from '../support/front-door';
import { examples, hostile } from './everything';
import type { SentOutput } from './fake-kernel';
import { captured, startFakeKernel, stopFakeKernel } from './fake-kernel';

/** No value takes more lines of text than a screen has; a text that is shown is no record, and has more. */
const mostLines = 42;
const mostLinesOfText = 102;
const texts = ['string', 'a long text', 'TableAudit', 'MethodComparison'];

/** What functions return that needs no example of its own, and why. */
const reasons: Readonly<Record<string, string>> = {
  void: 'nothing is returned',
  Some: 'a cohort of the kind that was given',
  'Awaited<Frame>': 'a frame of the danfojs that was given',
  'ModelOf<Kind>': 'a model of the kind that was named',
  Model: 'a model of the kind that is there',
  'MethodOption<Choice | undefined>': 'as MethodOption<Choice>',
  'MethodOption<OptionTypes[Type] | undefined>': 'as MethodOption<Choice>',
  'MethodOption<OptionTypes[Type]>': 'as MethodOption<Choice>',
  'CommandPart<Call>': 'a record of options and functions, as MethodOption<Choice>',
  ImageAudit: 'as TableAudit: both are shown by the rows of their figures',
};

/** Every type that a function of the front door returns, awaited, and every constant by its name. */
function returned(): ReadonlyMap<string, string> {
  const { checker, module } = frontDoorProgram();
  const found = new Map<string, string>();
  for (const { name, symbol } of frontDoorValues(checker, module)) {
    if (symbol.flags & ts.SymbolFlags.Class) continue;
    const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
    if (signatures.length === 0) found.set(name, name);
    for (const signature of signatures) {
      const type = checker.getReturnTypeOfSignature(signature);
      const awaited = checker.getAwaitedType(type) ?? type;
      found.set(checker.typeToString(awaited, undefined, ts.TypeFormatFlags.NoTruncation), name);
    }
  }
  return found;
}

describe('show', () => {
  let values: Readonly<Record<string, unknown>>;
  before(async () => {
    values = await examples();
  });
  afterEach(stopFakeKernel);

  it('has an example, or a reason why not, of everything that the front door returns', () => {
    const types = returned();
    assert.ok(types.size > 80, `${types.size} types`);
    const missing = [...types].filter(([type]) => !(type in values) && !(type in reasons));
    assert.deepEqual(missing, [], 'add an example to everything.ts');
    const known = new Set(types.keys());
    assert.deepEqual(
      Object.keys(reasons).filter((type) => !known.has(type)),
      [],
      'reasons for what is returned no more',
    );
  });

  it('shows each in brief, never as JavaScript prints it, and escaped', () => {
    const problems: string[] = [];
    for (const [type, value] of Object.entries(values)) {
      const sent = startFakeKernel();
      show(value);
      stopFakeKernel();
      problems.push(...problemsOf(type, sent).map((problem) => `${type}: ${problem}`));
      const written = captured(process.stdout, () => show(value));
      if (written.trim() === '') problems.push(`${type}: nothing is written outside a notebook`);
    }
    assert.deepEqual(problems, []);
  });
});

function problemsOf(type: string, sent: readonly SentOutput[]): string[] {
  const text = sent.map(({ data }) => String(data['text/plain'])).join('\n');
  const html = sent
    .map(({ data }) => (typeof data['text/html'] === 'string' ? data['text/html'] : ''))
    .join('\n');
  const drawn = sent.every(({ data }) => 'image/png' in data || 'text/html' in data);
  // The sources of plotly and NiiVue, and their figures, are code.
  const visible = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '').replace(/<[^>]*>/g, ' ');
  const lines = text.split('\n');
  const most = texts.includes(type) ? mostLinesOfText : mostLines;
  return [
    ...(sent.length === 0 ? ['no output'] : []),
    ...(sent.some(({ data }) => String(data['text/plain']).trim() === '') ? ['no text'] : []),
    ...(drawn ? [] : ['neither HTML nor a picture']),
    ...(lines.length > most ? [`${lines.length} lines`] : []),
    ...lines.filter((line) => line.length > 1400).map((line) => `a line of ${line.length} characters`),
    ...(objectDump.test(text) ? [`a dump in its text: ${objectDump.exec(text)?.[0]}`] : []),
    ...(objectDump.test(visible) ? [`a dump in its HTML: ${objectDump.exec(visible)?.[0]}`] : []),
    ...(html.includes(hostile) || html.includes('<img src=x') ? ['text is not escaped'] : []),
  ];
}
