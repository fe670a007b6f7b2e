/** The programs that run an image for a user of a cluster; Docker wants rights that jobs do not have. */
export const containerPrograms: readonly string[] = ['apptainer', 'singularity'];
