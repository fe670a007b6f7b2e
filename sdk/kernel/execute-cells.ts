import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { CellError } from './cell-error';
import type { KernelState } from './kernel-state';
import { outputOf, publishStatus } from './kernel-state';
import type { CellRunner } from './run-cell';
import type { DisplayContent } from './upstream';
import type { Received } from './wire';
import { publication, replyTo } from './wire';

/** So long it is waited, after a cell failed, for cells that were sent with it, in milliseconds. */
const waitForOthers = 50;

/** Runs the cells that it is given, one after the other. */
export function cellQueue(state: KernelState, runner: CellRunner): (request: Received) => void {
  const waiting: Received[] = [];
  let active = false;
  const work = async (): Promise<void> => {
    active = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await execute(next, { state, runner, waiting });
    }
    active = false;
  };
  return (request) => {
    waiting.push(request);
    if (!active) void work();
  };
}

interface Execution {
  readonly state: KernelState;
  readonly runner: CellRunner;
  readonly waiting: Received[];
}

async function execute(request: Received, { state, runner, waiting }: Execution): Promise<void> {
  const { header, content } = request;
  const { transport } = state;
  const code = String(content['code']);
  const silent = content['silent'] === true;
  const started = new Date().toISOString();
  publishStatus(state, header, 'busy');
  state.running = header;
  const counted = !silent && content['store_history'] !== false;
  if (counted) {
    state.count += 1;
    state.history.push([state.count, code]);
  }
  state.output = outputOf(transport, header, state.count);
  if (!silent) {
    transport.send(publication(header, 'execute_input', { code, execution_count: state.count }));
  }
  const { error, value } = await runner.run(code, counted ? state.count : 0);
  if (value !== undefined && !silent) await showValue(state, value.shown);
  state.output.end();
  if (error !== undefined) transport.send(publication(header, 'error', error));
  const aborted =
    error !== undefined && content['stop_on_error'] !== false ? await sentWith(state, waiting) : [];
  const metadata = { started, dependencies_met: true, status: error === undefined ? 'ok' : 'error' };
  transport.send(replyTo(request, 'execute_reply', replyContent(state.count, content, error), metadata));
  state.running = null;
  publishStatus(state, header, 'idle');
  for (const one of aborted) abort(one, state);
}

/**
 * The cells that were sent before it was known that this one failed, which do not run: a notebook sends all of its cells at
 * once. Who waits for the reply first can have sent none, and the reply comes after this.
 */
async function sentWith({ transport }: KernelState, waiting: Received[]): Promise<readonly Received[]> {
  await pause(waitForOthers);
  await transport.settle();
  return waiting.splice(0);
}

function abort(request: Received, state: KernelState): void {
  publishStatus(state, request.header, 'busy');
  state.transport.send(
    replyTo(request, 'execute_reply', { status: 'aborted', execution_count: state.count }),
  );
  publishStatus(state, request.header, 'idle');
}

function replyContent(execution_count: number, content: Received['content'], error?: CellError): object {
  if (error !== undefined) return { status: 'error', execution_count, ...error };
  const asked = content['user_expressions'];
  const names = typeof asked === 'object' && asked !== null ? Object.keys(asked) : [];
  const refused = { status: 'error', ename: 'Unsupported', evalue: 'no user expressions', traceback: [] };
  return {
    status: 'ok',
    execution_count,
    user_expressions: Object.fromEntries(names.map((name) => [name, refused])),
    payload: [],
  };
}

/** Shows the value of the last expression as `show` does: the first of its outputs is the result of the cell. */
async function showValue(state: KernelState, value: unknown): Promise<void> {
  // A call such as `show(x)` or `console.log(x)` at the end has no value.
  if (value === undefined) return;
  let type: 'execute_result' | 'display_data' = 'execute_result';
  for (const content of await formsOf(value)) {
    const count = type === 'execute_result' ? { execution_count: state.count } : {};
    state.output.display(type, { ...content, ...count });
    type = 'display_data';
  }
}

async function formsOf(value: unknown): Promise<readonly DisplayContent[]> {
  try {
    const { shownForms } = await import('../notebook/show.js');
    return shownForms(value).map(({ bundle, metadata }) => ({ data: bundle, metadata, transient: {} }));
  } catch {
    // A value with getters that throw: what Node.js makes of it.
    return [{ data: { 'text/plain': inspect(value) }, metadata: {}, transient: {} }];
  }
}
