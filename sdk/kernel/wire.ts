import { createHmac, randomUUID } from 'node:crypto';

/** The file by which Jupyter says where a kernel listens. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme?: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

/** The header of a message of the Jupyter protocol. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** The channels that messages are sent on. */
export type Channel = 'shell' | 'control' | 'iopub';

/** A message as it came. */
export interface Received {
  readonly channel: 'shell' | 'control';
  /** Whom to reply to. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A message to be sent. */
export interface Outgoing {
  readonly channel: Channel;
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent: Header | null;
  /** JSON, so that whatever a program displays crosses threads as it would have been sent. */
  readonly content: string;
  readonly metadata: string;
}

/** The version of the protocol that is spoken. */
export const protocolVersion = '5.3';

const delimiter = Buffer.from('<IDS|MSG>');

/** The session of this kernel. */
const session = randomUUID();

/** A header of now. */
export function headerOf(type: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

/** The signature of the four parts of a message; empty where there is no key. */
function signature(key: string, parts: readonly (string | Uint8Array)[]): string {
  if (key === '') return '';
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The frames of a message. */
export function framesOf(message: Outgoing, key: string): readonly (string | Uint8Array)[] {
  const { header, parent, metadata, content } = message;
  const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), metadata, content];
  return [...message.identities, delimiter, signature(key, parts), ...parts];
}

/** The message in some frames; `undefined` where they are none, or are not signed with the key. */
export function messageIn(
  frames: readonly Uint8Array[],
  key: string,
  channel: Received['channel'],
): Received | undefined {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  const parts = frames.slice(at + 2, at + 6);
  if (at < 0 || parts.length < 4) return undefined;
  if (signature(key, parts) !== (key === '' ? '' : String(Buffer.from(frames[at + 1])))) return undefined;
  const [header, , , content] = parts.map((part) => JSON.parse(Buffer.from(part).toString()) as unknown);
  return {
    channel,
    identities: frames.slice(0, at),
    header: header as Header,
    content: content as Received['content'],
  };
}

/** A reply, on the channel of what it replies to. */
export function replyTo(
  { channel, identities, header: parent }: Received,
  type: string,
  content: object,
  metadata: object = {},
): Outgoing {
  return {
    channel,
    identities,
    header: headerOf(type),
    parent,
    content: JSON.stringify(content),
    metadata: JSON.stringify(metadata),
  };
}

/** A message to all who watch, about what one of them asked for. */
export function publication(parent: Header | null, type: string, content: object): Outgoing {
  return {
    channel: 'iopub',
    identities: [Buffer.from(type)],
    header: headerOf(type),
    parent,
    content: JSON.stringify(content),
    metadata: '{}',
  };
}
