/** The packed package, installed in an empty folder: what a user gets. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { run, temporary } from "../cli/ewb.ts";

const home = temporary();
const bin = join(home, "node_modules", ".bin", "ewb");
const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = Object.keys(exports).map((entry) => `ewb${entry.slice(1)}`);

const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  const { code, out, err } = await run("npm", args, { cwd });
  expect(code, `npm ${args.join(" ")}\n${out}\n${err}`).toBe(0);
  return out;
};

/** Paths that are packed. */
const packed = async (): Promise<string[]> => {
  const out = await npm(["pack", "--ignore-scripts", "--json", "--dry-run"], resolve("."));
  return JSON.parse(out)[0].files.map(({ path }: { path: string }) => path);
};

describe("the package", () => {
  beforeAll(async () => {
    // `npm test` has built; packing must not build anew below other tests.
    await npm(["pack", "--ignore-scripts", "--pack-destination", home], resolve("."));
    const tarball = readdirSync(home).find((name) => name.endsWith(".tgz"))!;
    writeFileSync(join(home, "package.json"), '{ "name": "user", "private": true, "type": "module" }');
    await npm(
      ["install", `./${tarball}`, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"],
      home,
    );
  }, 180_000);

  test("holds the build, the pipelines, and what is to be read; no tests, no sources", async () => {
    const paths = await packed();
    const others = paths.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path));
    expect(others.sort()).toEqual(
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "dist/program/licenses.txt",
        "package.json",
        ...readdirSync("pipelines", { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name)),
      ].sort(),
    );
    expect(paths.filter((path) => /(^|\/)(test|src|shared|\.ci)\//.test(path))).toEqual([]);
  });

  test("its command runs a pipeline that lies elsewhere", async () => {
    const elsewhere = temporary();
    const made = await run(bin, ["new", "question.ts"], { cwd: elsewhere });
    expect(made.code, made.err).toBe(0);
    const { code, err, out } = await run(bin, ["stream", "question.ts", "--data", "sample", "--limit", "5"], {
      cwd: elsewhere,
    });
    expect(code, err).toBe(0);
    expect(out).toMatch(/root mean squared error, K/);
    const { rows } = await readRows(join(elsewhere, "question.parquet"));
    expect(rows.length).toBeGreaterThan(0);
  });

  test("its own pipelines run", async () => {
    const file = join(home, "node_modules", "ewb", "pipelines", "heatwave.ts");
    const out = temporary();
    const { code, err } = await run(bin, ["stream", file, "--limit", "5", "--out", out], { cwd: home });
    expect(code, err).toBe(0);
  });

  test("a pipeline with a module of its own folder, in JavaScript, and one in another working folder", async () => {
    const folder = join(temporary(), "my pipelines");
    mkdirSync(folder);
    writeFileSync(join(folder, "variable.mjs"), 'export const variable = "surface_air_temperature";\n');
    writeFileSync(
      join(folder, "bias.mjs"),
      `import { cases, eachCase, pairs, score, writeParquet } from "ewb";
import { meanError } from "ewb/metrics";
import { concatMap, from } from "rxjs";
import { variable } from "./variable.mjs";
export default (run) =>
  cases(run, { eventType: "heat_wave" }).pipe(
    eachCase(run, (event) =>
      from(run.sources("forecast", { [variable]: "K" })).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets: run.sources("target", { [variable]: "K" }), variables: [variable] }).pipe(
            score(run, meanError(variable)),
          ),
        ),
      ),
    ),
    writeParquet(run, "bias.parquet"),
  );
`,
    );
    const out = temporary();
    const { code, err } = await run(bin, ["stream", join(folder, "bias.mjs"), "--limit", "2", "--out", out]);
    expect(code, err).toBe(0);
    expect((await readRows(join(out, "bias.parquet"))).rows.length).toBeGreaterThan(0);
  });

  test("every entry can be imported", async () => {
    writeFileSync(
      join(home, "all.mjs"),
      `for (const name of ${JSON.stringify(entries)}) console.log(name, Object.keys(await import(name)).length > 0);\n`,
    );
    const { out, err } = await run(process.execPath, ["all.mjs"], { cwd: home });
    expect(err).toBe("");
    expect(out.trim().split("\n")).toEqual(entries.map((name) => `${name} true`));
  });

  test("every entry has types, and they stop mistakes", async () => {
    const file = join(home, "typed.ts");
    const check = async (text: string) => {
      writeFileSync(file, text);
      const tsc = resolve("node_modules/typescript/bin/tsc");
      const flags =
        "--noEmit --strict --skipLibCheck --module NodeNext --target ES2022 --lib ES2023,ESNext.Disposable";
      return run(process.execPath, [tsc, ...flags.split(" "), file], { cwd: home });
    };
    const imports = entries.map((name, i) => `import * as e${i} from "${name}";`).join("\n");
    const uses = entries.map((_, i) => `Object.keys(e${i});`).join(" ");
    const all = await check(`${imports}\n${uses}\n`);
    expect(all.code, all.out).toBe(0);
    const pipeline = (variable: string) => `import { cases, eachCase, pairs, type Run, score } from "ewb";
import { era5, hres } from "ewb/catalog";
import { meanError } from "ewb/metrics";
export default (run: Run) =>
  cases(run).pipe(
    eachCase(run, (event) =>
      pairs(run, event, { forecast: hres, targets: [era5], variables: ["${variable}"] }).pipe(
        score(run, meanError("surface_air_temperature")),
      ),
    ),
  );
`;
    expect(await check(pipeline("surface_air_temperature"))).toMatchObject({ code: 0 });
    const { code, out } = await check(pipeline("surface_air_temprature"));
    expect(code).not.toBe(0);
    expect(out).toMatch(/"surface_air_temprature"/);
  });

  test("from code, as the README says", async () => {
    const [question, script] = [join(home, "question.ts"), join(home, "count.mjs")];
    expect((await run(bin, ["new", question])).code).toBe(0);
    writeFileSync(
      script,
      `import { plan, stream } from "ewb/run";
const { units } = await plan("question.ts", { select: { limit: 2 } });
let rows = 0;
stream("question.ts", { select: { limit: 2 }, out: "results" }).subscribe({
  next: () => { rows += 1; },
  complete: () => console.log(units > 0, rows > 0),
});
`,
    );
    const { out, err } = await run(process.execPath, [script], { cwd: home });
    expect(err).toBe("");
    expect(out.trim()).toBe("true true");
  });

  test("a pipeline in code has one RxJS and one ewb with it", async () => {
    writeFileSync(
      join(home, "inCode.mjs"),
      `import { cases, MemoryBudget } from "ewb";
import { stream } from "ewb/run";
import { map, Observable } from "rxjs";
const pipeline = (run) => {
  console.log(run.budget instanceof MemoryBudget, cases(run) instanceof Observable);
  return cases(run).pipe(map(({ id }) => ({ id })));
};
stream(pipeline, { data: "sample" }).subscribe({ complete: () => console.log("complete") });
`,
    );
    const { out, err } = await run(process.execPath, ["inCode.mjs"], { cwd: home });
    expect(err).toBe("");
    expect(out).toBe("true true\ncomplete\n");
  });
});
