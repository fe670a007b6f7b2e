import { CellOutput } from './cell-output';
import type { StreamName } from './output-sender';
import type { Transport } from './transport';
import type { Header } from './wire';
import { publication } from './wire';

/** What the parts of the kernel share: which cell runs or ran last, and what it put out. */
export interface KernelState {
  readonly transport: Transport;
  /** The number of the last cell. */
  count: number;
  /** The outputs of the last cell: what comes later, from timers, is put there as well. */
  output: CellOutput;
  /** The request that runs; `null` between cells. */
  running: Header | null;
  /** The cells that ran, with their numbers. */
  readonly history: (readonly [count: number, source: string])[];
}

/** The state before the first cell. */
export function newState(transport: Transport): KernelState {
  return { transport, count: 0, output: outputOf(transport, null, 0), running: null, history: [] };
}

/** The outputs of the cell of a request. */
export function outputOf(transport: Transport, parent: Header | null, count: number): CellOutput {
  return new CellOutput(count, {
    text: (stream: StreamName, text: string) => transport.send({ stream, text, parent }),
    message: (type, content) => transport.send(publication(parent, type, content)),
  });
}

/** Says whether the kernel works on a request. */
export function publishStatus(
  { transport }: KernelState,
  parent: Header,
  execution_state: 'busy' | 'idle',
): void {
  transport.send(publication(parent, 'status', { execution_state }));
}
