import { version } from '../../version';
import { shellWord } from '../wording';
import type { SlurmLimits } from './slurm-jobs';

/** What all batch scripts of a folder have in common. */
export interface ScriptPlace {
  /** The folder in which the command was given: paths among its words begin there. */
  readonly cwd: string;
  /** Lines before the command: modules to load, variables. */
  readonly setup: readonly string[];
  /** What starts Concord, as bash reads it: its words, each quoted. */
  readonly concord: string;
  /** Lines that `concord` needs, after `setup`. */
  readonly preparing: readonly string[];
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
  /** A file, or a folder whose files, when they are new, show that a run made progress: then it is requeued when its time runs out. */
  readonly progress?: string;
  /** A word that is added where Slurm starts the job again after it was stopped: what its earlier run wrote may be there. */
  readonly again?: string;
}

/** Seconds before the time limit at which a task is asked to stop; Slurm may send the signal up to a minute earlier. */
const notice = 60;

/** A batch script of bash. */
export function batchScript(script: BatchScript, place: ScriptPlace): string {
  const { cwd, setup, concord, preparing, options } = place;
  const { name, about, words, cores, limits, tasks, progress, again } = script;
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
  const command = `${concord} ${words.map(shellWord).join(' ')}`;
  const before = [
    ...(progress === undefined ? [] : [`progress=${shellWord(progress)}`]),
    ...setup,
    ...preparing,
    ...(array ? [`participants=$(sed -n "\${SLURM_ARRAY_TASK_ID}p" "$folder/participants.txt")`] : []),
    ...(again === undefined ? [] : ['again=()', `if was_stopped ${name}; then again=(${again}); fi`]),
  ];
  const after = array ? ' --participant-label="$participants"' : again === undefined ? '' : ' "${again[@]}"';
  return `#!/bin/bash
${own.map((option) => `#SBATCH ${option}\n`).join('')}
# ${about} Written by concord slurm write ${version}; submit it with submit.sh beside it.

folder=\${SLURM_SUBMIT_DIR:-$PWD}
. "$folder/run-task.sh" || exit
cd -- ${shellWord(cwd)} || exit
${before.map((line) => `${line}\n`).join('')}run_task ${task} ${command}${after}
`;
}

/** What every task does: run its command, pass signals on, and note how it ended. */
export const runTaskScript: string = `# For the batch scripts of this folder: runs a command, and notes in records/NAME.tsv when it started and how it ended.
#
# SIGTERM (a job that is preempted, requeued or canceled) is passed on to the command, which keeps what it has and ends.
# Slurm starts a preempted job again by itself. SIGUSR2 comes before the time runs out: the command is asked to stop, and a job
# that has made progress is requeued.

# Whether this job was started before, and was stopped or killed then.
was_stopped() {
  awk -F '\\t' -v job="\${SLURM_JOB_ID:--}" '
    $1 == "started" { stopped = $3 == job }
    $1 == "ended" && $3 != 143 { stopped = 0 }
    END { exit !stopped }' "$folder/records/$1.tsv" 2> /dev/null
}

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
