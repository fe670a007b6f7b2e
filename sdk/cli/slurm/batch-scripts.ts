import { version } from '../../version';
import { shellWord } from '../wording';
import type { SlurmLimits } from './slurm-jobs';

/** What all batch scripts of a folder have in common. */
export interface ScriptPlace {
  /** The folder in which the command was given: paths among its words begin there. */
  readonly cwd: string;
  /** Lines before the command: modules to load, variables. */
  readonly setup: readonly string[];
  /** The words that start Concord. */
  readonly concord: readonly string[];
  /** Options of sbatch that all scripts have. */
  readonly options: readonly string[];
}

/** One batch script. */
export interface BatchScript {
  /** By which the job and its log are called. */
  readonly name: string;
  /** One line that says what it does. */
  readonly about: string;
  /** The words of the command; in an array, the participants of the task are added. */
  readonly words: readonly string[];
  readonly cores: number;
  readonly limits: SlurmLimits;
  /** How many tasks the array has, where it is one. */
  readonly tasks?: number;
  /** A folder whose new files show that a run made progress: then it is requeued when its time runs out. */
  readonly progress?: string;
}

/** Seconds before the time limit at which a task is asked to stop; Slurm may send the signal up to a minute earlier. */
const notice = 60;

/** A batch script of bash. */
export function batchScript(script: BatchScript, { cwd, setup, concord, options }: ScriptPlace): string {
  const { name, about, words, cores, limits, tasks, progress } = script;
  const array = tasks !== undefined;
  const own = [
    `--job-name=concord-${name}`,
    `--output=logs/${name}${array ? '-%a' : ''}.log`,
    '--open-mode=append',
    '--requeue',
    `--cpus-per-task=${cores}`,
    // To the shell only: it asks Concord to stop, and knows why.
    `--signal=B:USR2@${notice}`,
    ...(array ? [`--array=1-${tasks}`] : []),
    ...(limits.time === undefined ? [] : [`--time=${limits.time}`]),
    ...(limits.memory === undefined ? [] : [`--mem=${limits.memory}`]),
    ...options,
  ];
  const task = array ? `"${name}-$SLURM_ARRAY_TASK_ID"` : name;
  const command = [...concord, ...words].map(shellWord).join(' ');
  return `#!/bin/bash
${own.map((option) => `#SBATCH ${option}\n`).join('')}
# ${about} Written by concord slurm write ${version}; submit it with submit.sh beside it.

folder=\${SLURM_SUBMIT_DIR:-$PWD}
. "$folder/run-task.sh" || exit
cd -- ${shellWord(cwd)} || exit
${progress === undefined ? '' : `progress=${shellWord(progress)}\n`}${setup.map((line) => `${line}\n`).join('')}${
    array ? `participants=$(sed -n "\${SLURM_ARRAY_TASK_ID}p" "$folder/participants.txt")\n` : ''
  }run_task ${task} ${command}${array ? ' --participant-label="$participants"' : ''}
`;
}

/** What every task does: run its command, pass signals on, and note how it ended. */
export const runTaskScript: string = `# For the batch scripts of this folder: runs a command, and notes in records/NAME.tsv when it started and how it ended.
#
# SIGTERM (a job that is preempted, requeued or canceled) is passed on to the command, which keeps what it has and ends.
# Slurm starts a preempted job again by itself. SIGUSR2 comes before the time runs out: the command is asked to stop, and a job
# that has made progress is requeued.

run_task() {
  local name=$1 child='' status=0 got=0 why=-
  local record="$folder/records/$name.tsv" started="$folder/records/.$name.started"
  shift
  mkdir -p "$folder/records"
  : > "$started"
  printf 'started\\t%s\\t%s\\t%s\\t%s\\n' "$(date -u +%FT%TZ)" "\${SLURM_JOB_ID:--}" "\${SLURM_RESTART_COUNT:-0}" "$(hostname)" >> "$record"
  printf '== concord: %s started %s ==\\n' "$name" "$(date -u +%FT%TZ)"
  # TensorFlow reads how many cores it may use from here; the rest of Concord reads SLURM_CPUS_PER_TASK.
  export TF_NUM_INTRAOP_THREADS="\${TF_NUM_INTRAOP_THREADS:-\${SLURM_CPUS_PER_TASK:-1}}"
  export CONCORD_USED="$record"
  trap 'why=stopped; signaled=yes; [ -z "$child" ] || kill -TERM "$child" 2> /dev/null' TERM
  trap 'why=late; signaled=yes; [ -z "$child" ] || kill -TERM "$child" 2> /dev/null' USR2
  "$@" &
  child=$!
  # A signal that came before there was a process to pass it on to.
  [ "$why" = - ] || kill -TERM "$child" 2> /dev/null
  signaled=yes
  # A signal interrupts the waiting, which gives 143 or so. Waited for again, bash may say 127 or -1 of what has ended meanwhile:
  # then it is taken for interrupted.
  while [ "$signaled" = yes ]; do
    signaled=no
    wait "$child"
    got=$?
    if [ "$got" -lt 0 ]; then got=127; fi
    if [ "$got" -ne 127 ] || [ "$why" = - ]; then status=$got; elif [ "$status" -eq 0 ]; then status=143; fi
  done
  trap '' TERM USR2
  printf 'ended\\t%s\\t%s\\t%s\\n' "$(date -u +%FT%TZ)" "$status" "$why" >> "$record"
  if [ "$why" = late ] && [ "$status" -eq 143 ] && [ -n "\${progress:-}" ] &&
    [ -n "$(find "$progress" -newer "$started" -print -quit 2> /dev/null)" ]; then
    printf 'requeued\\t%s\\n' "$(date -u +%FT%TZ)" >> "$record"
    scontrol requeue "$SLURM_JOB_ID"
  fi
  exit "$status"
}
`;

/** Ways to say which jobs are submitted, for the head of `submit.sh`. */
const usage = {
  array: `#   bash submit.sh                  all tasks, then the group level once all have succeeded
#   bash submit.sh 3,7-9 --mem=8G   these tasks only, then the group level; options are those of sbatch, for the tasks
#   bash submit.sh group            the group level alone, of what is there`,
  single: `#   bash submit.sh                  the job; options are those of sbatch: bash submit.sh --time=24:00:00`,
} as const;

