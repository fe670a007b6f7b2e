import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';

/** More names than this are not written out. */
const mostNamed = 6;

/** How to leave features out: `with --features '!a,!b'`, or where they are many as with the first of them. */
export function adviseWithout(names: readonly string[]): Advice {
  const shown = names.slice(0, names.length > mostNamed ? 2 : mostNamed);
  if (shown.some((name) => /[,*?[\]{}()!]/.test(name))) return advise`of ${option('features')}`;
  const value = shown.map((name) => `!${name}`).join(',');
  return shown.length < names.length
    ? advise`as with ${option('features', `${value},…`)}`
    : advise`with ${option('features', value)}`;
}
