import { speaksOfFamily } from '../family-columns';

/**
 * What the name of a column says against taking it for a feature; `undefined` where it says nothing. Names are compared
 * without case and without what merging appends (`_x`, `.y`, `.1`). A name that speaks of a hemisphere or a measure of the
 * brain (`lh_…`, `…_thickness`) is that of a feature, unless it says that it is of the whole head, the number of holes, or
 * the quality or settings of the scan.
 */
export function nameSpeaksAgainst(name: string): string | undefined {
  if (/^(__index_level_\d+__|unnamed: ?[\d._]+|\.\.\.\d+|x\.\d+|level_\d+)$/i.test(name)) return rowNumbers;
  const own = withoutMergeSuffix(name).replace(/^NACC(?=[A-Z])/, '');
  const plain = own.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (speaksOfFamily(own)) return 'its name says who is related to whom';
  if (ofRadiomics.test(own)) return 'PyRadiomics notes it about the image, the mask and the run';
  if (wholeHead.test(plain)) return 'it describes the whole head, not a region';
  if (/(-to-|_to_|over|\/)(e?tiv|icv|eticv)$/i.test(own)) return 'it is a ratio to the whole head';
  if (/^([lr]h)?surfaceholes$/.test(plain)) return 'it counts the holes of a surface';
  if (/^(row|index|rownames?|rownumbers?|obs|observation)$/.test(plain)) return rowNumbers;
  const words = wordsOf(own);
  if (words.some((word) => gradesOfScans.has(word)) || /euler(num(ber)?)?$/.test(plain)) return grade;
  if (acquisition.test(plain)) return 'its name says how the scan was taken';
  if (isRank(own, words)) return 'its name says that it is a rank among others, not a measure';
  if (speaksOfBrain(own)) return undefined;
  // `IC-R` is the right one of a pair, and no word without its signs.
  const whole = /[_.\s-][lr]$/i.test(own) ? '' : plain;
  const has = (known: ReadonlySet<string>): boolean =>
    known.has(whole) || words.some((word) => known.has(word) || known.has(word.replace(/\d+$/, '')));
  if (has(qualities) || quality.test(whole)) return grade;
  if (genotype.test(own)) return 'its name says that it is a genotype or a genetic risk';
  if (/(^|[^a-z])(pc|pca|mds)_?\d{1,3}$/i.test(own))
    return 'its name says that it is a component of other measures';
  if (/^(brain(age|pad)|bag$)/.test(plain)) return 'its name says that it is an age predicted from the brain';
  if (has(body)) return 'its name says that it describes the subject';
  if (subject.has(whole) || isId(own)) return 'its name says that it describes the subject';
  if (words.includes('age')) return 'its name says that it describes the subject';
  if (has(scores)) return 'its name says that it is a score';
  if (words.some((word) => times.has(word))) return 'its name says that it is a date or a duration';
  return undefined;
}

/** `diagnostics_Image-original_Mean`, `diagnostics_Mask-original_VoxelNum`, and the same after the name of a region. */
const ofRadiomics = /(^|[_.\s-])diagnostics_(versions|configuration|image|mask)/i;

/** `rs429358_C`, `PRS_AD`. */
const genotype = /^rs\d{3,}([_.:-]|$)|(^|[_.\s-])(PRS|prs|PGS|pgs|GRS|grs|[Pp]olygenic)([_.\s-]|\d|$)/;

/** `Hippocampus Normative Percentile`, as reports give it; the 90th percentile of intensities is a measure. */
function isRank(own: string, words: readonly string[]): boolean {
  return words.some((word) => ranks.has(word)) && !/\d(st|nd|rd|th)?[_.\s-]*(per)?centile/i.test(own);
}

const rowNumbers = 'it holds row numbers';
const grade = 'its name says that it is a measure of quality';

/** Whether a name speaks of a hemisphere or of what is measured in the brain. */
export function speaksOfBrain(name: string): boolean {
  return ofTheBrain.test(name) && !/hand|age$/i.test(name);
}

/** `eTIV_x`, `subject.1`: what pandas, R and Excel append where two tables had a column of the same name. */
function withoutMergeSuffix(name: string): string {
  return name.trim().replace(/([_.][xy]|\.\d+)$/i, '');
}

/** `SubjID`, `SUB_ID`, `ScanID`, `site_code`. */
function isId(name: string): boolean {
  return /(^|[_.\s-])(ids?|codes?|numbers?|nr)$/i.test(name) || /[a-z]ID$/.test(name);
}

