import { Refused } from '../errors.ts';
import { text, type Call } from '../http/call.ts';
import { userByLogin } from '../state/state.ts';
import type { User } from '../state/types.ts';
import { html, type Html } from './html.ts';

/** The choice of who acts: pages of the simulator need no password. */
export function whoActs(call: Call): Html {
  const chosen = /(?:^|;\s*)as=([^;]+)/.exec(call.headers.cookie ?? '')?.[1];
  const people = [...call.state.users.values()].filter((one) => one.type !== 'Organization');
  const options = people.map((one) =>
    one.login === chosen
      ? html`<option selected>${one.login}</option>`
      : html`<option>${one.login}</option>`,
  );
  return html`<label
    >as
    <select name="as">
      ${options}
    </select></label
  >`;
}

/** The person a form was sent as. @throws Refused 422 for nobody. */
export function actingUser(call: Call): User {
  const user = userByLogin(call.state, text(call, 'as') ?? '');
  if (!user) throw new Refused(422, 'Choose who acts.');
  return user;
}

/** Remembers who acted for the next form. */
export function rememberHim(user: User): Record<string, string> {
  return { 'set-cookie': `as=${user.login}; Path=/; SameSite=Lax` };
}
