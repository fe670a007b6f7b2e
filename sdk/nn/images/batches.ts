/** Images that a network is applied to, some at a time. */
export interface Batches {
  /** What is being done, in a few words, for progress. */
  readonly label: string;
  /** How many images there are. */
  readonly count: number;
  /** How many go through the network at a time. */
  readonly batchSize: number;
  /** Whose image is at a position, for messages. @defaultValue not known */
  readonly scanOf?: (position: number) => string;
}
