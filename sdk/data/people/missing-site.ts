/**
 * The site of a scan of which nobody said where it was made. Steps that need no site take such scans; what learns from
 * sites refuses them. Written into a table it is a missing cell, so that no dataset can have a site of this name.
 */
export const missingSite = 'n/a';
