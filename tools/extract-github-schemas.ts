import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restRoutes } from '../sim/rest/routes.ts';

/*
 * Cuts what the simulator serves out of GitHub's published descriptions, as test data.
 *
 *   mkdir /tmp/github && npm i --prefix /tmp/github --ignore-scripts @octokit/openapi @octokit/openapi-webhooks
 *   node --import tsx tools/extract-github-schemas.ts /tmp/github
 *
 * The packages are hundreds of megabytes unpacked and are therefore no dependency of the project.
 * Two things are rewritten so that a JSON Schema validator takes them: `nullable` of OpenAPI 3.0 becomes
 * a union with null, and `oneOf` becomes `anyOf`: the published alternatives overlap, so that GitHub's own
 * examples fit several of them. Descriptions and examples are left out.
 */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Bag = Record<string, Json>;

const TARGET = join(import.meta.dirname, '../test/sim/github-schemas');

/** The events the simulator tells of; every action GitHub describes for them is taken. */
const EVENTS = [
  'check-run',
  'check-suite',
  'commit-comment',
  'create',
  'delete',
  'deployment',
  'deployment-status',
  'fork',
  'installation',
  'installation-repositories',
  'issue-comment',
  'issues',
  'label',
  'member',
  'organization',
  'ping',
  'pull-request',
  'pull-request-review',
  'pull-request-review-comment',
  'push',
  'repository',
  'status',
];

function bag(value: Json | undefined): Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A text, or nothing. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function read(folder: string, name: string): { description: Bag; version: string } {
  const at = join(folder, 'node_modules/@octokit', name);
  const description = JSON.parse(
    readFileSync(join(at, 'generated/api.github.com.json'), 'utf8'),
  ) as Bag;
  const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as Bag;
  return { description, version: textOf(manifest['version']) };
}

const DROPPED = new Set([
  'description',
  'title',
  'examples',
  'example',
  'externalDocs',
  'deprecated',
]);

/** A schema without prose, in plain JSON Schema; `properties` are names, not keywords. */
function plain(schema: Json, names = false): Json {
  if (Array.isArray(schema)) return schema.map((one) => plain(one));
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Bag = {};
  for (const [key, value] of Object.entries(schema)) {
    if (!names && (DROPPED.has(key) || key === 'nullable' || key.startsWith('x-'))) continue;
    if (!names && (key === 'enum' || key === 'default' || key === 'required')) result[key] = value;
    else
      result[!names && key === 'oneOf' ? 'anyOf' : key] = plain(
        value,
        !names && key === 'properties',
      );
  }
  return !names && schema['nullable'] === true ? orNull(result) : result;
}

function orNull(schema: Bag): Bag {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'];
  const more: Bag =
    Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { ...schema, type: [schema['type'], 'null'], ...more };
}

/** Adds every component a schema leads to. */
function collect(schema: Json, from: Bag, into: Bag): void {
  for (const match of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    const name = match[1] ?? '';
    if (name in into) continue;
    into[name] = plain(from[name] ?? {});
    collect(into[name], from, into);
  }
}

/** What may stand behind the question mark: each name with its schema. */
function queryOf(operation: Bag, description: Bag): Bag {
  const shared = bag(bag(description['components'])['parameters']);
  const given = operation['parameters'];
  const list = (Array.isArray(given) ? given : []).map((one) => {
    const name = textOf(bag(one)['$ref']).replace('#/components/parameters/', '');
    return bag(name === '' ? one : shared[name]);
  });
  const query = list.filter((one) => one['in'] === 'query');
  return Object.fromEntries(query.map((one) => [textOf(one['name']), plain(one['schema'] ?? {})]));
}

function operations(description: Bag): Bag {
  const wanted = new Set(restRoutes.map((one) => one.operation));
  const found: Bag = {};
  const shared = bag(bag(description['components'])['responses']);
  for (const [path, methods] of Object.entries(bag(description['paths'])))
    for (const [method, raw] of Object.entries(bag(methods))) {
      const operation = bag(raw);
      const id = textOf(operation['operationId']);
      if (!wanted.has(id)) continue;
      const content = bag(bag(operation['requestBody'])['content']);
      const body = bag(content['application/json'])['schema'];
      const request = { query: queryOf(operation, description), body: body ? plain(body) : null };
      const responses: Bag = {};
      for (const [status, answer] of Object.entries(bag(operation['responses']))) {
        const name = textOf(bag(answer)['$ref']).replace('#/components/responses/', '');
        const said = bag(bag(name === '' ? answer : shared[name])['content']);
        const json = bag(said['application/json'] ?? said['application/scim+json']);
        responses[status] = json['schema'] === undefined ? null : plain(json['schema']);
      }
      found[id] = { method: method.toUpperCase(), path, request, responses };
    }
  return found;
}

function webhooks(description: Bag): Bag {
  const found: Bag = {};
  for (const [name, raw] of Object.entries(bag(description['webhooks']))) {
    if (!EVENTS.some((event) => name === event || name.startsWith(`${event}-`))) continue;
    const content = bag(bag(bag(bag(raw)['post'])['requestBody'])['content']);
    found[name] = plain(bag(content['application/json'])['schema'] ?? {});
  }
  return found;
}

function write(name: string, what: { source: string; roots: Bag; components: Bag }): void {
  const schemas: Bag = {};
  collect(what.roots, what.components, schemas);
  const json = { source: what.source, roots: what.roots, components: { schemas } };
  const text = `${JSON.stringify(json)}\n`;
  writeFileSync(join(TARGET, name), text);
  process.stdout.write(`${name}: ${Object.keys(what.roots).length} roots, ${text.length} bytes\n`);
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder with the two packages');
mkdirSync(TARGET, { recursive: true });
const rest = read(folder, 'openapi');
const hooks = read(folder, 'openapi-webhooks');
const schemasOf = (one: Bag): Bag => bag(bag(one['components'])['schemas']);
write('rest.json', {
  source: `@octokit/openapi ${rest.version}`,
  roots: operations(rest.description),
  components: schemasOf(rest.description),
});
write('webhooks.json', {
  source: `@octokit/openapi-webhooks ${hooks.version}`,
  roots: webhooks(hooks.description),
  components: schemasOf(hooks.description),
});
const known = new Set(Object.keys(operations(rest.description)));
const unknown = restRoutes.filter((one) => !known.has(one.operation));
for (const one of unknown)
  process.stdout.write(`no such operation: ${one.method} ${one.operation}\n`);
