/**
 * Loads a pipeline file, `.ts` or `.js`, wherever it lies. Its imports of `ewb…` and `rxjs` get the running
 * copies: an observable of another copy, or another version's metric, would be a subtle error.
 *
 * Where Node strips types itself the file is imported natively, with a resolve hook; else jiti compiles it.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createJiti } from "jiti";
import type { Observable } from "rxjs";
import { EwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import type { Run } from "../model/run.ts";

/** What a pipeline file exports by default. */
export type Pipeline = (run: Run) => Observable<Row>;

const entries = {
  ewb: () => import("../index.ts"),
  "ewb/run": () => import("../run.ts"),
  "ewb/metrics": () => import("../operators/metrics/index.ts"),
  "ewb/derive": () => import("../operators/derive/index.ts"),
  "ewb/catalog": () => import("../catalog/index.ts"),
  "ewb/compat/ewb11": () => import("../compat/ewb11/index.ts"),
  "ewb/testing": () => import("../testing.ts"),
  rxjs: () => import("rxjs"),
  "rxjs/operators": () => import("rxjs/operators"),
} as const;

/**
 * @param file path of the pipeline
 * @param cache folder for compiled files
 * @throws `Pipeline` where the file is not there, does not load, or has no function as default export
 */
export const loadPipeline = async (file: string, cache: string): Promise<Pipeline> => {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new EwbError(
      "Pipeline",
      `no pipeline ${path}: expected a .ts or .js file. "ewb new NAME.ts" makes one.`,
      { source: path },
    );
  }
  let module: { default?: unknown };
  try {
    module = await importPipeline(path, cache);
  } catch (cause) {
    throw new EwbError(
      "Pipeline",
      `${path} does not load: ${(cause as Error).message}`,
      { source: path },
      { cause },
    );
  }
  if (typeof module.default !== "function") {
    throw new EwbError(
      "Pipeline",
      `${path} has no function as its default export: expected "export default (run: Run) => …"`,
      { source: path },
    );
  }
  return module.default as Pipeline;
};

const importPipeline = async (path: string, cache: string): Promise<{ default?: unknown }> => {
  const names = Object.keys(entries) as (keyof typeof entries)[];
  const modules = await Promise.all(
    names.map(async (name) => [name, { ...(await entries[name]()) }] as const),
  );
  const jiti = createJiti(import.meta.url, {
    fsCache: join(cache, "pipelines"),
    interopDefault: true,
    virtualModules: Object.fromEntries(modules),
  });
  return jiti.import(pathToFileURL(path).href);
};

/** SHA-256 over a pipeline file and every local file it imports, by text: what "the same pipeline" means. */
export const fingerprint = (file: string): string => {
  const hash = createHash("sha256");
  const seen = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path) || !existsSync(path)) return;
    seen.add(path);
    const text = readFileSync(path, "utf8");
    hash.update(text);
    for (const [, name = ""] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g)) {
      const found = join(dirname(path), name);
      visit([found, `${found}.ts`, found.replace(/\.js$/, ".ts")].find((one) => existsSync(one)) ?? found);
    }
  };
  visit(resolve(file));
  return hash.digest("hex").slice(0, 16);
};
void nodeModule;
