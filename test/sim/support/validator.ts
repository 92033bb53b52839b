import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type Format, type ValidateFunction } from 'ajv';
import { unpublishedFields } from './unpublished.ts';

/** One disagreement with what GitHub publishes. */
export interface Deviation {
  /** Operation, status and place in the body, with N for each index: `pulls/list 200 /N/user/login`. */
  readonly place: string;
  /** What the validator says. */
  readonly complaint: string;
}

interface Extract<T> {
  readonly source: string;
  readonly roots: Readonly<Record<string, T>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const FOLDER = join(import.meta.dirname, '../github-schemas');

const anything = true;

/** The formats GitHub's descriptions name. */
const FORMATS: Readonly<Record<string, Format>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamp: /^\d{4}-\d\d-\d\dT/,
  // Where there is no address GitHub writes an empty one; some of its schemas have it as their default.
  uri: { validate: (text: string) => text === '' || URL.canParse(text) },
  'uri-template': { validate: (text: string) => URL.canParse(text.replace(/\{[^}]*\}/g, '')) },
  'uri-reference': { validate: (text: string) => URL.canParse(text, 'http://github.test') },
  email: /^[^@\s]+@[^@\s]+$/,
  'repo.nwo': /^[\w.-]+\/[\w.-]+$/,
  'repo-name': /^[\w.-]+$/,
  hostname: /^[\w.-]+(:\d+)?$/,
  'ssh-url': /^(git@|ssh:)/,
  int64: { type: 'number', validate: Number.isSafeInteger },
};

/** One of the extracts in `github-schemas`, made into validators as they are needed. */
export class Validator<T> {
  readonly roots: Extract<T>['roots'];
  readonly #schemas: Extract<T>['components']['schemas'];
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(name: string) {
    const extract = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Extract<T>;
    this.roots = extract.roots;
    this.#schemas = extract.components.schemas;
    this.#ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false });
    for (const [format, rule] of Object.entries(FORMATS)) this.#ajv.addFormat(format, rule);
    this.#ajv.addFormat('path', anything);
    this.#ajv.addSchema({ $id: 'github', components: extract.components });
  }

  /** Everything that is wrong with a value, each place once; `key` names what it is, and its schema. */
  deviations(key: string, schema: unknown, value: unknown): Deviation[] {
    const known = this.#compiled.get(key) ?? this.#ajv.compile(rooted(schema) as object);
    this.#compiled.set(key, known);
    const found = new Map<string, Deviation>();
    if (!known(value))
      for (const error of known.errors ?? []) {
        const place = `${key} ${placeOf(error)}`.trim();
        const complaint = `${error.message ?? ''} ${JSON.stringify(error.params)}`;
        if (!found.has(place)) found.set(place, { place, complaint });
      }
    return [...found.values()];
  }

  /** The fields of a value that its schema does not name. */
  unpublished(key: string, schema: unknown, value: unknown): Deviation[] {
    return unpublishedFields(this.#schemas, schema, value).map((path) => ({
      place: `${key} ${path}`,
      complaint: 'GitHub publishes no such field',
    }));
  }
}

/** Where it is: the path of the value, or of the field that is missing there. */
function placeOf({ instancePath, params }: ErrorObject): string {
  const missing: unknown = params['missingProperty'];
  const path = typeof missing === 'string' ? `${instancePath}/${missing}` : instancePath;
  return path.replace(/\/\d+(?=\/|$)/g, '/N');
}

/** Points references into the one shared document. */
function rooted(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/'),
  ) as unknown;
}
