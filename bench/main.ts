import { parseArgs } from 'node:util';
import { atMost, printReport, type Report, summarise } from './figures.ts';
import { ingest } from './ingest.ts';
import { land } from './land.ts';
import { port } from './port.ts';
import { queue } from './queue.ts';
import { scale } from './scale.ts';
import { staging } from './staging.ts';
import { wake } from './wake.ts';

/** What a benchmark may be told. */
interface Options {
  /** Generated histories of `port`. */
  readonly cases?: number;
}

/** What can be measured. A new benchmark is a line here and a paragraph in bench/README.md. */
const BENCHES: Readonly<Record<string, (options: Options) => Promise<Report>>> = {
  wake,
  queue,
  ingest,
  port,
  staging,
  land,
  scale,
};

const RESIDENT_MB = 300;

interface Arguments {
  readonly name: string;
  readonly json: boolean;
  /** Exit code 1 when a target is missed. */
  readonly check: boolean;
  readonly cases?: string;
}

function readArguments(): Arguments | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        cases: { type: 'string' },
      },
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0 || !Object.hasOwn(BENCHES, name)) return null;
    return { name, ...values };
  } catch {
    return null; // an option that does not exist
  }
}

const given = readArguments();
if (given === null) {
  console.error(`usage: npm run bench -- NAME [--json] [--check] [--cases N]`);
  console.error(`NAME is one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  const report = await BENCHES[given.name]?.(
    given.cases === undefined ? {} : { cases: Number(given.cases) },
  );
  if (report === undefined) throw new Error(given.name);
  const { bench, about, series, targets = [] } = report;
  const { residentMb = process.resourceUsage().maxRSS / 1024 } = report;
  const whose =
    report.residentMb === undefined ? 'with what it is compared with' : 'the server alone';
  const goals = [...targets, atMost(RESIDENT_MB, residentMb, `MB resident at most, ${whose}`)];
  const figures = {
    bench,
    about,
    node: process.version,
    series: series.map(summarise),
    targets: goals,
  };
  console.log(
    given.json ? JSON.stringify(figures, null, 2) : printReport({ ...report, targets: goals }),
  );
  if (given.check && !goals.every((goal) => goal.reached)) process.exitCode = 1;
}
