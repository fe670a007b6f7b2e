import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CellOutput } from '../../sdk/kernel/cell-output';
import type { DisplayContent } from '../../sdk/kernel/upstream';

/** Outputs as a notebook has them in the end: what is cleared is gone, what is updated is replaced. */
function page(): { readonly output: CellOutput; readonly shown: () => readonly string[] } {
  let outputs: { text: string; stream?: string; id?: string }[] = [];
  let clearing = false;
  const put = (one: (typeof outputs)[number]): void => {
    if (clearing) outputs = [];
    clearing = false;
    outputs.push(one);
  };
  const output = new CellOutput(1, {
    text: (stream, text) => {
      const last = outputs.at(-1);
      if (!clearing && last?.stream === stream) last.text += text;
      else put({ stream, text });
    },
    message: (type, content) => {
      const { data, transient, wait } = content as DisplayContent & { readonly wait?: boolean };
      const id = transient?.display_id;
      const text = String(data?.['text/plain']);
      if (type === 'clear_output' && wait === true) clearing = true;
      else if (type === 'clear_output') outputs = [];
      else if (type === 'update_display_data') {
        for (const one of outputs) if (one.id === id) one.text = text;
      } else put({ text, id });
    },
  });
  return { output, shown: () => outputs.map(({ text }) => text) };
}

const display = (text: string, id?: string): DisplayContent => ({
  data: { 'text/plain': text },
  metadata: {},
  transient: { display_id: id },
});
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join('');

describe('the outputs of a cell', () => {
  it('are all shown up to 5,000 lines', () => {
    const { output, shown } = page();
    for (let at = 0; at < 5_000; at++) output.write('stdout', `line ${at}\n`);
    output.end();
    assert.deepEqual(shown(), [lines(0, 5_000)]);
  });

  it('are the first and last hundred lines beyond, with a file of all; what is drawn between stays', () => {
    const { output, shown } = page();
    output.write('stdout', lines(0, 150));
    output.display('display_data', display('a figure'));
    output.display('display_data', display('10 %', 'bar'));
    output.write('stdout', lines(150, 3_000));
    output.display('update_display_data', display('90 %', 'bar'));
    output.write('stdout', lines(3_000, 20_000));
    output.display('update_display_data', display('100 %', 'bar'));
    output.write('stderr', 'a warning\n');
    output.write('stdout', lines(20_000, 30_000));
    output.end();
    const [head, note, figure, bar, tail, ...more] = shown();
    assert.deepEqual(more, []);
    assert.equal(head, lines(0, 100));
    assert.deepEqual([figure, bar], ['a figure', '100 %']);
    assert.equal(tail, lines(29_900, 30_000));
    const [, count, path] = /^([\d,]+) lines .* all of them are in (.*)$/.exec(note) ?? [];
    assert.equal(count, '30,001');
    assert.equal(readFileSync(path, 'utf8'), `${lines(0, 20_000)}a warning\n${lines(20_000, 30_000)}`);
  });

  it('say of a line without an end how long it is', () => {
    const { output, shown } = page();
    for (let at = 0; at < 11; at++) output.write('stdout', 'x'.repeat(1_000_000));
    output.end();
    const [note, text] = shown();
    assert.match(note, /^0 lines \(11,000,000 characters\)/);
    assert.ok(
      text.length < 6_000 && text.startsWith('xxx') && text.endsWith('more characters\n'),
      text.slice(-50),
    );
  });

  it('count and keep what comes after the end of the cell', async () => {
    const { output, shown } = page();
    output.write('stdout', lines(0, 6_000));
    output.end();
    output.write('stdout', lines(6_000, 6_500));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const note = shown().find((text) => text.includes('all of them are in')) ?? '';
    assert.match(note, /^6,500 lines/);
    const path = /are in (.*)$/.exec(note)?.[1] ?? '';
    assert.equal(readFileSync(path, 'utf8'), lines(0, 6_500));
  });

  it('begin anew when they are cleared', () => {
    const { output, shown } = page();
    for (let at = 0; at < 3; at++) {
      output.write('stdout', lines(0, 4_000));
      output.clear(true);
    }
    output.write('stdout', 'end\n');
    output.end();
    assert.deepEqual(shown(), ['end\n']);
  });
});
