import { parseArgs } from 'node:util';
import { printReport, type Report, summarise } from './figures.ts';
import { ingest } from './ingest.ts';
import { land } from './land.ts';
import { port } from './port.ts';
import { queue } from './queue.ts';
import { scale } from './scale.ts';
import { staging } from './staging.ts';
import { wake } from './wake.ts';

/** What can be measured. A new benchmark is a line here and a paragraph in bench/README.md. */
const BENCHES: Readonly<Record<string, () => Promise<Report>>> = {
  wake,
  queue,
  ingest,
  port,
  staging,
  land,
  scale,
};

function readArguments(): { name: string; json: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0 || !Object.hasOwn(BENCHES, name)) return null;
    return { name, json: values.json };
  } catch {
    return null; // an option that does not exist
  }
}

const given = readArguments();
if (given === null) {
  console.error(`usage: npm run bench -- NAME [--json]`);
  console.error(`NAME is one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  const report = await BENCHES[given.name]?.();
  if (report === undefined) throw new Error(given.name);
  const { bench, about, series } = report;
  const figures = { bench, about, node: process.version, series: series.map(summarise) };
  console.log(given.json ? JSON.stringify(figures, null, 2) : printReport(report));
}
