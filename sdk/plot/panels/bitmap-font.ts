/** Rows of a capital letter; letters such as g reach two rows further down. */
export const capHeight = 7;

/** Rows from one line of text to the next. */
export const lineHeight = 11;

/** The width of a space in columns. */
const spaceWidth = 3;

/**
 * A typeface of our own for text inside pictures. Each entry is a character followed by its rows from the top, two
 * hexadecimal digits a row, the leftmost of five columns in bit 4.
 */
const drawn = `
A0e11111f111111 B1e11111e11111e C0e11101010110e D1e11111111111e E1f10101e10101f F1f10101e101010 G0e11101711110f
H1111111f111111 I0e04040404040e J0702020202120c K11121418141211 L1010101010101f M111b1515111111 N11111915131111
O0e11111111110e P1e11111e101010 Q0e11111115120d R1e11111e141211 S0f10100e01011e T1f040404040404 U1111111111110e
V11111111110a04 W1111111515150a X11110a040a1111 Y11110a04040404 Z1f01020408101f
a00000e010f110f b1010161911111e c00000e1010110e d01010d1311110f e00000e111f100e f0609081c080808 g00000f1111110f010e
h10101619111111 i04000c0404040e j02000602020202120c k10101214181412 l0c04040404040e m00001a15151111 n00001619111111
o00000e1111110e p00001e1111111e1010 q00000f1111110f0101 r00001619101010 s00000e100e011e t08081c08080906
u0000111111130d v00001111110a04 w0000111115150a x0000110a040a11 y0000111111110f010e z00001f0204081f
00e11131519110e 1040c040404040e 20e11010204081f 31f02040201110e 402060a121f0202 51f101e0101110e 60608101e11110e
71f010204080808 80e11110e11110e 90e11110f01020c
.00000000000c0c ,000000000c0408 :000c0c000c0c00 ;000c0c000c0408 !04040404040004 ?0e110102040004 -0000000e000000
_0000000000001f +0004041f040400 =00001f001f0000 /00010204081000 \\00100804020100 (02040808080402 )08040202020408
[0e08080808080e ]0e02020202020e {02040408040402 }08040402040408 <02040810080402 >08040201020408 %18190204081303
#0a0a1f0a1f0a0a &0c12140815120d '04040800000000 "0a0a0a00000000 *0004150e150400 @0e11171517100e ^040a1100000000
\`08040200000000 ~00000815020000 |04040404040404 $040f140e051e04
×00110a040a1100 ±04041f0404001f −0000001f000000 –0000001f000000 ·0000000c0c0000 …00000000000015 °06090906000000
²0c0204080e0000 ³0e0206020e0000 µ0000111111131d1010 →0004021f020400
`;

/** One character: its columns, and for each row the pixels, the leftmost in the highest of `width` bits. */
export interface Glyph {
  readonly width: number;
  readonly rows: readonly number[];
}

const missing: Glyph = { width: 5, rows: [0x1f, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1f] };

const glyphs: ReadonlyMap<string, Glyph> = new Map([
  [' ', { width: spaceWidth, rows: [] }],
  ...drawn.trim().split(/\s+/).map(readGlyph),
]);

/** The characters of a text as they can be drawn: accents are left off, what is unknown becomes an empty box. */
export function glyphsOf(text: string): readonly Glyph[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  return Array.from(plain, (character) => glyphs.get(character) ?? missing);
}

/** Trims the empty columns at both sides, so that narrow letters are close; digits keep all five and line up. */
function readGlyph(entry: string): [string, Glyph] {
  const [character, ...digits] = Array.from(entry);
  const rows = (digits.join('').match(/../g) ?? []).map((row) => Number.parseInt(row, 16));
  if (/\d/.test(character)) return [character, { width: 5, rows }];
  const used = rows.reduce((all, row) => all | row, 0);
  const empty = Math.log2(used & -used);
  return [character, { width: 32 - Math.clz32(used) - empty, rows: rows.map((row) => row >> empty) }];
}
