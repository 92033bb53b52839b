import { DefaultNamingStrategy, type Table } from 'typeorm';

/** `mergedSha` → `merged_sha`. */
function snakeCase(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

const named = (prefix: string, table: Table | string, columns: string[]) =>
  [prefix, typeof table === 'string' ? table : table.name, ...columns].join('_').slice(0, 63);

/** snake_case columns, and constraints whose names say what they guard (errors carry them to the log). */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined): string {
    return custom ?? snakeCase(property);
  }
  override primaryKeyName(table: Table | string): string {
    return named('pk', table, []);
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return named('fk', table, columns);
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return named('uq', table, columns);
  }
  override indexName(table: Table | string, columns: string[], where?: string): string {
    return named('ix', table, where ? [...columns, 'some'] : columns);
  }
}
