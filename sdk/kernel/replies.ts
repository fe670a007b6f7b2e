import type { KernelState } from './kernel-state';
import type { Executor, Tslab } from './upstream';
import type { Outgoing, Received } from './wire';
import { publication, replyTo } from './wire';

/** What replies are made from. */
export interface ReplySources {
  readonly state: KernelState;
  readonly tslab: Tslab;
  readonly executor: Executor;
}

/** The messages that answer a request which runs no cell; none for what the kernel does not know. */
export function repliesTo(request: Received, sources: ReplySources): readonly Outgoing[] {
  const { content } = request;
  const reply = (type: string, answer: object): readonly Outgoing[] => [
    replyTo(request, type, { status: 'ok', ...answer }),
  ];
  switch (request.header.msg_type) {
    case 'is_complete_request':
      return [replyTo(request, 'is_complete_reply', completeness(content, sources.tslab))];
    case 'complete_request':
      return reply('complete_reply', completions(content, sources.executor));
    case 'inspect_request':
      return reply('inspect_reply', inspection(content, sources));
    case 'history_request':
      return reply('history_reply', { history: pastCells(content, sources.state) });
    case 'comm_info_request':
      return reply('comm_info_reply', { comms: {} });
    case 'comm_open':
      // There is no target of any name: the side that opened it is to know.
      return [publication(request.header, 'comm_close', { comm_id: content['comm_id'], data: {} })];
    case 'debug_request':
      return [replyTo(request, 'debug_reply', noDebugger(content))];
    default:
      return [];
  }
}

/** A response of the Debug Adapter Protocol; without one, who asked would wait. */
function noDebugger({ seq, command }: Received['content']): object {
  const message = 'this kernel has no debugger';
  return { type: 'response', request_seq: seq ?? 0, success: false, command: command ?? '', message };
}

function completeness(content: Received['content'], tslab: Tslab): object {
  const { completed, indent } = tslab.isCompleteCode(codeOf(content));
  return completed ? { status: 'complete' } : { status: 'incomplete', indent: indent ?? '' };
}

function completions(content: Received['content'], executor: Executor): object {
  const code = codeOf(content);
  const { start, end, candidates } = executor.complete(code, cursorIn(code, content));
  return {
    matches: candidates,
    cursor_start: characters(code, start),
    cursor_end: characters(code, end),
    metadata: {},
  };
}

function inspection(content: Received['content'], { executor, tslab }: ReplySources): object {
  const code = codeOf(content);
  const info = executor.inspect(code, cursorIn(code, content));
  if (info === undefined || info === null) return { found: false, data: {}, metadata: {} };
  return { found: true, data: { 'text/plain': tslab.printQuickInfo(info) }, metadata: {} };
}

/** The cells of this session: the kernel keeps no others. */
function pastCells(content: Received['content'], { history }: KernelState): readonly unknown[] {
  const most = typeof content['n'] === 'number' ? content['n'] : history.length;
  if (most === 0) return [];
  return history.slice(-most).map(([count, source]) => [0, count, source]);
}

function codeOf(content: Received['content']): string {
  return typeof content['code'] === 'string' ? content['code'] : '';
}

/** The cursor as JavaScript counts; the protocol counts characters, of which JavaScript has two for some. */
function cursorIn(code: string, content: Received['content']): number {
  const position = content['cursor_pos'];
  if (typeof position !== 'number') return code.length;
  return [...code].slice(0, position).join('').length;
}

/** A place of JavaScript as the protocol counts. */
function characters(code: string, position: number): number {
  return [...code.slice(0, position)].length;
}