/** `scanAge`, `scan_age_2` → scan, age. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9³²]+/)
    .filter((word) => word !== '');
}

/** Measures of the whole head, as FreeSurfer, SynthSeg, SPM, SIENAX, volBrain and others call them. */
const wholeHead =
  /^((log|ln)(10)?(e?tiv|icv)|(e?tiv|icv)(log|ln)(10)?|e?tiv|icv|eticv|sbtiv|(estimated|total?|smrivolscs)*intracranial(cavity|ic)*(v|vol|volume)?|(volumetric)?scalefactor|vscal(e|ing)|brainsegvolnotvent(surf)?|brainsegnotvent(surf)?)(mm3|ml|cm3)?$/;

/** Names of hemispheres and of what is measured in them. */
const ofTheBrain =
  /(^|[^a-z])([lr]h|ctx|left|right|hemi)([^a-z]|$)|thick|vol(ume)?s?([^a-z]|$)|mm[23]|(surf|area|curv)/i;

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words that say so even beside a hemisphere: `lh_euler_number`, `thickness_qc`. */
const gradesOfScans = list('euler qc mriqc snr cnr tsnr dice');

const ranks = list('percentile percentiles centile centiles pctile');

/** Words of the measures of quality of MRIQC, CAT12 and others. */
const qualities = list(
  'efc fber cjv fwhm qi rpve inu icvs tpm wm2max dvars gcor aor aqi gsr ncr icr iqr siqr snrd motion framewise defects',
);

/** Such measures where a word alone may be of the brain as well: fiber density is `FD` too. */
const quality =
  /^((mean|max|median|avg|num|perc)?fd(mean|max|median|avg|num|perc|rms|power|jenkinson)*|nvox|(abs|rel)rms|resrms|summary(bg|csf|gm|wm)\w*)$/;

const acquisition =
  /^(tr|te|ti|echotime|repetitiontime|inversiontime|flipangle|(scanner|magnetic|mr|mri)?field(strength)?|tesla|kernel|voxelsize[xyz]?|slicethickness|(receive|head)?coil|(n|num)?channels)(ms|s|deg|t|tesla)?$/;

/** Words of what is measured of the body and in the blood, and of what is taken. */
const body = list(
  'weight height bmi bloodpressure systolic diastolic sbp dbp crp hscrp cortisol hba1c hdl ldl cholesterol triglycerides ' +
    'creatinine ferritin hemoglobin haemoglobin bdnf il6 tnf testosterone estradiol dose dosage medication ' +
    'waist pulse heartrate hrate bpsys bpdias gfr egfr glucose insulin albumin abeta ptau nfl gfap',
);

/** Whole names, without signs between words. */
const subject = list(
  'age sex gender handedness hand education educ edu educationyears yearsofeducation yearseducation height weight bmi ' +
    'group diagnosis dx dxgroup dxbl participantid participant subject subjectid subid subjid subjectkey sub subj id rid ' +
    'ptid eid guid mrn uid site siteid sitename scanner scannerid batch center centre session sessionid ses visit ' +
    'visitid viscode run wave timepoint serial serialnumber deviceserialnumber manufacturer model coil software ' +
    'fieldstrength magneticfieldstrength protocol acquisition cohort study dataset fold split family familyid twin zygosity zygositysr zygositygt race ' +
    'ethnicity country alter edad idade geschlecht smoking smoker ses socioeconomicstatus medication dose income ' +
    'tau fdg av45 pib fbb mriyr mrimo mridy visityr visitmo visitday birthyr birthmo',
);

/** Words of the scales that phenotype files hold. */
const scores = list(
  'iq fiq viq piq fsiq vsiq nviq wasi wais wisc wppsi mmse moca cdr cdrsb cdrglobal cdrsum updrs mdsupdrs hamd hdrs ' +
    'hama bdi bai phq gad panss sans saps ymrs madrs gaf edss adas adascog ados adir srs scq vineland cbcl ravlt faq npi ' +
    'dsm icd gds qids caps pcl ecog mpaccdigit mpacctrailsb ldeltotal trabscor traascor digitscor nhy apoe apoe4 score scores rating severity questionnaire',
);

const times = list(
  'date dob birthdate birthday birth year years yr yrs month months week weeks day days hours minutes seconds time duration ' +
    'onset scandate',
);
