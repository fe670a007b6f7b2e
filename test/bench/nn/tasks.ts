/** What the programs of the benchmark are asked to do. Each has the same tensors. */
export const taskNames = [
  'conv-forward',
  'conv-training',
  'inference',
  'latency',
  'step',
  'gan-step',
] as const;

/** One of {@link taskNames}. */
export type TaskName = (typeof taskNames)[number];

/** What each task is, in words. */
export const taskTitles: Readonly<Record<TaskName, string>> = {
  'conv-forward': 'convolution 3 × 3, 8 × 64 × 64 × 64 → 64, forward',
  'conv-training': 'the same, forward and both gradients',
  inference: 'U-Net 64 × 64, base 32: inference, batch 16',
  latency: 'the same, batch 1',
  step: 'U-Net training step, batch 16: forward, backward, clip, Adam',
  'gan-step': 'style-encoding GAN 64 × 64, batch 8: the four updates of a training step',
};

/** Tasks of which a program can tell where the time goes, and what that is called. */
export const profileNames = {
  'profile-step': 'step',
  'profile-latency': 'latency',
  'profile-gan-step': 'gan-step',
} as const satisfies Record<string, TaskName>;

/** One of {@link profileNames}. */
export type ProfileName = keyof typeof profileNames;

/** A line that a program reads: do this once, or tell where the time of a task goes. */
export interface Task {
  readonly task: TaskName | ProfileName;
  /** Where the results are written as raw 32-bit floats, images NHWC: `<output>.<name>.f32`. */
  readonly output?: string;
}

/** The line that it answers with. */
export interface Answer {
  readonly seconds: number;
  /** Processor time of all threads, the operating system's work included. */
  readonly processor: number;
  /** The most memory that the program ever had resident, in bytes. */
  readonly memory: number;
  /** The loss before a training step. */
  readonly loss?: number;
  /** How the program chose to do it. */
  readonly note?: string;
  /** Where the time of a task went. */
  readonly profile?: readonly KernelTime[];
}

/** The time in one kind of operation. */
export interface KernelTime {
  readonly name: string;
  readonly calls: number;
  readonly seconds: number;
  /** Processor time of all threads, where it is known: with one thread, what others' programs change least. */
  readonly processor?: number;
}

/** The first line of a program: what it is, or why it cannot take part. */
export type Introduction = { readonly about: string } | { readonly unavailable: string };

/** The learning rate and the longest gradient of every training step. */
export const trainingSettings = { learningRate: 1e-4, clipNorm: 1 } as const;
