import { z } from 'zod';
import { readAs } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { GitHubError } from '../errors.ts';
import type { Viewer } from '../facts.ts';
import { id, optionalText, text } from '../read.ts';
import { botLogin } from '../shapes.ts';
import { completeViewer } from '../rest/get-authenticated-user.ts';

const call = { operation: 'viewer', kind: 'read' } as const;
// No e-mail: that field needs a right which Apps do not have.
const query = `query Viewer { viewer { databaseId login name } }`;
const shape = z.object({ viewer: z.object({ databaseId: id, login: text, name: optionalText }) });

/** Who an App's installation acts as: its bot account, `name[bot]`. */
export async function queryViewer(calls: Calls): Promise<Viewer> {
  const answer = await calls.graphql({ ...call, query, variables: {} });
  if (answer.kind === 'missing') throw noViewer();
  const { databaseId, login, name } = readAs(shape, answer.data, call).viewer;
  return completeViewer({ id: databaseId, login: botLogin(login), name, email: null });
}

function noViewer(): GitHubError {
  return new GitHubError({
    operation: call.operation,
    status: 200,
    requestId: null,
    retryAfterMs: null,
    retryable: false,
    effect: 'none',
    detail: 'the account of these credentials does not exist any more',
  });
}
