import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { advise, option } from '../../remedy';
import type { TextColumn } from '../columns/build-covariate';
import { markNumbers } from '../columns/doubtful-values';
import { countLabels, visibly } from '../columns/labels/near-labels';

/** What people write for a missing value, by language; without case, accents and punctuation. */
const phrases: readonly string[] = [
  // English
  'unknown|unkn|unk|missing|missing data|missing value|not known|not available|not applicable|not done|not recorded',
  'not reported|not specified|not collected|not assessed|not tested|not determined|not stated|not given|not provided',
  'unspecified|undefined|undetermined|unavailable|unassigned|no data|nodata|no answer|no response|no value|n d|n k',
  'do not know|don t know|dont know|refused|refused to answer|declined|prefer not to say|prefer not to answer',
  'pending|tbd|tba|tbc|to be determined|blank|empty|nan|n a|nil|xxx|xxxx',
  // French
  'inconnu|inconnue|manquant|manquante|non renseigne|non renseignee|non disponible|non connu|non connue|non specifie',
  // German
  'unbekannt|fehlt|fehlend|keine angabe|keine angaben|k a|ohne angabe|nicht bekannt|nicht verfugbar|nicht erhoben',
  // Spanish
  'desconocido|desconocida|falta|faltante|sin dato|sin datos|no consta|no disponible|no sabe|ns nc|no aplica',
  // Portuguese
  'desconhecido|desconhecida|ignorado|ignorada|nao informado|nao informada|nao disponivel|sem dados|nao se aplica',
  // Italian
  'sconosciuto|sconosciuta|ignoto|ignota|mancante|non disponibile|non noto|non nota|non pervenuto',
  // Dutch
  'onbekend|ontbreekt|ontbrekend|niet bekend|geen opgave|geen gegevens|niet beschikbaar',
  // Danish, Norwegian, Swedish, Finnish
  'ukendt|ukjent|okand|mangler|saknas|uppgift saknas|ikke oplyst|tuntematon|puuttuu|ei tiedossa',
  // Polish, Czech, Hungarian, Romanian, Turkish
  'nieznany|nieznana|nieznane|brak danych|neznamy|neznama|neznamo|nezname|chybi|ismeretlen|hianyzik|hianyzo',
  'necunoscut|necunoscuta|bilinmiyor|bilinmeyen|veri yok',
  // Russian, Ukrainian, Greek
  'неизвестно|неизвестный|неизвестен|неизвестна|нет данных|не указано|н д|невідомо|немає даних|άγνωστο|άγνωστος|άγνωστη',
  // Chinese, Japanese, Korean
  '未知|不详|不詳|不明|缺失|无数据|無資料|欠損|欠測|該当なし|未記入|모름|미상|결측|알 수 없음|불명',
  // Arabic, Persian, Hebrew
  'غير معروف|مجهول|نامشخص|לא ידוע|חסר',
];

/** A text without case, accents and punctuation. */
function bare(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const known: ReadonlySet<string> = new Set(phrases.flatMap((list) => list.split('|')).map(bare));

/**
 * The labels of a column that often mark a missing value, in the order in which they come:
 *
 * - words for it in the languages of many data sets, such as `unknown`, `Missing`, `n/d`, `inconnu`;
 * - punctuation alone, such as `--` and `?`, but for `-` beside `+`;
 * - well-known numeric marks, such as `-999` and `99`, that no other number of the column is near, and `0` where nothing
 *   else has a digit;
 * - `U` beside `F` and `M`.
 */
export function missingLabels(labels: Iterable<string>): readonly string[] {
  const all = [...new Set(labels)];
  const numbers = all.filter(isNumber).map(Number);
  const ordinary = numbers.filter((number) => !markNumbers.has(number));
  return all.filter((label) => {
    if (isNumber(label)) {
      const digits = all.some((other) => other !== label && /\d/.test(other));
      return Number(label) === 0 ? !digits && all.length > 1 : isMark(Number(label), ordinary);
    }
    if (/^u$/i.test(label))
      return all.some((other) => /^m$/i.test(other)) && all.some((other) => /^f$/i.test(other));
    if (/^[\p{P}=~|^`]+$/u.test(label)) return !all.includes('+');
    return known.has(bare(label));
  });
}

/** Warns of labels that often mark a missing value, and that are taken as a site or a level. */
export function reportMissingLabels(
  column: Pick<TextColumn, 'name' | 'file' | 'texts'>,
  what: 'site' | 'level',
): readonly Issue[] {
  const { name, file } = column;
  const counts = countLabels(column.texts);
  return missingLabels(counts.keys()).map((label) => {
    const message =
      `column "${name}" of ${file} holds ${visibly(label)} in ${counts.get(label)} of ${column.texts.length} rows, ` +
      `which often marks a missing value; it is taken as a ${what}`;
    // A comma would part the marks of one column.
    const mark = label.includes(',') || name.includes('=') ? label : `${name}=${label}`;
    const advice = advise`if it marks a missing value, say so with ${option('missing', mark)}`;
    return makeIssue('doubtful-value', message, { file, column: name }, advice);
  });
}

function isNumber(label: string): boolean {
  return /^[+-]?\d+(\.0*)?$/.test(label);
}

/** Whether a number is a well-known mark, and further from every other number than half of itself. */
function isMark(value: number, others: readonly number[]): boolean {
  const near = Math.max(Math.abs(value) / 2, 2);
  return markNumbers.has(value) && others.every((other) => Math.abs(other - value) > near);
}
