// The thread that speaks to Jupyter. It owns all sockets, so that outputs are sent, the heartbeat is answered and an interrupt
// or a shutdown is heard while a cell keeps the main thread busy.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { interruptMain } from './interrupt-main';
import { SendQueue } from './send-queue';
import type { StreamText } from './send-queue';
import type { ToMain, ToTransport, TransportData } from './transport';
import { setFlag } from './transport';
import type { Socket, Zeromq } from './upstream';
import { loadZeromq } from './upstream';
import type { Channel, ConnectionInfo, Outgoing, Received } from './wire';
import { framesOf, messageIn, publication, replyTo } from './wire';

const { connectionFile, kernelInfo, flags } = workerData as TransportData;

/** So long the main thread has to end by itself, in milliseconds. */
const graceToEnd = 5_000;

/** So long the reads of closed sockets have to end, in milliseconds. */
const graceToClose = 50;

/** How often it is looked whether the program that started the kernel is still there, in milliseconds. */
const parentInterval = 2_000;

function toMain(message: ToMain): void {
  parentPort?.postMessage(message);
}

/** The sockets, bound to the addresses of the connection file. */
async function openSockets(
  zeromq: Zeromq,
  info: ConnectionInfo,
): Promise<Record<Channel | 'stdin' | 'heartbeat', Socket>> {
  // Without a mark nothing is dropped when a reader is slow.
  const options = { sendHighWaterMark: 0, linger: 1_000 };
  const router = (): Socket => new zeromq.Router(options);
  const sockets = {
    iopub: new zeromq.Publisher(options),
    shell: router(),
    control: router(),
    stdin: router(),
    heartbeat: new zeromq.Reply({ linger: 0 }),
  };
  const address = (port: number): string =>
    info.transport === 'ipc' ? `ipc://${info.ip}-${port}` : `${info.transport}://${info.ip}:${port}`;
  await Promise.all([
    sockets.iopub.bind(address(info.iopub_port)),
    sockets.shell.bind(address(info.shell_port)),
    sockets.control.bind(address(info.control_port)),
    sockets.stdin.bind(address(info.stdin_port)),
    sockets.heartbeat.bind(address(info.hb_port)),
  ]);
  return sockets;
}

function readConnection(): ConnectionInfo {
  const info = JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo;
  const scheme = info.signature_scheme ?? 'hmac-sha256';
  if (info.key !== '' && scheme !== 'hmac-sha256') throw new Error(`unsupported signature scheme: ${scheme}`);
  return info;
}

async function serve(): Promise<void> {
  const info = readConnection();
  const sockets = await openSockets(loadZeromq(), info);
  const queue = new SendQueue((message) => sockets[message.channel].send(framesOf(message, info.key)));
  const loops: Promise<void>[] = [];
  const close = async (): Promise<void> => {
    await queue.drained();
    for (const socket of Object.values(sockets)) socket.close();
    // A read of a closed socket ends in a later turn; a thread that ends before aborts the process.
    await Promise.race([Promise.allSettled(loops), pause(graceToClose)]);
    await pause(graceToClose);
    setFlag(flags, 'closed', 1);
    parentPort?.close();
  };
  parentPort?.on('message', (message: ToTransport) => {
    if ('channel' in message || 'stream' in message) queue.add(message satisfies Outgoing | StreamText);
    else if (message.ask === 'close') void close();
    // What is already in the sockets is read before this turn of the loop is over.
    else setImmediate(() => setImmediate(() => toMain({ kind: 'settled' })));
  });
  loops.push(
    echo(sockets.heartbeat),
    listen(sockets.shell, 'shell', info, queue),
    listen(sockets.control, 'control', info, queue),
  );
  watchParent();
  toMain({ kind: 'ready' });
}

/** Sends back what comes, by which Jupyter sees that the kernel is alive. */
async function echo(socket: Socket): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}

async function listen(
  socket: Socket,
  channel: Received['channel'],
  info: ConnectionInfo,
  queue: SendQueue,
): Promise<void> {
  for await (const frames of socket) {
    const message = messageIn(frames, info.key, channel);
    // What is not signed with the key does not come from the program that started the kernel.
    if (message !== undefined && !answeredHere(message, queue)) toMain({ kind: 'message', message });
  }
}

/** Answers what must be answered while a cell is busy. */
function answeredHere(message: Received, queue: SendQueue): boolean {
  const reply = (type: string, content: object): true => {
    queue.add(publication(message.header, 'status', { execution_state: 'busy' }));
    queue.add(replyTo(message, type, content));
    queue.add(publication(message.header, 'status', { execution_state: 'idle' }));
    return true;
  };
  switch (message.header.msg_type) {
    case 'kernel_info_request':
      reply('kernel_info_reply', kernelInfo);
      // A client that connects again shows what the kernel does.
      toMain({ kind: 'asked' });
      return true;
    case 'interrupt_request':
      interruptMain(flags, (id) => toMain({ kind: 'interrupt', id }));
      return reply('interrupt_reply', { status: 'ok' });
    case 'shutdown_request': {
      const restart = message.content['restart'] === true;
      reply('shutdown_reply', { status: 'ok', restart });
      endMain();
      return true;
    }
    default:
      return false;
  }
}

/** Asks the main thread to end, and ends the process where it is too busy to. */
function endMain(): void {
  toMain({ kind: 'shutdown' });
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceToEnd).unref();
}

/** Ends the kernel when the program that started it is gone: nobody else would. */
function watchParent(): void {
  if (process.env['JPY_PARENT_PID'] === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) endMain();
  }, parentInterval).unref();
}

serve().catch((error: unknown) => {
  toMain({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
});
