import { MISSING } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Outcome } from '../facts.ts';
import type { Reaction } from '../gateway.ts';

const query = `
mutation AddReaction($subject: ID!, $content: ReactionContent!) {
  addReaction(input: { subjectId: $subject, content: $content }) {
    reaction { content }
  }
}`;

const CONTENT: Readonly<Record<Reaction, string>> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  confused: 'CONFUSED',
  eyes: 'EYES',
  hooray: 'HOORAY',
  rocket: 'ROCKET',
};

/** Reacts to anything that has a global id; the only way for reviews. */
export async function mutateAddReaction(
  calls: Calls,
  subject: string,
  content: Reaction,
): Promise<Outcome> {
  const answer = await calls.graphql({
    operation: 'react',
    kind: 'repeatable',
    query,
    variables: { subject, content: CONTENT[content] },
  });
  return answer.kind === 'missing' ? MISSING : { kind: 'done' };
}
