// Writes the example table that comes with Concord, and the JSON beside it that says how it was simulated:
// npm run build:example
import { exampleTable, writeTable } from 'concord-mri';
import { exampleCohort } from './example-cohort';

void writeTable(exampleCohort(), exampleTable(), { overwrite: true });
