/** Payloads of webhooks as GitHub sends them, cut to what matters and a little more. */

const SHA = 'a'.repeat(40);
const BASE_SHA = 'b'.repeat(40);

/** Any JSON object. */
export type Json = Record<string, unknown>;

export const alice = { id: 1001, login: 'alice', type: 'User', node_id: 'U_1001' };
const repository = {
  id: 77,
  full_name: 'acme/app',
  private: false,
  clone_url: 'http://169.254.169.254/app.git',
};

/** A pull request of alice's fork to `master`. */
export function pullRequest(changed: Json = {}): Json {
  return {
    id: 5_000_000_001,
    number: 12,
    title: 'Add g',
    body: 'because',
    state: 'open',
    draft: false,
    merged: false,
    merged_at: null,
    head: { sha: SHA, ref: 'add-g', label: 'alice:add-g', repo: { full_name: 'alice/app' } },
    base: { sha: BASE_SHA, ref: 'master' },
    user: alice,
    created_at: '2026-03-01T10:00:00Z',
    updated_at: '2026-03-01T11:00:00Z',
    labels: [{ id: 1, name: 'forwardport' }],
    commits: 2,
    ...changed,
  };
}

/** Frames a payload with repository and sender. */
export function sent(payload: Json): Json {
  return { repository, sender: alice, ...payload };
}

/** A check run in the middle of its work. */
export function checkRun(changed: Json = {}): Json {
  return {
    id: 9,
    name: 'ci/test',
    head_sha: SHA,
    status: 'in_progress',
    conclusion: null,
    started_at: '2026-03-01T10:00:00Z',
    completed_at: null,
    html_url: 'https://github.test/acme/app/runs/9',
    details_url: null,
    output: { title: null },
    ...changed,
  };
}

/** One good payload of each event the bot reads. */
export const PAYLOADS: Readonly<Record<string, Json>> = {
  pull_request: sent({ action: 'opened', number: 12, pull_request: pullRequest() }),
  issue_comment: sent({
    action: 'created',
    issue: { number: 12, pull_request: { url: 'x' } },
    comment: { id: 31, user: alice, body: 'stagecoach r+', created_at: '2026-03-01T12:00:00Z' },
  }),
  pull_request_review: sent({
    action: 'submitted',
    pull_request: { number: 12 },
    review: {
      id: 41,
      node_id: 'PRR_41',
      user: alice,
      body: null,
      state: 'approved',
      commit_id: SHA,
      submitted_at: '2026-03-01T12:00:00Z',
    },
  }),
  status: sent({
    id: 51,
    sha: SHA,
    context: 'ci/test',
    state: 'success',
    description: null,
    target_url: 'https://ci.test/1',
    updated_at: '2026-03-01T12:00:00Z',
  }),
  check_run: sent({ action: 'created', check_run: checkRun() }),
  check_suite: sent({ action: 'completed', check_suite: { head_sha: SHA } }),
  push: sent({ ref: 'refs/heads/master', before: BASE_SHA, after: SHA, forced: false }),
  ping: { zen: 'Keep it simple.', hook_id: 3 },
};
