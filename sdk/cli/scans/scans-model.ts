import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { ignoreInBids } from '../../io/bids/ignored-files';
import { inspectTarget } from '../../io/bids/written/prepare-target';
import type { AnyModel, Method } from '../../methods/method';
import type { ScansCall } from '../../methods/method-command';
import { storedDigest } from '../../methods/model-digest';
import { makerOf } from '../../methods/methods';
import { loadModel, saveModel } from '../../methods/save-model';
import { shippedFolder } from '../../methods/shipped-models';
import { modelFile, modelIn } from '../methods/model-in';
import { shippedWord } from '../methods/starting-model';

/** The model that scans are harmonized by: stored, or to be fitted on them. */
export type ScansModel =
  | { readonly stored: AnyModel }
  | { readonly stored: undefined; fit(cohort: VolumeCohort, run: FittingRun): Promise<AnyModel> };

type FittingRun = RunOptions & { readonly strict?: boolean };

/**
 * Loads the model that was named, or gets ready to fit one: whether the results can be written is checked before any scan is
 * opened.
 *
 * @throws ConcordError `malformed-model`, also for a model of another method; `file-exists`.
 */
export async function modelForScans({
  method,
  call,
  flags,
}: {
  readonly method: Method;
  readonly call: ScansCall<AnyModel>;
  readonly flags: {
    readonly model?: string;
    readonly out: string;
    readonly resume: boolean;
    readonly overwrite: boolean;
  };
}): Promise<ScansModel> {
  const { model: path, out, resume, overwrite } = flags;
  if (path !== undefined) return { stored: await modelOfMethod(path, method) };
  if (call.fit === undefined) throw new TypeError(`${method.name} is not fitted on scans`);
  await inspectTarget(out, { resume, overwrite });
  const there = join(out, modelFile);
  const before = resume && !overwrite && existsSync(there) ? await modelOfMethod(there, method) : undefined;
  return {
    stored: undefined,
    fit: async (cohort, run) => {
      const model = await call.fit?.(cohort, run);
      if (model === undefined) throw new TypeError(`${method.name} is not fitted on scans`);
      if (before !== undefined && storedDigest(method.model, before) !== storedDigest(method.model, model)) {
        throw otherModel(there);
      }
      return model;
    },
  };
}

/** A dataset must not hold scans of two models under one name. */
function otherModel(file: string): ConcordError {
  return new ConcordError(
    'file-exists',
    `file exists: ${file} was fitted on other scans, or with other options, than these (harmonize by it with ` +
      `--model ${file}, choose another folder, or replace everything with --overwrite)`,
    { where: { file } },
  );
}

/**
 * The model of a method that is stored there, or ships.
 *
 * @param path - its file or folder, the name under which a model ships, or the word for the one that ships for the method
 *
 * @throws ConcordError `malformed-model`, also for a model of another method.
 */
export async function modelOfMethod(path: string, method: Method): Promise<AnyModel> {
  const { kind } = method.model;
  const model = await loadModel(path === shippedWord ? shippedFolder(kind) : await modelIn(path), kind);
  const maker = makerOf(model);
  if (maker === undefined || maker.name === method.name) return model;
  throw new ConcordError(
    'malformed-model',
    `another method: ${path} holds a model of ${maker.title}, not of ${method.title} (use --method ${maker.name})`,
    { where: { file: path } },
  );
}

/** Writes the model into the dataset that was made by it, and has validators pass over it. */
export async function saveFitted(model: AnyModel, out: string): Promise<string> {
  const path = join(out, modelFile);
  await ignoreInBids(out, [modelFile]);
  await saveModel(model, path, { overwrite: true });
  return path;
}
