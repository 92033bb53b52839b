import type { ProjectSettings } from '../../src/models/project.ts';

/** The settings of a project whose configuration says nothing of them. */
export const USUAL_SETTINGS: ProjectSettings = {
  staging: {
    batchLimit: 8,
    timeoutMs: 3_600_000,
    priority: 'default',
    latenessLimit: 0,
    uniquifier: false,
  },
  forwardport: {
    enabled: true,
    retryAfterMs: 3_600_000,
    retries: 24,
    branchRemovalAfterMs: 604_800_000,
  },
  reminders: { afterMs: 259_200_000, schedule: 'daily', at: '09:00' },
  reviewApproves: false,
  rights: {
    from: 'people',
    review: 'write',
    selfReview: 'nobody',
    overrides: 'nobody',
    admin: 'admin',
  },
  approverEmail: 'required',
  bots: [],
  apps: [],
  pagesUrl: 'http://127.0.0.1:8300',
};
