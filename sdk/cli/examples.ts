/** A line or two that can be typed, for the help of each command; methods bring their own to `harmonize` and `train`. */
export const examples: Readonly<Partial<Record<string, readonly string[]>>> = {
  apply: [
    'concord apply harmonized/ NEW.csv --out new/',
    'concord apply harmonized/model.json NEW.csv --unseen estimate --out new/',
    'concord apply MODEL NEW_BIDS --target SITE --out new/',
  ],
  audit: [
    'concord audit TABLE.csv HARMONIZED.csv --id subject --preserve age,sex --out audit/',
    'concord audit BIDS HARMONIZED_BIDS --target SITE --mask common --held-out --out audit/',
    'concord audit TABLE.csv HARMONIZED.csv --out audit/ --figures svg',
  ],
  compare: [
    'concord compare TABLE.csv --methods raw,combat,site-scaling --preserve age,sex --folds --out OUT',
    'concord compare BIDS --methods raw,z-score,nyul,murd,cyclegan --target SITE --json    # models that ship: npm install concord-mri-models',
    'concord compare BIDS --methods raw,z-score,nyul,ddae --model ddae=FOLDER --target SITE --out OUT',
    'concord compare BIDS --methods raw,nyul,ddae --model ddae=FOLDER --option ddae.keep=0.9 --option ddae.sampling-steps=50',
    'concord compare BIDS --methods raw,nyul,murd --train --train-steps 5000 --folds --target SITE --json',
  ],
  federate: [
    'concord federate init STUDY --hospitals Guys,HH --preserve age,sex    # the coordinator sends STUDY/study.json',
    'concord federate contribute study.json TABLE.csv --site SITE --hospital Guys --folder MINE    # then plan.json, fit.json',
    'concord federate combine STUDY Guys-counts.json HH-counts.json    # in each of three rounds',
    'concord federate finish result.json TABLE.csv --site SITE --folder MINE --out OUT',
  ],
  maps: [
    'concord maps harmonize SCANS.csv --files lh,rh --preserve age,sex --out harmonized/ --resume',
    'concord maps harmonize SCANS.csv --files lh --smooth age --effects --audit-vertices 500 --out harmonized/',
    'concord maps harmonize VISITS.csv --files lh,rh --method longitudinal --person participant --preserve age,sex --out harmonized/',
    'concord maps apply harmonized/ NEW.csv --files lh,rh --out new/',
    'concord maps draw harmonized/ --surface lh=fsaverage/surf/lh.inflated,rh=fsaverage/surf/rh.inflated --map-unit mm',
  ],
  preprocess: [
    'concord preprocess BIDS derivatives/concord participant',
    'concord preprocess BIDS derivatives/concord participant --slices axial --count 5 --size 128 --resume',
    'concord preprocess BIDS derivatives/concord participant --participant-label 01,02 --normalize white-stripe',
    'concord preprocess BIDS derivatives/concord group --normalize nyul',
  ],
  slurm: [
    'concord slurm write JOBS --measure --partition short -- preprocess BIDS derivatives/concord participant --slices axial',
    'concord slurm write JOBS --time 1:00:00 --mem 4G -- harmonize derivatives/concord --method murd --model MODEL --target SITE --out OUT',
    'concord slurm write JOBS --container concord.sif --time 1:00:00 --mem 4G -- preprocess BIDS derivatives/concord participant',
    'concord slurm write JOBS --measure --time 8:00:00 --sbatch gres=gpu:1 -- train derivatives/concord --out MODEL --steps 20000',
    'bash JOBS/submit.sh',
    'concord slurm summary JOBS',
  ],
  demo: ['concord demo', 'concord demo --seed 7 --out demo.html'],
  example: ['concord example', 'concord example --out thickness.csv'],
  'setup-tensorflow': [
    'concord setup-tensorflow',
    'concord setup-tensorflow --status',
    'concord setup-tensorflow --undo',
  ],
  kernel: ['concord kernel install', 'concord kernel install --sys-prefix --gpu', 'concord kernel remove'],
  doctor: ['concord doctor', 'concord doctor --json > doctor.json'],
};
