/**
 * What a pipeline is made of, as far as its text tells: its file, every local file that is imported or required by it,
 * and packages. A package in `node_modules` counts by name and version, with those that it depends on; one that is a link
 * (a workspace) by the content of its code. What a name is worked out for cannot be followed: it is told.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface PipelineParts {
  /** Texts by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Versions of packages by name, several in one text. */
  readonly packages: ReadonlyMap<string, string>;
  /** What cannot be followed: file and import. */
  readonly unfollowed: readonly string[];
}

export const pipelineParts = (file: string): PipelineParts => {
  const files = new Map<string, string>();
  const versions = new Map<string, Set<string>>();
  const unfollowed = new Set<string>();
  const root = dirname(resolve(file));
  const folders = new Set<string>();

  const visit = (path: string): void => {
    if (files.has(path)) return;
    const text = textOf(path);
    files.set(path, text);
    if (/\.(json|wasm|node)$/.test(path)) return;
    const said = importsOf(text.replace(comments, "$1"));
    for (const name of importsOf(text)) {
      const isUnknown = !follow(name, path) && said.has(name);
      if (isUnknown) unfollowed.add(`${relative(root, path)}: ${name ?? "a name that is worked out"}`);
    }
  };
  /** Gives whether it could be. */
  const follow = (name: string | undefined, from: string): boolean => {
    const local = name === undefined ? undefined : localPath(name, from);
    const found = local === undefined ? undefined : possible(local).find(isFile);
    if (found !== undefined) visit(found);
    // What is local and not there does not load.
    if (local !== undefined) return true;
    return name !== undefined && (isOwn(name) || addPackage(packageName(name), dirname(from)));
  };
  /** Gives whether it is there. */
  const addPackage = (name: string, from: string): boolean => {
    const folder = packageFolder(name, from);
    if (folder === undefined) return false;
    if (folders.has(folder)) return true;
    folders.add(folder);
    const about = readFileSync(join(folder, "package.json"), "utf8");
    const { version, dependencies, optionalDependencies, peerDependencies } = objectOf(about);
    if (/[\\/]node_modules[\\/]/.test(folder)) {
      const known = versions.get(name) ?? new Set();
      versions.set(name, known.add(typeof version === "string" ? version : about));
    } else for (const path of codeIn(folder)) files.set(path, textOf(path));
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      if (!isOwn(needed)) addPackage(needed, folder);
    return true;
  };

  if (isFile(resolve(file))) visit(resolve(file));
  const packages = [...versions].map(([name, all]) => [name, [...all].sort().join(" and ")] as const);
  return { files, packages: new Map(packages.sort()), unfollowed: [...unfollowed] };
};

/** SHA-256 over all of it, 16 hexadecimal digits: what "the same pipeline" means. */
export const fingerprintOf = ({ files, packages }: PipelineParts): string => {
  const hash = createHash("sha256");
  for (const text of files.values()) hash.update(`${text.length} ${text}`);
  for (const [name, version] of packages) hash.update(` ${name} ${version}`);
  return hash.digest("hex").slice(0, 16);
};

/** Names of what a text imports; undefined where one is worked out. */
export const importsOf = (text: string): ReadonlySet<string | undefined> => {
  const code = text.replace(typesOnly, "");
  const names = [...code.matchAll(anyImport)].map(([, , name]) => name);
  return new Set(computed.test(code) ? [...names, undefined] : names);
};

/** What is for the compiler only. */
const typesOnly =
  /\b(?:import|export)\s+type\s*(?:\{[^}]*\}|\*(?:\s*as\s+[\w$]+)?|\s[\w$]+)\s*from\s*["'][^"']+["']/g;
const comments = /\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm;
const anyImport = /\b(?:from\s*|import\s*\(?\s*|require\s*\(\s*)(["'`])([^"'`$\n]+)\1/g;
const computed = /\b(?:import|require)\s*\(\s*(?!["'`][^"'`$\n]+["'`]\s*[,)])(?=[^\s)])/;

/** Of the running program, whose version counts by itself, or of Node. */
const isOwn = (name: string): boolean => isBuiltin(name) || /^(ewb|rxjs)(\/|$)/.test(name);

const localPath = (name: string, from: string): string | undefined =>
  name.startsWith("file:")
    ? fileURLToPath(name)
    : /^(\.{0,2}\/|\.{1,2}$|[a-z]:\\)/i.test(name)
      ? resolve(dirname(from), name)
      : undefined;

const endings = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** Paths that a loader tries for a name. */
const possible = (path: string): readonly string[] => [
  path,
  path.replace(/\.([cm]?)js$/, ".$1ts"),
  ...endings.map((ending) => path + ending),
  ...endings.map((ending) => join(path, `index${ending}`)),
];

/** The package of a name like `a/b` or `@a/b/c`. */
const packageName = (name: string): string => name.split("/", name.startsWith("@") ? 2 : 1).join("/");

/** Where a package lies that is found from a folder, links followed. */
const packageFolder = (name: string, from: string): string | undefined => {
  const folder = join(from, "node_modules", name);
  if (basename(from) !== "node_modules" && isFile(join(folder, "package.json"))) return realpathSync(folder);
  return dirname(from) === from ? undefined : packageFolder(name, dirname(from));
};

/** Files of code below a folder, but for packages that it has itself. */
const codeIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return codeIn(path);
      return /\.([cm]?[jt]sx?|json|wasm|node)$/.test(entry.name) && isFile(path) ? [path] : [];
    });

const objectOf = (json: string): Record<string, any> => {
  try {
    return JSON.parse(json) ?? {};
  } catch {
    return {};
  }
};

/** Of what is no text each byte counts. */
const textOf = (path: string): string => readFileSync(path, /\.(wasm|node)$/.test(path) ? "latin1" : "utf8");

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
