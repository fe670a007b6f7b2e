/** One output as tslab's kernel would send it. */
export interface SentOutput {
  readonly data: Readonly<Record<string, unknown>>;
  readonly id: string | undefined;
  readonly update: boolean;
}

const path = '/somewhere/node_modules/tslab/dist/jupyter.js';

/** What the environment says of the browser outside the pretence. */
let usualBrowser: string | undefined;

/**
 * Pretends that this process is a tslab kernel: puts the module that tslab would have loaded into the cache.
 *
 * @param options - `browser`: whether figures are drawn in one, which takes seconds
 */
export function startFakeKernel({ browser = false }: { readonly browser?: boolean } = {}): SentOutput[] {
  const sent: SentOutput[] = [];
  usualBrowser = process.env['CONCORD_BROWSER'];
  if (!browser) process.env['CONCORD_BROWSER'] = 'off';
  const lastWriteDisplayData = (
    content: { data: Record<string, unknown>; transient: { display_id?: string } },
    update: boolean,
  ): void => {
    sent.push({ data: content.data, id: content.transient.display_id, update });
  };
  require.cache[path] = { exports: { lastWriteDisplayData } } as unknown as NodeJS.Module;
  return sent;
}

/** Ends the pretence. */
export function stopFakeKernel(): void {
  delete require.cache[path];
  if (usualBrowser === undefined) delete process.env['CONCORD_BROWSER'];
  else process.env['CONCORD_BROWSER'] = usualBrowser;
}

/** Runs `work` and returns what it wrote to a standard stream meanwhile, which stays silent. */
export function captured(stream: NodeJS.WriteStream, work: () => void): string {
  const original = stream.write.bind(stream);
  let text = '';
  stream.write = (chunk: string | Uint8Array): boolean => {
    text += chunk.toString();
    return true;
  };
  try {
    work();
  } finally {
    stream.write = original;
  }
  return text;
}
