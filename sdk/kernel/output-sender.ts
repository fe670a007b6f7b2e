/** A stream that a cell writes to. */
export type StreamName = 'stdout' | 'stderr';

/** Sends what a cell puts out. */
export interface OutputSender {
  text(stream: StreamName, text: string): void;
  message(type: string, content: object): void;
}
