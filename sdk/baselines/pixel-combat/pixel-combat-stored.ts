import { combatModelFromJson, combatModelToStored } from '../../combat/combat-model-json';
import type { CombatArrays } from '../../combat/combat-model-json';
import type { Triple } from '../../data/images/affine';
import { isSingular } from '../../data/images/affine';
import type { Plane } from '../../data/images/image-set';
import type { Grid } from '../../data/images/volume';
import { isIssue, issuesToJson } from '../../data/issue';
import type { JsonObject } from '../../data/json';
import { isJsonObject, isNames } from '../../data/json';
import { isProvenance } from '../../data/provenance';
import { shortJson } from '../../data/short-json';
import { ConcordError } from '../../errors';
import { gridSides, placeNamed } from './aligned-pixels';
import type { PixelCombatModel } from './pixel-combat-model';
import { pixelsFromArrays, pixelsToArrays } from './pixels-beside';

/**
 * Takes a model apart into JSON and, where it is large, arrays that are kept beside it.
 *
 * @param most - so many numbers may be text
 */
export function pixelCombatToStored(
  model: PixelCombatModel,
  most?: number,
): {
  readonly description: JsonObject;
  readonly arrays: CombatArrays;
} {
  const { kind, schema, version, plane, grid, suffixes, share, effectFwhm, issues, provenance } = model;
  const combat = pixelsToArrays(combatModelToStored(model.combat, most), gridSides(model));
  const description = {
    kind,
    schema,
    version,
    plane,
    suffixes,
    share,
    ...(effectFwhm === undefined ? {} : { effectFwhm }),
    grid: { shape: grid.shape, affine: grid.affine },
    combat: combat.description,
    issues: issuesToJson(issues),
    provenance: provenance.map((step) => ({ ...step })),
  };
  return { description, arrays: combat.arrays };
}

/**
 * Reads a model back, checking that its parts are there and fit each other.
 *
 * @param arrays - those that are kept beside the JSON
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function pixelCombatFromStored(json: JsonObject, arrays: CombatArrays = new Map()): PixelCombatModel {
  const { kind, schema, version, plane, suffixes, share, effectFwhm, combat, issues, provenance } = json;
  if (kind !== 'pixel-combat') throw malformed(`its kind is ${shortJson(kind)}`);
  // Schema 1 had the names of the pixels of large models in its JSON, too.
  if (schema !== 1 && schema !== 2) {
    throw malformed(`its schema is ${shortJson(schema)} and this version of concord-mri reads 1 and 2`);
  }
  if (typeof version !== 'string') throw malformed('it has no version');
  if (!isPlane(plane)) throw malformed(`its plane is ${shortJson(plane)}`);
  if (!isNames(suffixes)) throw malformed('its suffixes are not a list of texts');
  if (typeof share !== 'number' || !(share > 0 && share <= 1))
    throw malformed('its share is not above 0 and at most 1');
  if (effectFwhm !== undefined && !(typeof effectFwhm === 'number' && effectFwhm > 0))
    throw malformed('its effectFwhm is not above 0');
  if (!isJsonObject(combat)) throw malformed('it has no ComBat model');
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw malformed('its issues are not issues that this version of concord-mri knows');
  if (!isProvenance(provenance)) throw malformed('its provenance is not a list of steps');
  const grid = gridFrom(json['grid']);
  const sides = gridSides({ plane, grid });
  const whole = pixelsFromArrays({ description: combat, arrays }, sides);
  if (whole === undefined) throw malformed('its arrays of places and status are not those of pixels');
  const learned = combatModelFromJson(whole.description, whole.arrays);
  const stray = learned.features.find((name) => Number.isNaN(placeNamed(name, sides)));
  if (stray !== undefined) throw malformed(`its feature ${shortJson(stray)} is no pixel of its grid`);
  const spread = effectFwhm === undefined ? {} : { effectFwhm };
  const read = { kind, version, plane, grid, suffixes, share, ...spread, combat: learned } as const;
  return { ...read, schema: 2, issues, provenance };
}

function gridFrom(json: unknown): Grid {
  if (!isJsonObject(json)) throw malformed('it has no grid');
  const { shape, affine } = json;
  if (!isNumbers(shape, 3) || !shape.every((side) => Number.isInteger(side) && side > 0)) {
    throw malformed('its grid is not three whole numbers above 0');
  }
  if (!isNumbers(affine, 16) || isSingular(affine)) throw malformed('its grid has no affine');
  return { shape: shape as unknown as Triple, affine: affine };
}

function isNumbers(json: unknown, length: number): json is readonly number[] {
  return Array.isArray(json) && json.length === length && json.every((value) => Number.isFinite(value));
}

function isPlane(json: unknown): json is Plane {
  return json === 'axial' || json === 'coronal' || json === 'sagittal';
}

function malformed(what: string): ConcordError {
  return new ConcordError('malformed-model', `malformed model of ComBat by pixels: ${what}`);
}
