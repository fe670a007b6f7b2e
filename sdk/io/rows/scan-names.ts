import { isKnownEntity } from '../bids/bids-name';
import { longitudinalPerson } from '../free-surfer/longitudinal-stream';

/** What the id of a scan says about who was scanned, and when. */
export interface ScanName {
  /** The id of the person, as the scan's id has it: `sub-01`. */
  readonly person: string;
  /** The session in a BIDS name, without its key: `02` of `sub-01_ses-02`. */
  readonly session?: string;
}

/**
 * Reads who was scanned from an id that names a scan by one of two conventions: `SCAN.long.TEMPLATE` of FreeSurfer's longitudinal
 * stream, and names of BIDS, as MRIQC, fMRIPrep and QSIPrep list them: `sub-01_T1w`, `sub-01_ses-02_run-1`, with the extension
 * of a file or without.
 *
 * @returns `undefined` for any other id, a person's own (`sub-01`) among them
 */
export function scanName(id: string): ScanName | undefined {
  const template = longitudinalPerson(id);
  const name = bidsScan(template === undefined ? id : id.slice(0, -`.long.${template}`.length));
  return template === undefined ? name : { person: template, session: name?.session };
}

/** Suffixes that list single scans; `PD` and `MTR` may be anything. */
const scanSuffix =
  /^(T[12]w|PDw|T2starw|FLAIR|PDT2|UNIT1|MP2RAGE|inplaneT[12]|dwi|sbref|bold|asl|m0scan|epi|pet)$/i;

/** A name has a person, and beside it entities or a suffix of BIDS: anything else after `sub-01_` may be a second part of the person. */
function bidsScan(id: string): ScanName | undefined {
  const [first, ...parts] = id.replace(/\.(nii(\.gz)?|json)$/i, '').split('_');
  if (!/^sub-[^-]+$/.test(first) || parts.length === 0) return undefined;
  const entities = parts.map((part) => /^([a-z]+)-([^-]+)$/.exec(part));
  const last = parts.length - 1;
  const named = entities.every((found, at) =>
    found === null ? at === last && scanSuffix.test(parts[at]) : isKnownEntity(found[1]),
  );
  if (!named) return undefined;
  return { person: first, session: entities.find((found) => found?.[1] === 'ses')?.[2] };
}
