type Schema = Readonly<Record<string, unknown>>;
type Schemas = Readonly<Record<string, unknown>>;

/** What a schema says of an object's fields, all its alternatives together. */
interface Shape {
  readonly fields: Map<string, Schema[]>;
  /** It takes any field. */
  open: boolean;
  readonly items: Schema[];
}

const shapes = new WeakMap<object, Shape>();

/**
 * The places (with N for an index) of fields that no alternative of the schema names. Descriptions rarely forbid them; but a
 * bot must not come to rely on a field that GitHub does not have.
 */
export function unpublishedFields(all: Schemas, schema: unknown, value: unknown): string[] {
  const found = new Set<string>();
  walk(value, '', [shapeOf(all, schema)]);
  return [...found];

  function walk(one: unknown, path: string, at: readonly Shape[]): void {
    if (Array.isArray(one)) {
      const items = at.flatMap((shape) => shape.items).map((item) => shapeOf(all, item));
      if (items.length > 0) for (const each of one) walk(each, `${path}/N`, items);
    } else if (typeof one === 'object' && one !== null) object(one as Schema, path, at);
  }

  function object(one: Schema, path: string, at: readonly Shape[]): void {
    if (at.some((shape) => shape.open || shape.fields.size === 0)) return;
    for (const [name, inner] of Object.entries(one)) {
      const known = at.flatMap((shape) => shape.fields.get(name) ?? []);
      if (known.length === 0) found.add(`${path}/${name}`);
      else
        walk(
          inner,
          `${path}/${name}`,
          known.map((each) => shapeOf(all, each)),
        );
    }
  }
}

function shapeOf(all: Schemas, schema: unknown): Shape {
  const key = isSchema(schema) ? schema : {};
  const known = shapes.get(key);
  if (known) return known;
  const shape: Shape = { fields: new Map(), open: false, items: [] };
  shapes.set(key, shape);
  gather(all, key, shape);
  return shape;
}

function gather(all: Schemas, schema: Schema, into: Shape): void {
  const { $ref, properties, additionalProperties: more, items } = schema;
  if (typeof $ref === 'string') {
    const target = all[$ref.replace('#/components/schemas/', '')];
    if (isSchema(target)) gather(all, target, into);
    return;
  }
  if (more === true || isSchema(more)) into.open = true;
  if (isSchema(items)) into.items.push(items);
  for (const [name, field] of Object.entries(isSchema(properties) ? properties : {}))
    into.fields.set(name, [...(into.fields.get(name) ?? []), ...(isSchema(field) ? [field] : [])]);
  for (const word of ['allOf', 'anyOf', 'oneOf']) {
    const parts = schema[word];
    for (const part of Array.isArray(parts) ? (parts as unknown[]) : [])
      if (isSchema(part)) gather(all, part, into);
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