const head = (lines: string): string => `#!/bin/bash
# Submits the jobs of this folder to Slurm:
${lines}
set -euo pipefail
cd -- "$(dirname -- "\${BASH_SOURCE[0]}")"
if ! command -v sbatch > /dev/null; then
  echo 'submit.sh: there is no sbatch here: run it where jobs are submitted to Slurm' >&2
  exit 1
fi
mkdir -p logs records
# The number of a job, without the name of its cluster.
submit() { local job; job=$(sbatch --parsable "$@"); echo "\${job%%;*}"; }
`;

/** Submits an array of tasks and the group level after it. */
export function submitArrayScript(tasks: number, atOnce?: number): string {
  return `${head(usage.array)}
queued() { [ -n "$(squeue --noheader --jobs="$1" 2> /dev/null)" ]; }
only=no
tasks=1-${tasks}
case "\${1:-}" in
  group) only=group; shift ;;
  [0-9]*) tasks=$1; shift ;;
esac
touch arrays.txt groups.txt
if [ "$only" = group ]; then
  group=$(submit "$@" group.sh)
  echo "$group" >> groups.txt
  echo "submitted: the group level as job $group"
  exit
fi
array=$(submit --array="$tasks${atOnce === undefined ? '' : `%${atOnce}`}" "$@" participant.sh)
# Tasks of an earlier array that are still at work are waited for, however they end.
after=afterok:$array
while read -r earlier; do
  if queued "$earlier"; then after+=,afterany:$earlier; fi
done < arrays.txt
# One group level is enough: this one comes in place of those that still wait.
while read -r earlier; do
  if queued "$earlier"; then scancel --state=PENDING "$earlier" || true; fi
done < groups.txt
echo "$array" >> arrays.txt
group=$(submit --dependency="$after" --kill-on-invalid-dep=yes group.sh)
echo "$group" >> groups.txt
echo "submitted: tasks $tasks as array $array, the group level as job $group once all have succeeded"
`;
}

/** Submits one job. */
export const submitOneScript: string = `${head(usage.single)}
echo "submitted: job $(submit "$@" train.sh)"
`;
