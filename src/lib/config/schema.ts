import { z } from 'zod';
import * as field from './fields.ts';
import { project } from './project.ts';

const server = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: field.port.prefault(8300),
    url: field.address.optional().describe('How people and GitHub reach it'),
    auth: z
      .enum(['open', 'required'])
      .default('open')
      .describe('required: reading needs a login as well, and no local caller is trusted'),
    proxies: z
      .int()
      .min(0)
      .max(10)
      .default(0)
      .describe('How many proxies stand before it: their word for a caller’s address is taken'),
    oauth: z
      .strictObject({ client_id: z.string().min(1), client_secret: field.secret })
      .transform((given) => ({ clientId: given.client_id, clientSecret: given.client_secret }))
      .optional()
      .describe('The OAuth application people log in with'),
  })
  .prefault({})
  .transform(({ url, ...rest }) => ({
    ...rest,
    url: url ?? `http://${rest.host.includes(':') ? `[${rest.host}]` : rest.host}:${rest.port}`,
  }));

const github = z
  .strictObject({
    api_url: field.address.prefault('https://api.github.com'),
    graphql_url: field.address.optional(),
    git_url: field.address.optional(),
    web_url: field.address.optional(),
    write_interval: field.duration
      .optional()
      .describe('Pause between two writing calls; 1s at github.com, none elsewhere'),
  })
  .prefault({})
  .transform((given) => {
    const around = addressesAround(given.api_url);
    return {
      apiUrl: given.api_url,
      graphqlUrl: given.graphql_url ?? around.graphql,
      gitUrl: given.git_url ?? around.web,
      webUrl: given.web_url ?? given.git_url ?? around.web,
      writeIntervalMs: given.write_interval ?? around.writeIntervalMs,
    };
  });

const database = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(?:ql)?:\/\//, 'must begin with postgres://')
      .pipe(field.secret)
      .optional()
      .describe('PostgreSQL; embedded below data_dir when left out'),
  })
  .prefault({});

const git = z
  .strictObject({
    program: z
      .string()
      .regex(/^\//, 'must be a path from the root of the disk')
      .optional()
      .describe('The git to run; that of the usual folders when left out'),
  })
  .prefault({});

/**
 * The whole file.
 *
 * @param cronNames the crons there are: this room must not know them.
 */
export function configSchema(cronNames: readonly string[]) {
  return z
    .strictObject({
      server,
      database,
      data_dir: z.string().min(1).default('./.stagecoach').describe('Relative to this file'),
      github,
      git,
      projects: z.array(project).min(1, 'must name a project'),
      crons: z
        .partialRecord(z.enum(cronNames), z.strictObject({ every: field.fallback }))
        .default({})
        .describe('When a cron is woken that nobody rang'),
    })
    .transform(({ data_dir, ...rest }) => ({ ...rest, dataDir: data_dir }));
}

/** What the configuration is once read: complete, checked, durations in milliseconds. */
export type Config = DeepReadonly<z.output<ReturnType<typeof configSchema>>>;
/** One project of it. */
export type ProjectConfig = Config['projects'][number];

type DeepReadonly<T> = T extends { reveal(): string }
  ? T
  : { readonly [K in keyof T]: DeepReadonly<T[K]> };

/** Where the rest of a GitHub lies when only its API is given: github.com, Enterprise Server, simulator. */
function addressesAround(api: string): { graphql: string; web: string; writeIntervalMs: number } {
  if (new URL(api).hostname === 'api.github.com') {
    return { graphql: `${api}/graphql`, web: 'https://github.com', writeIntervalMs: 1000 };
  }
  const web = api.replace(/\/api\/v3$/, '');
  const graphql = web === api ? `${api}/graphql` : `${web}/api/graphql`;
  return { graphql, web, writeIntervalMs: 0 };
}
