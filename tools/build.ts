/**
 * `npm run build`: `dist` has what is imported from code, a file of JavaScript and its types for each of `src`;
 * `dist/program` has the same once more in few files, which the command line and its workers load in less than half
 * the time. There the public entries and RxJS lie under the names that a pipeline imports, so that it gets the running
 * copies (`src/runtime/pipelineModule.ts`). From code RxJS is the user's own, so that is not bundled.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { rolldown } from "rolldown";

const rxjs = resolve("node_modules/rxjs/dist/esm/index.js");
const rxjsOperators = resolve("node_modules/rxjs/dist/esm/operators/index.js");

/** Entries of the program: what each file below `dist/program` is made of. */
const program = {
  start: "dist/cli/start.js",
  worker: "dist/runtime/worker.js",
  reader: "dist/runtime/reader/reader.js",
  ewb: "dist/index.js",
  "ewb/run": "dist/run.js",
  "ewb/metrics": "dist/operators/metrics/index.js",
  "ewb/derive": "dist/operators/derive/index.js",
  "ewb/catalog": "dist/catalog/index.js",
  "ewb/compat/ewb11": "dist/compat/ewb11/index.js",
  "ewb/testing": "dist/testing.js",
  rxjs,
  "rxjs/operators": rxjsOperators,
};

const compile = (): void => {
  rmSync("dist", { recursive: true, force: true });
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const args = [join(dirname(typescript), "bin/tsc"), "-p", "tsconfig.build.json"];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(1);
};

const bundle = async (): Promise<void> => {
  const made = await rolldown({
    input: program,
    platform: "node",
    resolve: { alias: { "rxjs/operators": rxjsOperators, rxjs } },
    // Large, or native, and loaded only where they are asked for.
    external: ["apache-arrow", "classic-level", "jiti", "undici"],
  });
  const { output } = await made.write({
    dir: "dist/program",
    chunkFileNames: "[name].js", // beside each other: some look for what lies beside them
    comments: { jsdoc: false },
  });
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  writeFileSync("dist/program/licenses.txt", licenses(modules));
};

/** Licenses of the packages that modules are of. */
const licenses = (modules: readonly string[]): string => {
  const folders = modules.map((id) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0]);
  return [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8")}`;
      return `${name} ${version}: ${license}\n${text}`;
    })
    .join("\n----\n\n");
};

compile();
await bundle();
// Under this name it is called by path, too.
writeFileSync("dist/cli/main.js", '#!/usr/bin/env node\nimport "../program/start.js";\n');
chmodSync("dist/cli/main.js", 0o755);
