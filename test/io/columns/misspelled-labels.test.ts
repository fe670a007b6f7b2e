import assert from 'node:assert/strict';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { misspelledLabels } from '../../../sdk/io/columns/labels/misspelled-labels';
import { temporaryFolder } from '../../support/temporary-folder';

const slips: readonly (readonly [string, string])[] = [
  ['Siemens', 'Simens'],
  ['Siemens', 'Seimens'],
  ['Siemens', 'Siemans'],
  ['Siemens', 'Siemen'],
  ['HospitalA', 'HospitalsA'],
  ['HOSPITALA', 'HOSPITALSA'],
  ['Philips', 'Phillips'],
  ['Siemens Trio', 'Simens Trio'],
  ['GE Discovery MR750', 'GE Dicovery MR750'],
  ['patient', 'patients'],
  ['male', 'males'],
  ['Stanford', 'STANFRD'],
  ['OXFORD', 'OXFROD'],
  ['Pittsburgh', 'Pittsburg'],
  ['Munster', 'Münster'],
  ['Hannover', 'Hanover'],
  ['Site A North', 'Sites A North'],
  ['Сименс', 'Сименнс'],
];

/** Names of real sites, scanners and groups, each list as one table would have it. */
const distinct: Readonly<Record<string, string>> = {
  ABIDE:
    'CALTECH,CMU,KKI,LEUVEN_1,LEUVEN_2,MAX_MUN,NYU,OHSU,OLIN,PITT,SBL,SDSU,STANFORD,TRINITY,UCLA_1,UCLA_2,UM_1,UM_2,USM,YALE',
  'ABIDE II':
    'BNI_1,EMC_1,ETH_1,GU_1,IP_1,IU_1,KKI_1,KUL_3,NYU_1,NYU_2,OHSU_1,ONRC_2,SDSU_1,TCD_1,UCD_1,UCLA_1,USM_1,U_MIA_1',
  CoRR: 'BMB_1,BNU_1,BNU_2,DC_1,HNU_1,IACAS_1,IBATRT,IPCAS_1,IPCAS_2,JHNU_1,LMU_1,MPG_1,MRN_1,NKI_1,SWU_1,UM_1,UPSM_1,UWM_1',
  '1000 functional connectomes':
    'AnnArbor_a,AnnArbor_b,Atlanta,Baltimore,Bangor,Leiden_2180,Leiden_2200,Leipzig,Milwaukee_a,Milwaukee_b,NewHaven_a,NewHaven_b,NewYork_a,NewYork_b,Taipei_a,Taipei_b',
  ADNI: '002_S,003_S,005_S,006_S,007_S,011_S,012_S,013_S,014_S,016_S,018_S,019_S,020_S,021_S,022_S,023_S,024_S',
  ENIGMA:
    'AMC,ASRB,COBRE,FBIRN,FOR2107Marburg,FOR2107Münster,FSLRome,GAP,GIPSI,HMS,IGP,IMH,MCIC,MFS,NU,OLIN,PAFIP,SHIP,SHIP_TREND,TOP15T,TOP3T,UCISZ,UMCU,UNIBA,UNINA,UNIMAAS,UPENN,USP,Zurich',
  cities:
    'Basel,Bern,Bonn,Freiburg,Fribourg,Genoa,Geneva,Hamburg,Leiden,Linden,Magdeburg,Marburg,Milan,Rome,Salzburg,Trento,Trieste,Turin,Turku,Verona,Vienna',
  countries: 'Austria,Australia,Iceland,Ireland,Iran,Iraq,Mali,Malta,Niger,Nigeria,Slovakia,Slovenia',
  scanners:
    'Siemens Trio,Siemens TrioTim,Siemens Prisma,Siemens Prisma_fit,Siemens Skyra,GE Signa HDx,GE Signa HDxt,GE Discovery MR750,GE Discovery MR750w,Philips Ingenia,Philips Intera',
  enumerated:
    'siteA,siteB,site1,site2,UCLA,UCLB,SITEA,SITEB,HospitalA,HospitalB,center_a,center_b,grpa1,grpb1',
  'enumerated beside the word alone': 'scanner,scannera,scannerb',
  'in one place': 'hospitalax,hospitalex,hospitalix',
  Roman: 'bipolar I,bipolar II,Type I A,Type II A,stage IIIa,stage IVa',
  groups:
    'typical,atypical,symptomatic,asymptomatic,EMCI,LMCI,active,inactive,medicated,unmedicated,inferior,interior,RRMS,SPMS,right,left,responder,non-responder,APOE+,APOE-',
};

