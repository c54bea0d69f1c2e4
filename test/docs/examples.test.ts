/**
 * Every example of the documents is run as it stands, in a folder of its own: files are written under the names they
 * bear, commands of ewb and node are run in turn, SQL is put to DuckDB. Stores of the examples are those of the sample.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parseCases } from "../../src/catalog/caseFile.ts";
import { parseDataSet } from "../../src/catalog/dataSetFile.ts";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { writeZarr } from "../../src/sinks/zarr/writeZarr.ts";
import { wholeArray, type ZarrArray } from "../../src/sinks/zarr/zarrArray.ts";
import { cache, ewb, run, temporary } from "../cli/ewb.ts";
import { type Block, blocksOf, commandsOf } from "./blocks.ts";
import { Jobs } from "./jobs.ts";

const root = resolve(".");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs").map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));
const textOf = (document: string): string => readFileSync(document, "utf8");

/** Commands that are not run: they are what runs this test, or work on the checkout. */
const listed = ["npm ci && npm test", "npx vitest run test/operators/metrics", "npx biome check --write ."];

/** Wind components of two sources on the hours of the documents' cases. */
const putWinds = async (folder: string): Promise<void> => {
  const [latitude, longitude] = [40, -10].map((from) =>
    Float64Array.from({ length: 8 }, (_, i) => from + 3 * i),
  );
  const axis = (name: string, values: Float64Array, attributes: Record<string, string>): ZarrArray =>
    wholeArray({ name, dims: [name], shape: [values.length], dtype: "float64", values, attributes });
  const grid = [
    axis("latitude", latitude!, { units: "degrees_north" }),
    axis("longitude", longitude!, { units: "degrees_east" }),
  ];
  const wind = (
    name: string,
    dims: readonly string[],
    shape: readonly number[],
    speed: number,
  ): ZarrArray => {
    const full = [...shape, 8, 8];
    const values = new Float32Array(full.reduce((a, b) => a * b)).fill(speed);
    const attributes = { units: "m s-1" };
    return wholeArray({
      name,
      dims: [...dims, "latitude", "longitude"],
      shape: full,
      dtype: "float32",
      values,
      attributes,
    });
  };
  const hours = Float64Array.from({ length: 13 }, (_, i) => 6 * i);
  const time = axis("time", hours, { units: "hours since 2024-07-08" });
  await writeZarr(join(folder, "wind-analysis.zarr"), {
    arrays: [time, ...grid, wind("u10", ["time"], [13], 3), wind("v10", ["time"], [13], 4)],
  });
  const dims = ["time", "lead_time"];
  await writeZarr(join(folder, "winds.zarr"), {
    arrays: [
      axis("time", hours.slice(0, 3), { units: "hours since 2024-07-08" }),
      axis("lead_time", hours.slice(0, 5), { units: "hours" }),
      ...grid,
      wind("u10", dims, [3, 5], 6),
      wind("v10", dims, [3, 5], 8),
    ],
  });
};

/** A folder as a reader of the documents has it: stores of the names used there, ewb installed. */
const folderFor = async (blocks: readonly Block[]): Promise<string> => {
  const folder = temporary();
  const sample = join(cache, readdirSync(cache).find((name) => /^sample-v1-[0-9a-f]+$/.test(name))!);
  const links = {
    "my-model.zarr": join(sample, "model-a.zarr"),
    "analysis.zarr": join(sample, "era5.zarr"),
    "stations.parquet": join(sample, "stations.parquet"),
    "climatology.zarr": join(sample, "climatology.zarr"),
    pipelines: join(root, "pipelines"),
    "node_modules/ewb": root,
    "node_modules/rxjs": join(root, "node_modules/rxjs"),
    "node_modules/vitest": join(root, "node_modules/vitest"),
    "node_modules/@types": join(root, "node_modules/@types"),
  };
  mkdirSync(join(folder, "node_modules"));
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(folder, name));
  for (const { file, text } of blocks) {
    if (file === undefined) continue;
    const here = text
      .replaceAll("https://example.org/model-b.zarr", join(sample, "model-b.zarr"))
      .replaceAll("gs://example-bucket/analysis.zarr", join(sample, "era5.zarr"));
    writeFileSync(join(folder, file), here);
  }
  if (blocks.some(({ text }) => text.includes("winds.zarr"))) await putWinds(folder);
  return folder;
};

const execute = (command: string, cwd: string) => {
  const [program = "", ...args] = command
    .replace(/^npm ci && /, "")
    .replace(/^npx ewb\b/, "ewb")
    .split(/\s+/);
  if (program === "ewb") return ewb(args, { cwd });
  if (program === "node") return run(process.execPath, args, { cwd });
  return run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args.slice(1)], { cwd });
};

beforeAll(async () => {
  // Makes the sample, whose stores the examples use.
  expect((await ewb(["cases"])).code).toBe(0);
}, 60_000);

