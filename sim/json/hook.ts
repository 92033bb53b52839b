import type { Json } from './user.ts';
import type { Hook } from '../state/types.ts';

/** Where hooks hang: a repository, an organisation or an App. */
export interface Owner {
  readonly kind: Hook['owner']['kind'];
  readonly id: number;
  readonly api: string;
}

function configJson(hook: Hook): Json {
  return {
    content_type: hook.contentType,
    insecure_ssl: hook.insecureSsl,
    url: hook.url,
    ...(hook.secret === null ? {} : { secret: '********' }),
  };
}

/** A hook as its routes and the ping show it; its secret is never told. */
export function hookJson(owner: Owner, hook: Hook): Json {
  const url = `${owner.api}/hooks/${hook.id}`;
  return {
    type: owner.kind === 'repository' ? 'Repository' : 'Organization',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: configJson(hook),
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    ...(owner.kind === 'repository' ? { test_url: `${url}/test` } : {}),
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    ...(owner.kind === 'repository'
      ? {
          last_response: {
            code: hook.lastCode,
            status: hook.lastCode === null ? 'unused' : 'active',
            message: null,
          },
        }
      : {}),
  };
}
