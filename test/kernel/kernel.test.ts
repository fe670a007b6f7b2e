import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout, jupyterVariables } from '../../scripts/checkout';
import { testedTslab, tslabVersion } from '../../sdk/kernel/upstream';
import { jupyterOrSkip } from '../support/jupyter';
import { temporaryFolder } from '../support/temporary-folder';

/** A message, as drive-kernel.py prints it. */
interface Message {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly date: string;
}

/** What came of a step. */
interface Came {
  readonly reply: Message | null;
  readonly iopub: readonly Message[];
  readonly seconds: number;
  readonly status?: number;
  readonly early?: readonly string[];
}

const quiet = "import { clearOutput, makeParticipants, progressBar, show } from 'concord-mri';";

/** The cells of one session, in order; what they are to show is in the tests below. */
const steps = {
  first: { code: `${quiet}\nconst target = 'KU';\nconst earlier = { target, deep: { target: 2 } };` },
  shorthand: { code: 'console.log({ target });\nconst again = { target, n: 1 };' },
  destructured: {
    code: [
      'const { target: renamed, deep: { target: inner }, missing = target } = earlier as typeof earlier & { missing?: string };',
      'let assigned = { target: "" };',
      '({ target: assigned.target } = earlier);',
      'const f = ({ target }: { target: string }) => ({ target });',
      'console.log(renamed, inner, missing, assigned, f({ target }), again);',
    ].join('\n'),
  },
  overwritten: { code: 'let count = 1;' },
  assigned: { code: '({ count } = { count: 5 });\n[1].forEach(() => count++);' },
  seen: { code: 'count' },
  thousand: { code: "for (let i = 0; i < 1000; i++) console.log('line ' + i);" },
  pieces: { code: "for (let i = 0; i < 1000; i++) process.stdout.write('piece ' + i + '\\n');" },
  figure: {
    code: "for (let i = 0; i < 700; i++) console.log(i);\nshow({ data: [], layout: {} });\nconsole.error('after');",
  },
  thrown: { code: "for (let i = 0; i < 700; i++) console.log(i);\nthrow new RangeError('too hot');" },
  many: { code: "for (let i = 0; i < 50_000; i++) console.log('line ' + i);" },
  async: {
    code: "await Promise.all([30, 10].map(async (ms) => {\n  await new Promise((r) => setTimeout(r, ms));\n  console.log(ms);\n}));\n'end'",
  },
  written: {
    code: "await new Promise<void>((done) => process.stdout.write('x', () => done()));\nconsole.log('called back');",
  },
  inParentheses: {
    code: 'const seven = await (async () => 7)();\nconst eight = await (Promise.resolve(8));\nseven + eight',
  },
  text: { code: "'words'" },
  nameless: { code: '(x: number) => x' },
  silenced: { code: "'words';" },
  nothing: { code: 'undefined' },
  participants: {
    code: "makeParticipants(['a', 'b'], ['KU', 'HH'])",
  },
  drawn: { code: '({ data: [{ y: [1, 2] }], layout: {} })' },
  rows: { code: '[{ site: "KU", n: 4 }, { site: "HH", n: 5 }]' },
  promise: { code: 'Promise.resolve(1)' },
  declares: {
    code: 'interface Hot {\n  degrees: number;\n}\n\nfunction burn(hot: Hot) {\n  if (hot.degrees > 3) {\n    throw new TypeError("on fire", { cause: new Error("heat") });\n  }\n}',
  },
  burns: { code: '// first\n\nconst now = {\n  degrees: 4,\n\n};\nburn(now);' },
  untyped: { code: 'const a = 1;\n\nconst wrong: number = { target };' },
  unknown: { code: "import { x } from 'no-such-package';" },
  notError: { code: "throw 'a text';" },
  together: { codes: ["throw new Error('first');", "console.log('second');", "console.log('third');"] },
  allowed: {
    codes: ["throw new Error('first');", "console.log('second');"],
    options: { stop_on_error: false },
  },
  next: { code: "console.log('runs');" },
  takenBack: { code: "const count = 'other';\nif (count) throw new Error('late');" },
  kept: { code: 'count' },
  bar: { code: "const bar = progressBar('work');\nbar({ label: 'work', done: 1, total: 4 });" },
  barLater: { code: "bar({ label: 'work', done: 4, total: 4 });" },
  cleared: { code: "console.log('old');\nclearOutput({ wait: true });\nconsole.log('new');" },
  late: { code: "setTimeout(() => console.log('late'), 20);\nvoid Promise.reject(new Error('loose'));" },
  waits: { code: 'await new Promise((r) => setTimeout(r, 100));' },
  input: { code: 'for await (const line of process.stdin) console.log(line);' },
  exit: { code: 'process.exit(3);' },
  endless: { code: "console.log('begun');\nwhile (true) {}", interrupt_after: 'begun' },
  pending: { code: "console.log('begun');\nawait new Promise(() => undefined);", interrupt_after: 'begun' },
  afterAwait: {
    code: "await new Promise((r) => setTimeout(r, 5));\nconsole.log('begun');\nfor (let i = 0; ; i++) Math.sin(i);",
    interrupt_after: 'begun',
  },
  counts: { code: 'let shared = 0;\nconst up = () => ++shared;\nup();' },
  countsOn: { code: 'shared += 10;\nup()' },
  signaled: { code: "console.log('begun');\nwhile (true) {}", interrupt_after: 'begun', signal: true },
  // Told from the event loop: a signal in the moment in which Node.js hands its handlers back, at the end of the first part
  // of a cell, may be lost or end the process.
  pendingSignaled: {
    code: "setTimeout(() => console.log('begun'), 100);\nawait new Promise(() => undefined);",
    interrupt_after: 'begun',
    signal: true,
  },
  alive: { code: '1 + count' },
  silent: { code: "console.log('heard');\n5", options: { silent: true } },
  uncounted: {
    codes: ['function g() { throw new Error("g"); }', '1;\ng();'],
    options: { store_history: false },
  },
  module: { code: '/** @module helper */\nexport const twice = (x: number) => 2 * x;' },
  modules: { code: "import { twice } from './helper';\ntwice(21)" },
  local: { code: "import { half } from './own';\nhalf(4)" },
  display: { code: "import { display } from 'tslab';\ndisplay.html('<b>bold</b>');" },
  info: { send: 'kernel_info_request' },
  comms: { send: 'comm_info_request', content: { target_name: 'jupyter.widget' } },
  comm: { send: 'comm_open', content: { comm_id: 'c', target_name: 'jupyter.widget', data: {} } },
  commsOfAll: { send: 'comm_info_request' },
  debug: {
    send: 'debug_request',
    channel: 'control',
    content: { type: 'request', seq: 7, command: 'initialize', arguments: {} },
  },
  ofVsCode: {
    send: 'execute_request',
    content: {
      code: 'target',
      silent: false,
      store_history: true,
      user_expressions: { a: 'b' },
      allow_stdin: true,
    },
    metadata: { cellId: 'vscode-notebook-cell:/a#1', trusted: true },
    buffers: 2,
  },
  empty: { code: '', options: { silent: true, store_history: false } },
  beyond: { send: 'complete_request', content: { code: 'target.toUpp', cursor_pos: 99 } },
  beyondInspect: { send: 'inspect_request', content: { code: '😀', cursor_pos: 2, detail_level: 1 } },
  wholeCode: { send: 'is_complete_request', content: { code: 'const a = 1;' } },
  complete: { send: 'complete_request', content: { code: "'😀'; target.toUpp", cursor_pos: 17 } },
  inspect: { send: 'inspect_request', content: { code: 'burn', cursor_pos: 2, detail_level: 0 } },
  isComplete: { send: 'is_complete_request', content: { code: 'if (x) {' } },
  history: { send: 'history_request', content: { hist_access_type: 'tail', n: 2, raw: true, output: false } },
  restart: { restart: true },
  afresh: { code: 'typeof (globalThis as any).target' },
} as const;

