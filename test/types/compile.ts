/**
 * Compiles small texts with the repository's own compiler and options, each a file of one temporary folder, in one
 * run; and reads the errors back.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export interface CompileError {
  /** Name of the text. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly code: string;
  /** First line and its explanations, one a line, indented as the compiler does. */
  readonly message: string;
}

const root = resolve(import.meta.dirname, "..", "..");

/** Errors of texts by name. A text may import `ewb`, `ewb/metrics`, …, and `rxjs`. */
export const compile = (texts: Readonly<Record<string, string>>): readonly CompileError[] => {
  const folder = mkdtempSync(join(tmpdir(), "ewb-types-"));
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `${name}.ts`), text);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: {
          noEmit: true,
          noUnusedLocals: false,
          typeRoots: [join(root, "node_modules", "@types")],
        },
        include: [],
        files: Object.keys(texts).map((name) => `${name}.ts`),
      }),
    );
    const found = spawnSync(process.execPath, [compiler(), "-p", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (found.error !== undefined) throw found.error;
    return readErrors(found.stdout + found.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The compiler's command, whichever version is installed. */
const compiler = (): string => {
  const description = createRequire(import.meta.url).resolve("typescript/package.json");
  return join(dirname(description), "bin", "tsc");
};

/** `file(line,column): error TS1234: message`, and indented lines that explain it. */
export const readErrors = (output: string): readonly CompileError[] => {
  const errors: CompileError[] = [];
  for (const text of output.split(/\r?\n/)) {
    const match = /^(.*?)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(text);
    if (match !== null) {
      const [, path, line, column, code, message] = match as unknown as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const name = path.replaceAll("\\", "/").replace(/\.ts$/, "");
      errors.push({ name, line: Number(line), column: Number(column), code, message });
    } else if (/^\s+\S/.test(text) && errors.length > 0) {
      const last = errors.pop()!;
      errors.push({ ...last, message: `${last.message}\n${text}` });
    } else if (/error TS\d+/.test(text)) {
      errors.push({ name: "", line: 0, column: 0, code: /TS\d+/.exec(text)![0], message: text });
    }
  }
  return errors;
};
