import type { ImageBytes } from '../image-bytes';
import { imageError } from '../image-error';
import { mostVertices } from './gifti-header';
import type { StoredSurface } from './gifti-surface';
import { noGeometry } from './gifti-surface';

/** How FreeSurfer's binary surfaces begin: three bytes. The last is also how its newer maps of values begin. */
const magic = { triangles: 0xfffffe, newQuads: 0xfffffd, quads: 0xffffff };

/** Who made it and when is in a line of at most 200 letters, before the counts. */
const longestHead = 4096;

/**
 * Reads FreeSurfer's binary surface of triangles, such as `lh.white`, `lh.pial` and `lh.inflated`: big endian; three bytes, a line
 * on who made it and an empty one, the counts, three 32-bit floats for each vertex, three integers for each triangle. What is after them
 * (the volume it was made in, commands) is passed over: coordinates are those of the file, FreeSurfer's surface RAS.
 *
 * Source: the layout as FreeSurfer's MATLAB read_surf and nibabel's read_geometry read it.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` for surfaces of four corners, patches, maps of values, text.
 */
export async function readTriangleSurface(file: ImageBytes): Promise<StoredSurface> {
  const { path, most } = file;
  const head = await file.head(longestHead);
  const first = head.length < 3 ? 0 : head.readUIntBE(0, 3);
  if (first !== magic.triangles) throw notTriangles(head, path);
  const start = endOfText(head);
  if (start === undefined || start + 8 > head.length) throw damaged(path, 'it ends within its head');
  const vertices = head.readInt32BE(start);
  const triangles = head.readInt32BE(start + 4);
  const size = 12 * (vertices + triangles);
  const end = start + 8 + size;
  if (!(vertices > 0 && vertices <= mostVertices && triangles > 0 && triangles <= 2 * mostVertices))
    throw damaged(path, `it says that it has ${vertices} vertices and ${triangles} triangles`);
  const short = (there: number): Error =>
    damaged(
      path,
      `${vertices} vertices and ${triangles} triangles take ${end} bytes, and ${there} are there`,
    );
  if (end > most) throw short(most);
  const bytes = Buffer.alloc(size);
  const there = await file.fill(bytes, start + 8);
  if (there !== size) throw short(start + 8 + there);
  await file.finish(end);
  const points = new Float32Array(3 * vertices);
  for (let at = 0; at < points.length; at++) points[at] = bytes.readFloatBE(4 * at);
  const corners = new Int32Array(3 * triangles);
  for (let at = 0; at < corners.length; at++) corners[at] = bytes.readInt32BE(12 * vertices + 4 * at);
  return { points, triangles: corners };
}

/** Where the counts are: after the first line, and an empty one that some programs leave out. */
function endOfText(head: Buffer): number | undefined {
  const line = head.indexOf(0x0a);
  if (line === -1) return undefined;
  return head[line + 1] === 0x0a ? line + 2 : line + 1;
}

function damaged(path: string, why: string): Error {
  return imageError(
    'malformed-image',
    path,
    `invalid surface: ${path}: ${why} (copy it again, or make it again with FreeSurfer)`,
  );
}

/** What a file is that does not begin as surfaces of triangles do. */
function notTriangles(head: Buffer, path: string): Error {
  const unsupported = (what: string): Error =>
    imageError('unsupported-format', path, `unsupported surface: ${path} ${what}`);
  const start = head.toString('latin1', 0, 40);
  if (head.length >= 8 && head.readInt32BE(0) === -1)
    return unsupported('is a patch, cut or flattened, of some of the vertices (give the whole surface)');
  const first = head.length < 3 ? 0 : head.readUIntBE(0, 3);
  const isMap = first === magic.quads && head.length >= 15 && head.readInt32BE(11) === 1;
  if (isMap) return noGeometry(path);
  if (first === magic.quads || first === magic.newQuads)
    return unsupported(
      'is a surface of quadrangles, as FreeSurfer made them before 2002 (make one of triangles: mris_convert OLD NEW)',
    );
  if (/^\s*#!ascii/.test(start))
    return unsupported(
      "is FreeSurfer's surface as text (make a binary one: mris_convert SURFACE.asc SURFACE)",
    );
  const [, other] = /^(?:# (vtk) |(ply)\s|(solid)\s)/i.exec(start) ?? [];
  const named = other ?? (/^ply\s/i.test(start) ? 'PLY' : undefined);
  const known = "FreeSurfer's binary surfaces of triangles and GIFTI are read";
  if (named !== undefined) return unsupported(`is in the format ${named.toUpperCase()} (${known})`);
  return imageError(
    'malformed-image',
    path,
    `invalid surface: ${path} does not begin as a surface does (${known})`,
  );
}
