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
# The number of a job, without the name of its cluster.
submit() { local job; job=$(sbatch --parsable "$@"); echo "\${job%%;*}"; }
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
  group=$(submit "$@" group.sh)
  echo "$group" >> groups.txt
  echo "submitted: ${last} as job $group"
  exit
fi
array=$(submit --array="$tasks${atOnce === undefined ? '' : `%${atOnce}`}" "$@" participant.sh)
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
group=$(submit --dependency="$after" --kill-on-invalid-dep=yes group.sh)
echo "$group" >> groups.txt
echo "submitted: tasks $tasks as array $array, ${last} as job $group once all have succeeded"
`;
}

/** Submits one job, whose script has this name. */
export function submitOneScript(name: string): string {
  return `${head(usage.single)}
echo "submitted: job $(submit "$@" ${name}.sh)"
`;
}
