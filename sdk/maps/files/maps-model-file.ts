import { combatModelFromJson, combatModelToJson } from '../../combat/combat-model-json';
import {
  longitudinalModelFromJson,
  longitudinalModelToStored,
} from '../../combat/longitudinal/longitudinal-model-json';
import type { JsonObject, JsonValue } from '../../data/json';
import { isJsonObject } from '../../data/json';
import type { DoublesFile } from '../../io/maps/doubles-file';
import { openDoubles } from '../../io/maps/doubles-file';
import { openMapsModel, storeMapsModel } from '../../io/maps/model-folder';
import { malformedRecord } from '../../io/networks/sealed-record';
import type { MapPart } from '../map-layout';
import type { PartWords } from '../doubts/map-words';
import { wordKeys } from '../doubts/map-words';
import type { MapsModel } from '../maps-model';
import { modelShapes } from '../maps-model';

/** The name of a model of maps in the folder of harmonized maps. */
export const mapsModelFile = 'model.json';

/** What a record is of: ComBat, or ComBat beside what sets persons apart. */
const plainKind = 'combat-maps';
const personsKind = 'longitudinal-maps';

/**
 * Keeps a model: sealed JSON, and its arrays as float64 in a safetensors file beside it.
 *
 * @param arrays - the file of the arrays
 * @throws ConcordError `file-exists`, `unwritable-file`.
 */
export async function saveMapsModel(
  { frame, persons: longitudinal, parts, words = [] }: MapsModel,
  path: string,
  { arrays, overwrite }: { readonly arrays: string; readonly overwrite: boolean },
): Promise<void> {
  const contents = {
    // Versions that know no effects of persons would leave them out in silence.
    kind: longitudinal === undefined ? plainKind : personsKind,
    parts: parts.map((part) => ({ ...part })),
    words: words.map((own) => ({ ...own })),
    frame:
      longitudinal === undefined
        ? combatModelToJson(frame)
        : longitudinalModelToStored(longitudinal).description,
  };
  await storeMapsModel(path, { contents, arrays }, { overwrite });
}

/**
 * Opens a model: what is the same for all vertices is read, its arrays are checked and stay in their file.
 *
 * @returns also the SHA-256 of its arrays
 * @throws ConcordError `unreadable-file`, `malformed-model`.
 */
export async function loadMapsModel(
  path: string,
): Promise<{ readonly model: MapsModel; readonly arrays: DoublesFile; readonly sha256: string }> {
  const { contents, arrays, sha256 } = await openMapsModel(path);
  const { frame: stored, parts: listed, words: said, kind } = contents;
  if ((kind !== plainKind && kind !== personsKind) || !isJsonObject(stored))
    throw malformedRecord(path, 'it is not the record of a model of whole maps');
  const parts = partsIn(listed, path);
  const words = said === undefined ? undefined : wordsIn(said, parts.length, path);
  const longitudinal = kind === personsKind ? longitudinalModelFromJson(stored) : undefined;
  const frame = longitudinal?.combat ?? combatModelFromJson(stored);
  const vertices = parts.reduce((sum, part) => sum + part.vertices, 0);
  const persons = longitudinal && {
    count: longitudinal.persons.length,
    slopes: longitudinal.time !== null,
  };
  const shapes = modelShapes(frame, { sites: frame.sites.length, vertices, persons });
  return {
    model: { frame, persons: longitudinal, parts, words },
    arrays: await openDoubles(arrays, shapes, 'r'),
    sha256,
  };
}

function partsIn(listed: JsonValue | undefined, path: string): readonly MapPart[] {
  const parts = Array.isArray(listed) ? (listed as readonly JsonObject[]) : [];
  const isPart = ({ name, vertices }: JsonObject): boolean =>
    typeof name === 'string' && Number.isInteger(vertices) && Number(vertices) > 0;
  if (parts.length === 0 || !parts.every((part) => isJsonObject(part) && isPart(part)))
    throw malformedRecord(path, 'it does not say what parts its maps have');
  return parts as unknown as readonly MapPart[];
}

function wordsIn(said: JsonValue, parts: number, path: string): readonly PartWords[] {
  const isWords = (own: JsonValue): boolean =>
    isJsonObject(own) &&
    Object.entries(own).every(
      ([key, word]) => wordKeys.some((known) => known === key) && typeof word === 'string',
    );
  if (!Array.isArray(said) || ![0, parts].includes(said.length) || !said.every(isWords))
    throw malformedRecord(path, 'what the files of its maps said is not in words');
  return said as readonly PartWords[];
}