describe.each(documents)("%s", (document) => {
  const blocks = blocksOf(textOf(document));

  test("its blocks are of languages that are checked", () => {
    for (const { language, file, line } of blocks) {
      expect(["sh", "sql", "ts", "js", "yaml", "text"], `line ${line}`).toContain(language);
      if (["ts", "js", "yaml"].includes(language)) expect(file, `line ${line} names its file`).toBeDefined();
    }
  });

  test("its YAML is valid", () => {
    for (const { language, file, text } of blocks) {
      if (language !== "yaml") continue;
      if (/^forecasts:/m.test(text))
        expect(parseDataSet(text, `/data/${file}`).forecasts.length).toBeGreaterThan(0);
      else
        expect(parseCases(text, file!)).toMatchObject({
          defects: [],
          cases: expect.arrayContaining([expect.anything()]),
        });
    }
  });

  test("its links lead somewhere", () => {
    for (const [, link = ""] of textOf(document).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (/^https:/.test(link)) continue;
      expect(existsSync(join(dirname(document), link)), link).toBe(true);
    }
  });

  test("it names no place of one machine", () => {
    expect(textOf(document)).not.toMatch(/\/(?:home|root|tmp|Users|work)\//);
  });

  const executable = blocks.filter(({ language }) => language === "sh" || language === "sql");
  test.skipIf(executable.length === 0)(
    "its examples run",
    async () => {
      const cwd = await folderFor(blocks);
      const connection = await (await DuckDBInstance.create()).connect();
      const jobs = new Jobs();
      onTestFinished(() => jobs.end());
      for (const block of executable) {
        if (block.language === "sql") {
          const query = block.text.replace(/'([\w./*-]+\.parquet)'/g, (_, name) => `'${join(cwd, name)}'`);
          expect((await connection.runAndReadAll(query)).getRowObjects().length).toBeGreaterThan(0);
          continue;
        }
        for (const command of commandsOf(block)) {
          if (listed.includes(command)) continue;
          const job = jobs.run(command, cwd);
          if (job === undefined)
            expect(command).toMatch(/^(?:npm ci && )?(?:npx ewb |node |npx vitest run \w+\.test\.ts)/);
          const { code, out, err } = await (job ?? execute(command, cwd));
          expect(code, `${command}\n${out}\n${err}`).toBe(0);
          if (command.startsWith("node ")) expect(out.trim()).not.toBe("");
          if (command.startsWith("npm ci && "))
            shownIs(out, blocks.find(({ language }) => language === "text")!);
        }
      }
      const same = { "docs/results.md": ["small", "large"], "docs/continuous.md": ["results", "once"] };
      const folders = Object.hasOwn(same, document) ? same[document as keyof typeof same] : [];
      const tables = folders.map((name) => readRows(join(cwd, name, "heatwave.parquet")));
      const [one, other] = await Promise.all(tables);
      expect(one?.rows).toEqual(other?.rows);
    },
    180_000,
  );
});

/** Every line of the document's table is printed, in this order; `…` stands for lines left out. */
const shownIs = (printed: string, { text }: Block): void => {
  const lines = printed.split("\n");
  let from = 0;
  for (const line of text.split("\n").filter((one) => one.trim() !== "" && one.trim() !== "…")) {
    const at = lines.indexOf(line, from);
    expect(
      at,
      `the table of the document is not what is printed: ${line}\n${printed}`,
    ).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
};

describe("all documents", () => {
  test("their TypeScript compiles against the package", async () => {
    for (const document of documents) {
      const blocks = blocksOf(textOf(document)).filter(({ language }) => language === "ts");
      if (blocks.length === 0) continue;
      const folder = await folderFor(blocks.filter(({ text }) => !text.includes("winds.zarr")));
      for (const { file, text } of blocks) writeFileSync(join(folder, file!), text);
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "ES2022",
        module: "NodeNext",
        moduleResolution: "NodeNext",
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        types: ["node"],
      };
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
      const { code, out } = await run(
        process.execPath,
        [join(root, "node_modules/typescript/bin/tsc"), "-p", "."],
        {
          cwd: folder,
        },
      );
      expect(code, `${document}\n${out}`).toBe(0);
    }
  });

  test("the options they name are there", async () => {
    const helps = await Promise.all(
      ["stream", "watch", "plan", "cases", "metrics", "show", "history", "sample", "new", "control"].map(
        (name) => ewb([name, "--help"]),
      ),
    );
    const known = helps.map(({ out }) => out).join("\n");
    for (const document of documents) {
      for (const [, option] of textOf(document).matchAll(/(?:`|ewb [^`\n]*\s)(--[a-z-]+)/g)) {
        if (option === "--help") continue;
        expect(known, `${document} names ${option}`).toContain(` ${option}`);
      }
    }
  });

  test("the README has the two commands, and its table is the sample's", () => {
    const commands = blocksOf(textOf("README.md"))
      .filter(({ language }) => language === "sh")
      .flatMap(commandsOf);
    expect(commands).toContain("npm ci && npx ewb stream pipelines/heatwave.ts");
    expect(commands).toContain("npm ci && npm test");
    expect(readFileSync(".ci/run", "utf8")).toContain("npm ci && npm test");
  });
});
