import { ValidateJob } from '../models/queues.ts';
import { validateBatch } from '../staging/validate.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';
import { USUAL_RETRY } from './usual-retry.ts';

const validateQueue: Queue<ValidateJob> = {
  table: 'validate_job',
  entity: ValidateJob,
  ...USUAL_RETRY,
};

/** Tries batches early, while others are tested before them. */
export function validate(run: Run): Promise<void> {
  return drain(run, validateQueue, (row, finish) => validateBatch(run, row, finish));
}
