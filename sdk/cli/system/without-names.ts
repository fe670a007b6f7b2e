import { hostname, userInfo } from 'node:os';
import { homeFolder } from '../../own-folders';

/** Who is not to be named. */
export interface Names {
  readonly homes: readonly string[];
  readonly user: string;
  readonly host: string;
}

/** Names that say nothing of a person, or are words of many paths. */
const nobody = /^(root|user|node|home|usr|tmp|data|ubuntu|debian|admin|jovyan|runner|docker|localhost)?$/i;

/**
 * A value with home folders written as `~` in all its texts, and the names of the user and of the machine left out, also
 * as a part of other folders.
 */
export function withoutNames<Value>(value: Value, names: Names = ownNames()): Value {
  return changed(value, (text) => shortened(text, names)) as Value;
}

function ownNames(): Names {
  const homes = [homeFolder(), process.env['HOME'], process.env['USERPROFILE']];
  let user = process.env['USER'] ?? process.env['USERNAME'] ?? '';
  try {
    user = userInfo().username;
  } catch {
    // A container may run under a number that nobody has.
  }
  return {
    homes: homes.filter((home) => home !== undefined && home.length > 1) as string[],
    user,
    host: hostname(),
  };
}

function shortened(text: string, { homes, user, host }: Names): string {
  let short = text;
  const byLength = [...homes].sort((a, b) => b.length - a.length);
  for (const home of byLength) short = short.replaceAll(new RegExp(`${escaped(home)}(?![\\w.-])`, 'g'), '~');
  // Homes of others, and this one's under another name.
  short = short.replaceAll(/(\/(?:home|Users)|[A-Za-z]:\\Users)[\\/][^\\/\s:;,'")]+/g, '~');
  for (const [name, word] of [
    [user, 'USER'],
    [host, 'HOST'],
  ] as const) {
    if (nobody.test(name)) continue;
    short = short.replaceAll(new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`, 'g'), word);
  }
  return short;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => changed(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one, change)]));
}
