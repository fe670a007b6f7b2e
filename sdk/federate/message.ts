import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { JsonObject } from '../data/json';
import { isJsonObject, isNames, toJsonObject } from '../data/json';
import { quoteName } from '../data/list-names';
import { shortJson } from '../data/short-json';
import { ConcordError } from '../errors';
import type { Advice } from '../remedy';
import { advise } from '../remedy';
import { requireCall } from '../data/calls/require-call';
import { version } from '../version';

/** The Ed25519 keys of a hospital or of the coordinator. The private one never leaves its folder. */
export interface FederatedKeys {
  /** DER (SPKI) as base64: it goes with every message. */
  readonly publicKey: string;
  /** PEM (PKCS #8). */
  readonly privateKey: string;
}

/**
 * What a message is: the coordinator sends `study`, `plan`, `fit` and `result`; hospitals answer the first three with
 * `counts`, `sums` and `squares`.
 */
export type FederatedStep = 'study' | 'plan' | 'fit' | 'result' | 'counts' | 'sums' | 'squares';

/** The round that each step belongs to: its requests, and the answers to them. */
export const roundOf: Readonly<Record<FederatedStep, number>> = {
  ...{ study: 1, plan: 2, fit: 3, result: 4 },
  ...{ counts: 1, sums: 2, squares: 3 },
};

/** A signed message of a federated study: plain JSON, whose numbers are read back to the last bit. */
export interface FederatedMessage {
  readonly kind: 'federated-message';
  readonly formatVersion: 2;
  /** The version of `concord-mri` that made it. */
  readonly concord: string;
  /** Which study it belongs to. */
  readonly study: string;
  readonly step: FederatedStep;
  /** `coordinator`, or the name of a hospital. */
  readonly from: string;
  /** The key that it is signed with. */
  readonly publicKey: string;
  /** The digest of the message before it; empty in that of the study. */
  readonly answers: string;
  /** What it discloses, to be read before it is sent. */
  readonly discloses: readonly string[];
  readonly content: JsonObject;
  /** Ed25519, over all of the above as JSON with its keys in order; base64. */
  readonly signature: string;
}

/** The name of the coordinator, in messages. */
export const coordinator = 'coordinator';

/** Makes the keys of a hospital or of a coordinator. */
export function makeFederatedKeys(): FederatedKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/**
 * The keys that a private key is one of.
 *
 * @throws ConcordError `invalid-option` where it is none.
 */
export function federatedKeysOf(privateKey: string): FederatedKeys {
  requireCall('federated.keysOf', { privateKey });
  try {
    const key = createPrivateKey(privateKey);
    const publicKey = createPublicKey(key);
    if (publicKey.asymmetricKeyType !== 'ed25519')
      throw new TypeError(`it is ${publicKey.asymmetricKeyType}`);
    return {
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      // As it was made: the code of a table is of this text, and an editor may have changed how its lines end.
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  } catch (cause) {
    throw new ConcordError('invalid-option', 'invalid private key: it is no PEM of an Ed25519 key', {
      cause,
      remedy: advise`take it from where it was saved: another key cannot continue the study`,
    });
  }
}

/**
 * What is read out by telephone to make sure whose a key is: the first 128 bits of its SHA-256, in
 * groups of four digits.
 */
export function keyFingerprint(publicKey: string): string {
  requireCall('federated.fingerprint', { publicKey });
  const digits = createHash('sha256').update(publicKey).digest('hex').slice(0, 32);
  return (digits.match(/.{4}/g) ?? []).join(' ');
}

/** A message without what signing adds. */
export type Unsigned = Pick<
  FederatedMessage,
  'study' | 'step' | 'from' | 'answers' | 'discloses' | 'content'
>;

/** Signs a message. */
export function signMessage(
  { study, step, from, answers, discloses, content }: Unsigned,
  { publicKey, privateKey }: FederatedKeys,
): FederatedMessage {
  const signed = {
    kind: 'federated-message',
    formatVersion: 2,
    concord: version,
    study,
    step,
    from,
    publicKey,
    answers,
    discloses,
    content: toJsonObject(content),
  } as const;
  const signature = sign(null, Buffer.from(canonicalJson(signed)), createPrivateKey(privateKey));
  return { ...signed, signature: signature.toString('base64') };
}

/** The digest of a message, by which the next one says what it answers: 32 digits of its SHA-256. */
export function messageDigest(message: FederatedMessage): string {
  return createHash('sha256').update(canonicalJson(message)).digest('hex').slice(0, 32);
}

/** The error for a message that is not taken. */
export function refusedMessage(problem: string, remedy: Advice): ConcordError {
  return new ConcordError('refused-message', `refused message: ${problem}`, { remedy });
}

/**
 * Makes sure that a value from a file is a message, of this version, as it was signed.
 *
 * @throws ConcordError `refused-message`.
 */
export function requireSigned(value: unknown): FederatedMessage {
  if (!isJsonObject(value) || value['kind'] !== 'federated-message' || !isWhole(value)) {
    throw refusedMessage('it is no message of a federated study', advise`choose the file that was sent`);
  }
  if (value['formatVersion'] !== 2) {
    const made = shortJson(value['concord']);
    throw refusedMessage(
      `it was made by version ${made}, which this version (${version}) cannot read`,
      advise`use the same version of concord-mri everywhere`,
    );
  }
  const message = value as unknown as FederatedMessage;
  const { signature, ...signed } = message;
  if (!isSignature(signature, canonicalJson(signed), message.publicKey)) {
    throw refusedMessage(
      `${describeMessage(message)} was edited or damaged since it was signed`,
      advise`have it sent again, unchanged`,
    );
  }
  const lacking = listsOf[message.step].find((name) => !Array.isArray(message.content[name]));
  if (lacking === undefined) return message;
  throw refusedMessage(
    `${describeMessage(message)} has no list of ${lacking}`,
    advise`use the same version of concord-mri everywhere`,
  );
}

/** The lists that each message has. */
const listsOf: Readonly<Record<FederatedStep, readonly string[]>> = {
  study: ['hospitals', 'preserve', 'terms', 'smooths', 'penalties'],
  plan: ['hospitals', 'features', 'leftOut', 'sites', 'covariates', 'terms', 'smooths'],
  fit: ['hospitals', 'sites', 'covariates', 'terms', 'smooths', 'columns'],
  result: [],
  counts: ['features', 'sites', 'covariates'],
  sums: ['sites', 'sets'],
  squares: ['sites', 'squares'],
};

/** What a message is, to name it in a sentence. */
export function describeMessage({ step, from }: FederatedMessage): string {
  return from === coordinator
    ? `the coordinator's "${step}" of round ${roundOf[step]}`
    : `the "${step}" of ${quoteName(from)} in round ${roundOf[step]}`;
}

/** JSON with the keys of objects in order, so that a message has one text; long lists of numbers are written as one. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    const flat = value.every((part) => typeof part !== 'object' || part === null);
    return flat ? JSON.stringify(value) : `[${value.map(canonicalJson).join()}]`;
  }
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join()}}`;
}

function isWhole(value: JsonObject): boolean {
  const texts = ['concord', 'study', 'step', 'from', 'publicKey', 'answers', 'signature'];
  return (
    texts.every((name) => typeof value[name] === 'string') &&
    Object.keys(roundOf).includes(value['step'] as string) &&
    isNames(value['discloses']) &&
    isJsonObject(value['content'])
  );
}

function isSignature(signature: string, text: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    // No key at all.
    return false;
  }
}