type Step = keyof typeof steps | 'afterwards';

describe('the kernel, over the Jupyter protocol', () => {
  const files = temporaryFolder();
  let came: Readonly<Record<Step, Came | readonly Came[]>>;

  before(async function () {
    const { python } = jupyterOrSkip(this);
    buildSdkWhenStale();
    mkdirSync(files.path('a notebook'));
    writeFileSync(files.path('a notebook/own.ts'), 'export const half = (x: number): number => x / 2;\n');
    const driver = spawn(python, [join(__dirname, 'drive-kernel.py'), files.path('a notebook')], {
      env: { ...jupyterVariables(), CONCORD_BROWSER: 'off' },
    });
    driver.stdin.end(JSON.stringify(Object.values(steps)));
    const ended = once(driver, 'close') as Promise<[number]>;
    const [out, err, [status]] = await Promise.all([text(driver.stdout), text(driver.stderr), ended]);
    assert.equal(status, 0, err);
    const results = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Came | Came[]);
    came = Object.fromEntries(
      [...Object.keys(steps), 'afterwards'].map((name, at) => [name, results[at]]),
    ) as typeof came;
  });

  /** What came of the one cell of a step. */
  function of(step: Step, at?: number): Came {
    const result = came[step];
    return Array.isArray(result) ? (result as readonly Came[])[at ?? 0] : (result as Came);
  }
  const contents = (step: Step, type: string, at?: number): readonly Message['content'][] =>
    of(step, at)
      .iopub.filter((message) => message.type === type)
      .map(({ content }) => content);
  const streamed = (step: Step, name = 'stdout', at?: number): string =>
    contents(step, 'stream', at)
      .filter((content) => content['name'] === name)
      .map((content) => String(content['text']))
      .join('');
  const types = (step: Step): readonly string[] => of(step).iopub.map(({ type }) => type);
  const plain = (content: Message['content']): string =>
    String((content['data'] as Record<string, unknown>)['text/plain']);
  const result = (step: Step): string | undefined => contents(step, 'execute_result').map(plain)[0];
  const numbered = (word: string, from: number, to: number): string =>
    Array.from({ length: to - from }, (_, at) => `${word} ${from + at}\n`).join('');

  /** The error of a step, after it was checked to be on iopub and in the reply alike. */
  function error(step: Step, at?: number): { ename: string; evalue: string; traceback: string } {
    const [content, ...more] = contents(step, 'error', at);
    assert.deepEqual(more, []);
    const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
    const reply = of(step, at).reply?.content ?? {};
    assert.deepEqual(
      [reply['status'], reply['ename'], reply['evalue'], reply['traceback']],
      ['error', ename, evalue, traceback],
    );
    return { ename, evalue, traceback: traceback.join('\n') };
  }

  describe('loses nothing', () => {
    it('of a thousand lines or pieces', () => {
      assert.equal(streamed('thousand'), numbered('line', 0, 1000));
      assert.equal(streamed('pieces'), numbered('piece', 0, 1000));
      assert.equal(of('thousand').reply?.content['status'], 'ok');
    });

    it('of what comes after many lines: a figure, text, an error; and is idle last', () => {
      assert.deepEqual(
        types('figure').filter((type, at, all) => type !== all[at - 1]),
        ['status', 'execute_input', 'stream', 'display_data', 'stream', 'status'],
      );
      assert.equal(streamed('figure', 'stderr'), 'after\n');
      assert.equal(streamed('thrown'), Array.from({ length: 700 }, (_, at) => `${at}\n`).join(''));
      assert.equal(error('thrown').evalue, 'too hot');
    });

    it('of 50,000 lines: their ends are shown, all of them are in a file', () => {
      const clears = types('many').indexOf('clear_output');
      const shown = of('many')
        .iopub.slice(clears)
        .filter(({ type }) => type === 'stream');
      const words = shown.map(({ content }) => String(content['text'])).join('');
      assert.equal(words, numbered('line', 0, 100) + numbered('line', 49_900, 50_000));
      const note = plain(contents('many', 'update_display_data').at(-1) ?? {});
      assert.match(note, /^50,000 lines/);
      const path = /are in (.*)$/.exec(note)?.[1] ?? '';
      assert.equal(readFileSync(path, 'utf8'), numbered('line', 0, 50_000));
    });

    it('of what is printed while a cell awaits, and calls those back who wait for it', () => {
      assert.equal(streamed('async'), '10\n30\n');
      assert.equal(result('async'), 'end');
      assert.equal(streamed('written'), 'xcalled back\n');
    });

    it('of what a timer prints after its cell, and of what is rejected without being awaited', () => {
      assert.match(
        streamed('late', 'stderr'),
        /^rejected where no cell awaits it:\nError: loose\n {4}at cell \d+, line 2/,
      );
      assert.equal(streamed('late') + streamed('afterwards') + streamed('waits'), 'late\n');
    });
  });

  it('awaits what is in parentheses, in cells without imports too', () => {
    assert.equal(result('inParentheses'), '15');
  });

  it('keeps the meaning of names that are a property and a variable of an earlier cell', () => {
    assert.equal(streamed('shorthand'), "{ target: 'KU' }\n");
    assert.equal(
      streamed('destructured'),
      "KU 2 KU { target: 'KU' } { target: 'KU' } { target: 'KU', n: 1 }\n",
    );
    assert.equal(result('seen'), '6');
  });

  it('lets a function see what a later cell assigns to a variable of its cell', () => {
    assert.equal(result('countsOn'), '12');
  });

  describe('shows the value of the last expression', () => {
    it('as show does, with the number of the cell', () => {
      assert.equal(result('text'), 'words');
      assert.match(result('participants') ?? '', /2 subjects/);
      assert.match(result('rows') ?? '', /2 rows × 2 columns/);
      assert.match(result('promise') ?? '', /await it/);
      assert.match(result('nameless') ?? '', /^a function without a name/);
      const [drawn] = contents('drawn', 'execute_result');
      assert.ok('application/vnd.plotly.v1+json' in (drawn['data'] as object));
      assert.equal(drawn['execution_count'], of('drawn').reply?.content['execution_count']);
    });

    it('not where it ends with a semicolon, nor where there is none', () => {
      for (const step of ['silenced', 'nothing', 'bar'] as const) {
        assert.equal(result(step), undefined, step);
        assert.equal(of(step).reply?.content['status'], 'ok');
      }
    });
  });

  describe('has errors that Jupyter knows', () => {
    it('in terms of cells, with the cause', () => {
      const { ename, evalue, traceback } = error('burns');
      const [declares, burns] = (['declares', 'burns'] as const).map((step) =>
        String(of(step).reply?.content['execution_count']),
      );
      assert.deepEqual([ename, evalue], ['TypeError', 'on fire']);
      assert.equal(
        traceback,
        [
          'TypeError: on fire',
          `    at cell ${declares}, line 7, in burn:  throw new TypeError("on fire", { cause: new Error("heat") });`,
          `    at cell ${burns}, line 7:  burn(now);`,
          'caused by Error: heat',
        ].join('\n'),
      );
    });

    it('of types, at the line as it was written', () => {
      const { ename, evalue, traceback } = error('untyped');
      assert.equal(ename, 'TypeScriptError');
      assert.match(evalue, /^line 3: Type '\{ target: string; \}' is not assignable to type 'number'/);
      assert.match(traceback, /^cell \d+, line 3:\n {4}const wrong: number = \{ target \};\n {4} {6}\^\n/);
      assert.match(error('unknown').traceback, /remedy: npm install no-such-package/);
    });

    it('of what is thrown without being an error', () => {
      assert.deepEqual(error('notError'), { ename: 'Thrown', evalue: 'a text', traceback: 'Thrown: a text' });
    });

    it('at which the cells that were sent with it are aborted, unless they were not to be', () => {
      assert.equal(error('together').evalue, 'first');
      for (const at of [1, 2]) {
        assert.equal(of('together', at).reply?.content['status'], 'aborted');
        assert.equal(streamed('together', 'stdout', at), '');
      }
      assert.equal(streamed('allowed', 'stdout', 1), 'second\n');
      assert.equal(streamed('next'), 'runs\n');
    });

    it('and takes back what the cell declared, so that values and types agree', () => {
      assert.equal(error('takenBack').evalue, 'late');
      assert.equal(result('kept'), '6');
    });

    it('with the times of each cell', () => {
      const [input] = contents('next', 'execute_input');
      assert.equal(input['code'], steps.next.code);
      assert.equal(input['execution_count'], of('next').reply?.content['execution_count']);
      assert.ok(!Number.isNaN(Date.parse(String(of('next').reply?.metadata['started']))));
      assert.ok(of('next').iopub.every(({ date }) => !Number.isNaN(Date.parse(date))));
    });
  });

  describe('updates, clears and refuses', () => {
    it('a display after the cell that it was made in', () => {
      const id = (content: Message['content']): unknown =>
        (content['transient'] as Record<string, unknown>)['display_id'];
      const [made] = contents('bar', 'display_data');
      const [updated] = contents('barLater', 'update_display_data');
      assert.equal(id(updated), id(made));
      assert.match(plain(updated), /100 %/);
    });

    it('outputs', () => {
      assert.deepEqual(types('cleared').slice(2, -1), ['stream', 'clear_output', 'stream']);
      assert.deepEqual(contents('cleared', 'clear_output'), [{ wait: true }]);
    });

    it('input, and the end of the process by a cell', () => {
      assert.match(error('input').evalue, /cannot ask for input/);
      assert.equal(error('exit').ename, 'SystemExit');
    });

    it('comms, so that who opens one knows', () => {
      assert.deepEqual(of('comms').reply?.type, 'comm_info_reply');
      assert.deepEqual(of('comms').reply?.content, { status: 'ok', comms: {} });
      assert.deepEqual(contents('comm', 'comm_close'), [{ comm_id: 'c', data: {} }]);
    });
  });

  it('stops at an interrupt whatever a cell does, and goes on with its variables', () => {
    for (const step of ['endless', 'pending', 'afterAwait', 'signaled', 'pendingSignaled'] as const) {
      assert.equal(error(step).ename, 'KeyboardInterrupt', step);
    }
    assert.equal(result('alive'), '7');
  });

  it('counts and shows no cell that is silent', () => {
    assert.deepEqual(
      types('silent').filter((type) => type !== 'stream'),
      ['status', 'status'],
    );
    assert.equal(streamed('silent'), 'heard\n');
  });

  it('keeps cells apart that the notebook does not count, as nbval runs them', () => {
    const text = 'function g() { throw new Error("g"); }';
    const calls = [`    at the cell, line 1, in g:  ${text}`, '    at the cell, line 2:  g();'];
    assert.equal(error('uncounted', 1).traceback, ['Error: g', ...calls].join('\n'));
  });

  it('imports modules of cells, of the folder and of tslab, and concord-mri where none is installed', () => {
    assert.equal(result('modules'), '42');
    assert.equal(result('local'), '2');
    assert.deepEqual(contents('display', 'display_data')[0]['data'], { 'text/html': '<b>bold</b>' });
    assert.equal(of('first').reply?.content['status'], 'ok');
  });

  it('says what it is, what can follow, what is meant, what is whole, and what ran', () => {
    const info = of('info').reply?.content ?? {};
    assert.equal(info['implementation'], 'concord');
    assert.equal(info['protocol_version'], '5.3');
    const { matches, cursor_start, cursor_end } = of('complete').reply?.content ?? {};
    assert.deepEqual(matches, ['toUpperCase']);
    assert.deepEqual([cursor_start, cursor_end], [12, 17]);
    assert.match(plain(of('inspect').reply?.content ?? {}), /^function burn\(hot: Hot\): void/);
    assert.deepEqual(of('isComplete').reply?.content, { status: 'incomplete', indent: '  ' });
    assert.equal((of('history').reply?.content['history'] as unknown[]).length, 2);
  });

  describe('answers what VS Code sends', () => {
    it('before it is there, as often as asked', () => {
      assert.deepEqual(of('restart').early, ['ok', 'ok', 'ok']);
    });

    it('a cell with metadata and buffers of its own, and an empty one that is not to be seen', () => {
      assert.equal(result('ofVsCode'), 'KU');
      const expressions = of('ofVsCode').reply?.content['user_expressions'] as Record<string, object>;
      assert.equal((expressions['a'] as { status: string }).status, 'error');
      assert.equal(of('empty').reply?.content['status'], 'ok');
      assert.deepEqual(types('empty'), ['status', 'status']);
    });

    it('when it asks for the debugger: with a refusal', () => {
      assert.equal(of('debug').reply?.type, 'debug_reply');
      assert.deepEqual(of('debug').reply?.content, {
        type: 'response',
        request_seq: 7,
        success: false,
        command: 'initialize',
        message: 'this kernel has no debugger',
      });
    });

    it('with a cursor beyond the last character, as where it is counted as JavaScript does', () => {
      assert.deepEqual(of('beyond').reply?.content['matches'], ['toUpperCase']);
      assert.equal(of('beyondInspect').reply?.content['found'], false);
      assert.deepEqual(of('wholeCode').reply?.content, { status: 'complete' });
      assert.deepEqual(of('commsOfAll').reply?.content, { status: 'ok', comms: {} });
    });
  });

  it('ends when it is asked to, of itself and without an error, and begins anew', () => {
    assert.equal(of('restart').reply?.type, 'shutdown_reply');
    assert.deepEqual(of('restart').reply?.content, { status: 'ok', restart: true });
    assert.equal(of('restart').status, 0);
    assert.equal(result('afresh'), 'undefined');
    assert.equal(of('afresh').reply?.content['execution_count'], 1);
  });
});

describe('what the kernel relies on', () => {
  it('is what it was written against: look through sdk/kernel/upstream.ts when one of these changes', () => {
    assert.equal(tslabVersion(), testedTslab);
    const load = createRequire(join(checkout, 'node_modules', 'tslab', 'package.json'));
    const versionOf = (name: string): unknown =>
      (load(`${name}/package.json`) as { version: unknown }).version;
    assert.equal(versionOf('zeromq'), '6.8.0');
    assert.equal(versionOf('@tslab/typescript-for-tslab'), '5.0.4');
  });
});
