import { endlessPattern, saidCases } from './refusals';

/** Ways to say which jobs are submitted, for the head of `submit.sh`. */
const usage = {
  array: (
    last: string,
  ): string => `#   bash submit.sh                  all tasks, then ${last} once all have succeeded
#   bash submit.sh 3,7-9 --mem=8G   these tasks only, then ${last}; options are those of sbatch, for the tasks
#   bash submit.sh group            ${last} alone, of what is there`,
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
# What helps against what sbatch said when it refused a job.
remedy() {
  local most
  case "\${1,,}" in
    *'job array specification'*)
      most=$(scontrol show config 2> /dev/null | sed -n 's/^MaxArraySize *= *//p')
      echo "there are no tasks of these numbers, or more than this Slurm takes: write the jobs again with --tasks \${most:+$((most - 1)) }--overwrite" ;;
${saidCases('    ')}    *) echo 'what sbatch says above is why' ;;
  esac
}
# The number of a job, without the name of its cluster.
submit() {
  local job
  if ! job=$(sbatch --parsable "$@" 2> records/.said); then
    cat records/.said >&2
    echo "submit.sh: sbatch took no job ($(remedy "$(< records/.said)"))" >&2
    return 1
  fi
  cat records/.said >&2
  rm -f records/.said
  echo "\${job%%;*}"
}
# Says where a job would wait for ever. Slurm knows why a job waits a moment after it was submitted; one that runs waits for nothing.
warn() {
  local why
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    why=$(squeue --noheader --jobs="$1" --states=PENDING --format=%r 2> /dev/null | head -n 1) || true
    case "$why" in None | PartitionConfig) sleep 0.3 ;; *) break ;; esac
  done
  case "$why" in
    ${endlessPattern()})
      echo "submit.sh: job $1 would never start ($why); concord slurm summary on this folder says what helps" >&2 ;;
  esac
}
`;

/**
 * Submits an array of tasks and the job after it.
 *
 * @param last - what the job after it is
 */
export function submitArrayScript(
  tasks: number,
  { last, atOnce }: { readonly last: string; readonly atOnce?: number },
): string {
  return `${head(usage.array(last))}
queued() { [ -n "$(squeue --noheader --jobs="$1" 2> /dev/null)" ]; }
only=no
tasks=1-${tasks}
case "\${1:-}" in
  group) only=group; shift ;;
  [0-9]*) tasks=$1; shift ;;
esac
touch arrays.txt groups.txt
if [ "$only" = group ]; then
  group=$(submit "$@" group.sh) || exit
  echo "$group" >> groups.txt
  echo "submitted: ${last} as job $group"
  warn "$group"
  exit
fi
array=$(submit --array="$tasks${atOnce === undefined ? '' : `%${atOnce}`}" "$@" participant.sh) || exit
# Tasks of an earlier array that are still at work are waited for, however they end.
after=afterok:$array
while read -r earlier; do
  if queued "$earlier"; then after+=,afterany:$earlier; fi
done < arrays.txt
# One of these is enough: this one comes in place of those that still wait.
while read -r earlier; do
  if queued "$earlier"; then scancel --state=PENDING "$earlier" || true; fi
done < groups.txt
echo "$array" >> arrays.txt
if ! group=$(submit --dependency="$after" --kill-on-invalid-dep=yes group.sh); then
  echo "submit.sh: tasks $tasks are submitted as array $array, ${last} is not; once they are done: bash submit.sh group" >&2
  exit 1
fi
echo "$group" >> groups.txt
echo "submitted: tasks $tasks as array $array, ${last} as job $group once all have succeeded"
warn "$array"
`;
}

/** Submits one job, whose script has this name. */
export function submitOneScript(name: string): string {
  return `${head(usage.single)}
job=$(submit "$@" ${name}.sh) || exit
echo "$job" >> single.txt
echo "submitted: job $job"
warn "$job"
`;
}
