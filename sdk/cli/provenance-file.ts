import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Issue } from '../data/issue';
import type { JsonObject } from '../data/json';
import type { Provenance } from '../data/provenance';
import { fileDigest } from '../io/files/file-digest';
import { version } from '../version';

/** What `provenance.json` says: enough to do the work again and to know that it was done on the same bytes. */
export interface ProvenanceFile {
  /** The command, for example `concord harmonize`. */
  readonly command: string;
  /** Its options, defaults filled in. */
  readonly options: JsonObject;
  readonly inputs: readonly string[];
  readonly steps: Provenance;
  readonly issues: readonly Issue[];
}

/** The text of `provenance.json`. Inputs are named by file name, size and SHA-256, never by folder. */
export async function provenanceText(content: ProvenanceFile): Promise<string> {
  const inputs = [];
  for (const path of content.inputs) {
    const about = await stat(path);
    const name = basename(path);
    inputs.push(about.isFile() ? { name, bytes: about.size, sha256: await fileDigest(path) } : { name });
  }
  const record = {
    package: 'concord-mri',
    version,
    node: process.version,
    written: new Date().toISOString(),
    command: content.command,
    options: content.options,
    inputs,
    steps: content.steps,
    issues: content.issues,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** The options of a command, with files named and folders left out: where things were on this machine is nobody's business. */
export function plainOptions(flags: { readonly out?: string; readonly participants?: string }): JsonObject {
  const { participants } = flags;
  const named = { ...flags, out: undefined, participants: participants && basename(participants) };
  return JSON.parse(JSON.stringify(named)) as JsonObject;
}
