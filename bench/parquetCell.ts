/**
 * One writer in a process of its own, for `bench/parquet.ts`: `library` and `typed` write the same 12 columns, 5 million
 * rows unless said, from typed arrays (the library's own path; ours), `rows` collects Row objects, sorts and writes them
 * as a run does. Says its seconds and rows as JSON.
 */
import { statSync } from "node:fs";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Block, Column } from "../src/sinks/column.ts";
import { manyRow } from "./manyRows.ts";

const [kind, rowsText, path, spillText] = process.argv.slice(2) as [string, string, string, string];
const count = Number(rowsText);

const texts = {
  forecast: ["four", "one", "three", "two"],
  metric: Array.from({ length: 12 }, (_, i) => `metric ${`${i}`.padStart(2, "0")}`),
  region: Array.from({ length: 60 }, (_, i) => `region ${`${i}`.padStart(2, "0")}`),
  station: Array.from({ length: 2000 }, (_, i) => `station=${10_000 + i}`),
};
const start = Date.UTC(2020, 0, 1);

/** The cells of row `i`; the same for both writers. */
const cellsAt = (i: number) => {
  const lead = i % 41;
  const init = start + (Math.floor(i / 41) % 1460) * 43_200_000;
  const value = ((i * 2_654_435_761) % 4_294_967_296) / 1e8;
  return {
    init,
    valid: init + lead * 21_600_000,
    forecast: Math.floor(i / 59_860) % 4,
    metric: Math.floor(i / 410) % 12,
    region: i % 60,
    station: Math.floor(i / 2500) % 2000,
    case: Math.floor(i / 125_000),
    lead: 6 * lead,
    value: i % 1000 === 0 ? Number.NaN : value,
    lower: Math.round(value * 10) / 10 - 1,
    upper: Math.round(value * 10) / 10 + 1,
    n: 100 + (i % 900),
  };
};

const library = async () => {
  const together = 250_000;
  const writer = fileWriter(path);
  let parquet: ParquetWriter | undefined;
  for (let from = 0; from < count; from += together) {
    const length = Math.min(together, count - from);
    const times = () => new BigInt64Array(length);
    const strings = () => new Array<string>(length);
    const [init, valid, n, cases, lead] = [
      times(),
      times(),
      times(),
      new Int32Array(length),
      new Int32Array(length),
    ];
    const [forecast, metric, region, station] = [strings(), strings(), strings(), strings()];
    const [value, lower, upper] = [
      new Float64Array(length),
      new Float64Array(length),
      new Float64Array(length),
    ];
    for (let i = 0; i < length; i++) {
      const cells = cellsAt(from + i);
      init[i] = BigInt(cells.init);
      valid[i] = BigInt(cells.valid);
      forecast[i] = texts.forecast[cells.forecast]!;
      metric[i] = texts.metric[cells.metric]!;
      region[i] = texts.region[cells.region]!;
      station[i] = texts.station[cells.station]!;
      cases[i] = cells.case;
      lead[i] = cells.lead;
      value[i] = cells.value;
      lower[i] = cells.lower;
      upper[i] = cells.upper;
      n[i] = BigInt(cells.n);
    }
    const columnData = [
      { name: "init", data: init, type: "TIMESTAMP" as const },
      { name: "valid", data: valid, type: "TIMESTAMP" as const },
      { name: "forecast", data: forecast, type: "STRING" as const },
      { name: "metric", data: metric, type: "STRING" as const },
      { name: "region", data: region, type: "STRING" as const },
      { name: "station", data: station, type: "STRING" as const },
      { name: "case", data: cases, type: "INT32" as const },
      { name: "lead", data: lead, type: "INT32" as const },
      { name: "value", data: value, type: "DOUBLE" as const },
      { name: "lower", data: lower, type: "DOUBLE" as const },
      { name: "upper", data: upper, type: "DOUBLE" as const },
      { name: "n", data: n, type: "INT64" as const },
    ];
    parquet ??= new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData }) });
    await parquet.write({ columnData, rowGroupSize: together });
  }
  await parquet!.finish();
};

const built = (file: string) => import(new URL(`../dist/sinks/${file}`, import.meta.url).href);

const typed = async () => {
  const { writeTable } = await built("parquet/writeTable.js");
  const column = (name: string, type: Column["type"]): Column => ({ name, type, nullable: false });
  const columns = [
    ...[column("init", "timestamp"), column("valid", "timestamp")],
    ...Object.keys(texts).map((name) => column(name, "string")),
    ...[column("case", "int32"), column("lead", "int32")],
    ...["value", "lower", "upper"].map((name) => column(name, "double")),
    column("n", "int64"),
  ];
  function* blocks(rows: number): Generator<Block> {
    const words = columns.map(({ type }) => new Uint32Array((type === "string" ? 1 : 2) * rows));
    const number = (c: number) => new Float64Array(words[c]!.buffer);
    const [init, valid, cases, lead] = [number(0), number(1), number(6), number(7)];
    const [value, lower, upper, n] = [number(8), number(9), number(10), number(11)];
    const [, , forecast, metric, region, station] = words as Uint32Array[];
    for (let from = 0; from < count; from += rows) {
      const length = Math.min(rows, count - from);
      for (let i = 0; i < length; i++) {
        const cells = cellsAt(from + i);
        init[i] = cells.init;
        valid[i] = cells.valid;
        forecast![i] = cells.forecast + 1;
        metric![i] = cells.metric + 1;
        region![i] = cells.region + 1;
        station![i] = cells.station + 1;
        cases[i] = cells.case;
        lead[i] = cells.lead;
        value[i] = cells.value;
        lower[i] = cells.lower;
        upper[i] = cells.upper;
        n[i] = cells.n;
      }
      yield { length, words };
    }
  }
  const ofTexts = columns.map(({ name }) => texts[name as keyof typeof texts] ?? []);
  await writeTable(path, { columns, texts: ofTexts, blocks });
};

const rows = async () => {
  const { resultTable } = await built("resultTable.js");
  const { writeParquet } = await built("parquet/writeParquet.js");
  const table = resultTable([], { path, bytes: Number(spillText) });
  for (let i = 0; i < count; i++) table.add(manyRow(i, count));
  const collected = (performance.now() - began) / 1000;
  await writeParquet(path, table);
  table.close();
  return { collected };
};

const began = performance.now();
const more = kind === "library" ? await library() : kind === "typed" ? await typed() : await rows();
const seconds = (performance.now() - began) / 1000;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const cpu = (userCPUTime + systemCPUTime) / 1e6;
console.log(JSON.stringify({ seconds, cpu, rss: maxRSS * 1024, bytes: statSync(path).size, ...more }));
