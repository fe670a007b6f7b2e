import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { groupBy } from '../../data/group-by';
import type { PartWords, SaidMap, WordKind } from './map-words';
import { certainWord, hemisphereOfName, wordKeys, wordKinds } from './map-words';

/**
 * Warns where the files of one part say, by their names or their metadata, that they are of several measures, hemispheres, surfaces or
 * widths of smoothing, or of the other hemisphere than the part. Values hardly show it: a smoothed map beside others has the same
 * mean at every vertex.
 */
export function mixedFiles(part: string, maps: readonly SaidMap[]): readonly Issue[] {
  const apart = maps.filter(({ isStack }) => !isStack);
  const several = wordKinds.flatMap((kind) => severalWords(apart, part, kind));
  return several.length > 0 ? several : otherHemisphere(maps, part);
}

function severalWords(maps: readonly SaidMap[], part: string, kind: WordKind): readonly Issue[] {
  const groups = groupedWords(maps, (map) => kind.word(map) ?? kind.otherwise);
  if (groups.length < 2) return [];
  const said = groups.map(([word, ids]) => `${word} (${counted(ids.length, 'scan')}: ${listNames(ids, 3)})`);
  const message = `files of ${part} have ${kind.source} of several ${kind.several}: ${said.join(', ')}`;
  return [makeIssue('mixed-maps', message, { subject: groups[groups.length - 1][1][0] })];
}

/** The ids by what is said of their maps, the most frequent first. */
function groupedWords(
  maps: readonly SaidMap[],
  wordOf: (map: SaidMap) => string | undefined,
): readonly (readonly [word: string, ids: readonly string[]])[] {
  return [...groupBy(maps, wordOf)]
    .map(([word, own]): readonly [string, readonly string[]] => [word, own.map(({ id }) => id)])
    .sort(([, one], [, other]) => other.length - one.length);
}

/** The part says which hemisphere it is of; where it does not, the name of a file is held against what is in the file. */
function otherHemisphere(maps: readonly SaidMap[], part: string): readonly Issue[] {
  const own = hemisphereOfName(part);
  for (const { key, source, word } of wordKinds) {
    if (key !== 'hemisphere') continue;
    const found = maps.find((map) => {
      const said = word(map);
      const expected = own ?? hemisphereOfName(map.name);
      return said !== undefined && expected !== undefined && said !== expected;
    });
    if (found === undefined) continue;
    const where = source === 'metadata' ? ' (AnatomicalStructurePrimary)' : '';
    const message = `files of ${part} have ${source} of the ${word(found)} hemisphere${where}, such as ${found.name} of "${found.id}"`;
    return [makeIssue('mixed-maps', message, { subject: found.id })];
  }
  return [];
}

/**
 * Warns where the files of one part say something else than those that a model was fitted on.
 *
 * @param known - what those agreed in
 */
export function otherThanModel(part: string, maps: readonly SaidMap[], known: PartWords): readonly Issue[] {
  return wordKeys.flatMap((key) => {
    const { [key]: expected } = known;
    const isOther = (map: SaidMap): boolean => (certainWord(key, map)?.word ?? expected) !== expected;
    const others = expected === undefined ? [] : maps.filter(isOther);
    if (others.length === 0) return [];
    const said = groupedWords(others, (map) => certainWord(key, map)?.word).map(
      ([word, ids]) => `${word} (${counted(ids.length, 'scan')}: ${listNames(ids, 3)})`,
    );
    const message =
      `files of ${part} have ${certainWord(key, others[0])?.source ?? 'names'} of another ${key} than those that the model was fitted on: ` +
      `${said.join(', ')}, where those have ${expected ?? ''}`;
    return [
      makeIssue('mixed-maps', message, { subject: others[0].id }, [
        'give maps that were made as those that the model was fitted on, or fit a model on maps like these: its shifts and factors are those of its own maps',
      ]),
    ];
  });
}
