/** How deeply lists and objects of a JSON file may be within each other: far more than any file of ours or of BIDS has. */
export const deepestJson = 64;

/**
 * Whether lists and objects are within each other more deeply than {@link deepestJson}: whatever walks through such values
 * by itself would run out of stack.
 *
 * @param json - any text; what is in quotes is passed over
 */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (quoted) {
      if (sign === backslash) at++;
      else if (sign === quote) quoted = false;
    } else if (sign === quote) quoted = true;
    else if (sign === brace || sign === bracket) {
      if (++depth > deepestJson) return true;
    } else if (sign === closingBrace || sign === closingBracket) depth--;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const bracket = 0x5b;
const closingBracket = 0x5d;
const brace = 0x7b;
const closingBrace = 0x7d;