describe('misspelledLabels', () => {
  for (const [right, wrong] of slips) {
    it(`finds ${wrong} beside ${right}, the rarer second`, () => {
      assert.deepEqual(misspelledLabels([right, wrong, right, 'other']), [[right, wrong]]);
    });
  }
  for (const [what, names] of Object.entries(distinct)) {
    it(`leaves alone: ${what}`, () => assert.deepEqual(misspelledLabels(names.split(',')), []));
  }

  it('takes one of the labels that differ in how they are written, and leaves those to the other warning', () => {
    assert.deepEqual(misspelledLabels(['Siemens', 'SIEMENS', 'siemens ', 'Simens']).length, 1);
    assert.deepEqual(misspelledLabels(['Siemens', 'SIEMENS', null, 'siemens ']), []);
  });
  it('does not compare more labels than are sites or levels', () => {
    const many = Array.from({ length: 2001 }, (_, at) => `label ${at}`);
    assert.deepEqual(misspelledLabels([...many, 'Siemens', 'Simens']), []);
  });
});

describe('a table with misspelled labels', () => {
  const folder = temporaryFolder();
  const text = (labels: readonly string[], dx: readonly string[]): string =>
    `id,site,dx,x\n${labels.map((label, at) => `s${at},${label},${dx[at]},${at}.5`).join('\n')}\n`;
  const sites = ['Siemens', 'Siemens', 'Simens', 'Philips', 'Philips', 'Philips'];
  const dx = ['control', 'controls', 'control', 'patient', 'patient', 'control'];

  it('is loaded as it is, with warnings that name them and a remedy that works', async () => {
    const path = folder.write('t.csv', text(sites, dx));
    const cohort = await loadTable(path, { covariates: ['dx'], features: 'x' });
    assert.deepEqual(cohort.participants.sites, sites);
    assert.deepEqual(
      cohort.issues
        .filter(({ code }) => code === 'near-equal-labels')
        .map(({ message, suggestion, severity }) => [
          severity,
          message,
          suggestion.replace(/^.*merge them with /, ''),
        ]),
      [
        [
          'warning',
          'sites in column "site" of t.csv differ by one letter or two exchanged letters: "Siemens" (2) and "Simens" (1)',
          'sameSite.Simens: "Siemens"',
        ],
        [
          'warning',
          'levels in column "dx" of t.csv differ by one letter or two exchanged letters: "control" (3) and "controls" (1)',
          'sameLevel.dx.controls: "control"',
        ],
      ],
    );
    const merged = await loadTable(path, {
      covariates: ['dx'],
      features: 'x',
      sameSite: { Simens: 'Siemens' },
      sameLevel: { dx: { controls: 'control' } },
    });
    assert.ok(!merged.issues.some(({ code }) => code === 'near-equal-labels'));
  });

  it('names the option alone where a label holds what parts labels', async () => {
    const path = folder.write('p.csv', text(['St. Marys', 'St. Mary', 'A', 'A', 'St. Mary', 'A'], dx));
    const [issue] = (await loadTable(path, { features: 'x' })).issues.filter(
      ({ code }) => code === 'near-equal-labels',
    );
    assert.match(issue.suggestion, /merge them with the option sameSite$/);
  });
});
