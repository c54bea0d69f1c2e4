/**
 * Loads a pipeline file, `.ts` or `.js`, wherever it lies. Its imports of `ewb…` and `rxjs` get the running
 * copies: an observable of another copy, or another version's metric, would be a subtle error.
 *
 * Where Node strips types itself the file is imported natively, with a resolve hook; else jiti compiles it.
 */
import { statSync } from "node:fs";
import * as nodeModule from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Observable } from "rxjs";
import { EwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import type { Run } from "../model/run.ts";
import { fingerprintOf, importsOf, pipelineParts } from "./pipelineParts.ts";

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
  if (!isFile(path)) {
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
    throw new EwbError("Pipeline", `${path} does not load: ${oneLine(cause)}`, { source: path }, { cause });
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

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** A loader's message without the list of who asked for a module. */
const oneLine = (cause: unknown): string => {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text
    .replace(/\s*Require stack:[\s\S]*$/, "")
    .replace(/\s+/g, " ")
    .trim();
};

const importPipeline = async (path: string, cache: string): Promise<{ default?: unknown }> => {
  const url = pathToFileURL(path).href;
  const { registerHooks } = nodeModule as unknown as ResolveHooks;
  if (registerHooks !== undefined && (process.features as { typescript?: unknown }).typescript) {
    // Resolved before the hook is there: it would be asked in turn.
    const copies = new Map(Object.keys(entries).map((name) => [name, entryUrl(name)]));
    const hook = registerHooks({
      resolve(specifier, context, next) {
        const copy = copies.get(specifier);
        return copy === undefined ? next(specifier, context) : { url: copy, shortCircuit: true };
      },
    });
    try {
      return await import(url);
    } catch (error) {
      // Syntax that cannot be stripped, or imports without their ending: jiti reads both.
      const { code } = error as NodeJS.ErrnoException;
      const isCommonJs = error instanceof SyntaxError && code === undefined; // "type": "commonjs" beside the file
      if (!isCommonJs && !unstrippable.has(code ?? "")) throw error;
    } finally {
      hook.deregister();
    }
  }
  const wanted = entriesOf(path);
  const modules = wanted.map(async (name) => [name, { ...(await entries[name]()) }] as const);
  // Required, not imported: its 190 kB are then not searched for what they export.
  const { createJiti } = nodeModule.createRequire(import.meta.url)("jiti") as typeof import("jiti");
  const jiti = createJiti(import.meta.url, {
    fsCache: join(cache, "pipelines"),
    virtualModules: Object.fromEntries(await Promise.all(modules)),
  });
  return jiti.import(url);
};

/** Where the running copy of an entry lies: beside this file where the program was bundled (`tools/build.ts`). */
const entryUrl = (name: string): string => {
  const beside = new URL(`./${name}.js`, import.meta.url);
  return isFile(fileURLToPath(beside)) ? beside.href : import.meta.resolve(name);
};

/** What Node 22.15 and later offer; the types of Node 20 do not know it. */
interface ResolveHooks {
  readonly registerHooks?: (hooks: {
    resolve(
      specifier: string,
      context: unknown,
      next: (specifier: string, context: unknown) => unknown,
    ): unknown;
  }) => { deregister(): void };
}

const unstrippable: ReadonlySet<string> = new Set([
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
  "ERR_MODULE_NOT_FOUND",
  "ERR_UNSUPPORTED_DIR_IMPORT",
]);

/** The running copies that a pipeline and its local files name; all of them where a package may name others. */
const entriesOf = (path: string): readonly (keyof typeof entries)[] => {
  const all = Object.keys(entries) as (keyof typeof entries)[];
  const named = new Set([...pipelineParts(path).files.values()].flatMap((text) => [...importsOf(text)]));
  const isKnown = (name = "") => /^(\.{1,2}\/|node:)/.test(name) || Object.hasOwn(entries, name);
  return [...named].every(isKnown) ? all.filter((name) => named.has(name)) : all;
};

/** What "the same pipeline" means, of the pipeline as it is on disk. */
export const fingerprint = (file: string): string => fingerprintOf(pipelineParts(file));
