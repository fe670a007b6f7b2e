import type { Command } from 'commander';
import type { AnyModel, Method } from '../../methods/method';
import type { ScansCall } from '../../methods/method-command';
import type { MethodOptions } from '../../methods/method-option';
import { allMethods, makerOf } from '../../methods/methods';
import { loadAnyModel } from '../../methods/save-model';
import { initialValues, methodValues, requireOptionsOf } from '../methods/method-options';
import { modelIn } from '../methods/model-in';
import { wrongUsage } from '../option-values';
import type { CommandStreams } from '../streams';
import type { HarmonizeScansFlags } from './harmonize-scans';
import { harmonizeScans, scanFlagsOf } from './harmonize-scans';

/** The methods whose models harmonize new scans. */
export function scanMethods(): readonly Method[] {
  return allMethods().filter(({ command }) => command?.scans !== undefined);
}

/** How a model of a method is applied to scans: its options but those that decide what is fitted. */
export function appliedOptions({ command }: Method): MethodOptions {
  const { options = {}, fitted = [] } = command?.scans ?? {};
  return Object.fromEntries(Object.entries(options).filter(([name]) => !fitted.includes(name)));
}

/** The method of a stored model, where it harmonizes scans. */
export async function scanMethodOf(model: string): Promise<Method | undefined> {
  const method = makerOf(await loadAnyModel(await modelIn(model)));
  return method?.command?.scans === undefined ? undefined : method;
}

/** One call of `concord apply` on scans. */
export interface ApplyToScansRun {
  readonly method: Method;
  /** The model, or the folder that it is in. */
  readonly model: string;
  readonly flags: HarmonizeScansFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
}

/** How a model of a method is applied to scans by the options of the command; ends it where they do not go together. */
export function requireApplying(
  command: Command,
  method: Method,
): { readonly call: ScansCall<AnyModel>; readonly values: Readonly<Record<string, unknown>> } {
  const part = method.command?.scans;
  if (part === undefined) throw new TypeError(`${method.name} harmonizes no scans`);
  const own = appliedOptions(method);
  const shared = ['out', 'site', 'overwrite', 'json', 'figures', ...scanFlagsOf(method)];
  requireOptionsOf(command, `a model of ${method.title}`, new Set([...shared, ...Object.keys(own)]));
  // What was decided when the model was fitted has no effect any more.
  const values = { ...initialValues(part.options), ...methodValues(command, own) };
  const problem = part.problem(values);
  if (problem !== undefined) wrongUsage(command, problem);
  return { call: part.read(values), values };
}

/** Harmonizes the scans of a BIDS dataset by a model that is stored. */
export async function applyToScans(
  source: string,
  { method, model, flags, command, streams }: ApplyToScansRun,
): Promise<void> {
  await harmonizeScans(source, {
    method,
    ...requireApplying(command, method),
    command,
    streams,
    as: 'apply scans',
    flags,
    model: async () => ({ stored: await loadAnyModel(await modelIn(model)) }),
  });
}
