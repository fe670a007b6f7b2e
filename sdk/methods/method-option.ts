import type { SmoothTerm } from '../combat/combat-options';
import { requireCall } from '../data/calls/require-call';

/** What an option on the command line can hold, by the name of its type. */
export interface OptionTypes {
  readonly text: string;
  /** Names separated by commas. */
  readonly list: readonly string[];
  /** A whole number from 1. */
  readonly count: number;
  readonly integer: number;
  /** A number from 0 to 1. */
  readonly share: number;
  readonly positive: number;
  /** A score by which curves are smoothed, a number above 0, or such a number by the name of each curve. */
  readonly smoothing: 'reml' | 'gcv' | 'kfold' | number | Readonly<Record<string, number>>;
  /** By the names of covariates, the first and the last inner knot of a curve, and of how many B-splines it is. */
  readonly knots: Readonly<Record<string, Pick<SmoothTerm, 'knots' | 'splines'>>>;
  /** Numbers above 0, separated by commas. */
  readonly positives: readonly number[];
  /** Given or not. */
  readonly switch: boolean;
}

/** One option of a method on the command line, as data: the command adds, reads and explains it. */
export interface MethodOption<Value = unknown> {
  /** As the user writes it: `--keep <share>`; `--form [name]` where the value may be left out. */
  readonly flags: string;
  readonly description: string;
  /** Of what type its value is, or the values that are allowed. */
  readonly type: keyof OptionTypes | readonly string[];
  /** The value where it is not given. */
  readonly initial: Value;
  /** The value where it is given without one; only for `[name]`. */
  readonly alone?: string;
}

/** An option that is `undefined`, or `initial`, where it is not given. */
export function valueOption<Type extends keyof OptionTypes>(
  type: Type,
  flags: string,
  description: string,
): MethodOption<OptionTypes[Type] | undefined>;
export function valueOption<Type extends keyof OptionTypes>(
  type: Type,
  flags: string,
  description: string,
  initial: OptionTypes[Type],
): MethodOption<OptionTypes[Type]>;
export function valueOption<Type extends keyof OptionTypes>(
  type: Type,
  flags: string,
  description: string,
  initial?: OptionTypes[Type],
): MethodOption<OptionTypes[Type] | undefined> {
  requireCall('methods.valueOption', { type, flags, description, initial });
  return { type, flags, description, initial };
}

/** An option with a fixed choice of values. */
export function choiceOption<const Choice extends string>(
  flags: string,
  description: string,
  options: { values: readonly Choice[]; initial: Choice; alone?: Choice },
): MethodOption<Choice>;
export function choiceOption<const Choice extends string>(
  flags: string,
  description: string,
  options: { values: readonly Choice[]; alone?: Choice },
): MethodOption<Choice | undefined>;
export function choiceOption<const Choice extends string>(
  flags: string,
  description: string,
  options: { values: readonly Choice[]; initial?: Choice; alone?: Choice },
): MethodOption<Choice | undefined> {
  requireCall('methods.choiceOption', { flags, description, options });
  const { values, initial, alone } = options;
  return { type: values, flags, description, initial, alone };
}

/** One option of all networks that can give detail back: `concord apply` shows it once for all of them. */
export const detailOption: MethodOption<number> = {
  flags: '--detail <share>',
  description:
    'how much of the detail that is lost where a slice is made again is given back: 1 all; takes up to twice as long',
  type: 'share',
  initial: 0,
};

/** One option of all networks that make slices again. */
export const guidedOption: MethodOption<number | undefined> = {
  flags: '--guided <mm>',
  description:
    'what was made is brought to what the scan shows around each pixel, within so many mm (8 serves well; at most 100, and more than half a pixel): its edges stay',
  type: 'positive',
  initial: undefined,
};

/**
 * Options by the names under which their values are found: `keep` for `--keep`, `samplingSteps` for `--sampling-steps`.
 */
export type MethodOptions = Readonly<Record<string, MethodOption>>;

/** The values of options, defaults filled in. */
export type ValuesOf<Options extends MethodOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends MethodOption<infer Value> ? Value : never;
};

/** What a method takes on one command, and what it makes of it. */
export interface CommandPart<Call> {
  readonly options: MethodOptions;
  /** Says what is wrong with the values together, as wrong usage; `undefined` where nothing is. */
  problem(values: Readonly<Record<string, unknown>>): string | undefined;
  /**
   * Makes of the values what the command needs.
   *
   * @param values - one of each option, of its type, defaults filled in
   */
  read(values: Readonly<Record<string, unknown>>): Call;
}

/** Puts options and what is made of their values together; the types of the values follow from the options. */
export function commandPart<Options extends MethodOptions, Call>(
  options: Options,
  read: (values: ValuesOf<Options>) => Call,
  problem: (values: ValuesOf<Options>) => string | undefined = () => undefined,
): CommandPart<Call> {
  requireCall('methods.commandPart', { options, read, problem });
  return {
    options,
    problem: (values) => problem(values as ValuesOf<Options>),
    read: (values) => read(values as ValuesOf<Options>),
  };
}
