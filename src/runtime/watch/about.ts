/** What a ledger was used for last, beside it as `about.json`; and, in words, what is another now. */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { hashText } from "../../kernels/hash.ts";
import type { PipelineParts } from "../pipelineParts.ts";

export interface About {
  /** Fingerprint of the pipeline. */
  readonly pipeline: string;
  /** Of ewb. */
  readonly version: string;
  /** Hashes of the texts by path, from the pipeline's folder on. */
  readonly files?: Readonly<Record<string, string>>;
  /** Versions by name. */
  readonly packages?: Readonly<Record<string, string>>;
}

export const filesAndPackages = (
  pipeline: string,
  { files, packages }: PipelineParts,
): Pick<About, "files" | "packages"> => {
  const root = dirname(resolve(pipeline));
  const hashes = [...files].map(([path, text]) => [relative(root, path), hashText(text)]);
  return { files: Object.fromEntries(hashes), packages: Object.fromEntries(packages) };
};

export const readAbout = (path: string): About | undefined => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
};

/** Undefined: nothing. */
export const changeOf = (before: About | undefined, now: About): string | undefined => {
  if (before === undefined) return undefined;
  const found: string[] = [];
  if (before.version !== now.version) found.push(`ewb was ${before.version}, it is ${now.version}`);
  if (before.pipeline !== now.pipeline) {
    const files = differing(before.files, now.files).map(({ name, was, is }) =>
      was === undefined ? `${name} is new` : is === undefined ? `${name} is gone` : name,
    );
    const packages = differing(before.packages, now.packages).map(
      ({ name, was, is }) => `package ${name} is ${is ?? "gone"}, was ${was ?? "not there"}`,
    );
    const what = shortened([...files, ...packages]);
    found.push(`the pipeline, or something it imports, has changed${what === "" ? "" : ` (${what})`}`);
  }
  return found.length === 0 ? undefined : found.join("; ");
};

/** As many are named. */
const most = 5;

export const shortened = (names: readonly string[]): string =>
  names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");

const differing = (
  before: Readonly<Record<string, string>> = {},
  now: Readonly<Record<string, string>> = {},
) =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .map((name) => ({ name, was: before[name], is: now[name] }));
