/** A mistake in a pipeline is an error of the compiler, on the word that is wrong. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type CompileError, compile, readErrors } from "./compile.ts";
import { snippets, unmarked } from "./snippets.ts";

const lists = ["index.ts", "operators/metrics/index.ts", "operators/derive/index.ts", "catalog/index.ts"];
const there = lists.every((list) => existsSync(resolve(import.meta.dirname, "..", "..", "src", list)));

test("the public lists are there", () => expect(there).toBe(true));

describe.runIf(there)("pipelines", () => {
  let errors: readonly CompileError[] = [];

  beforeAll(() => {
    errors = compile(
      Object.fromEntries(
        Object.entries(snippets).map(([name, { text }]) => [name, unmarked(text)?.text ?? text]),
      ),
    );
  }, 120_000);

  const shown = (found: readonly CompileError[]) =>
    found.map(({ line, column, code, message }) => `(${line},${column}) ${code}: ${message}`);

  test("no error lies outside the snippets", () => {
    const names = Object.keys(snippets);
    const others = errors.filter(({ name }) => !names.includes(name));
    expect(others.map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  });

  test.each(Object.entries(snippets).filter(([, { says }]) => says === undefined))("%s compiles", (name) => {
    expect(shown(errors.filter((error) => error.name === name))).toEqual([]);
  });

  test.each(Object.entries(snippets).filter(([, { says }]) => says !== undefined))(
    "%s does not",
    (name, { text, says = [] }) => {
      const found = errors.filter((error) => error.name === name);
      const { line, column } = unmarked(text)!;
      const here = found.filter((error) => error.line === line && error.column === column);
      expect(
        here.length,
        `an error at (${line},${column}) among:\n${shown(found).join("\n")}`,
      ).toBeGreaterThan(0);
      for (const words of says) expect(here.map(({ message }) => message).join("\n")).toContain(words);
    },
  );
});

describe("reading what the compiler says", () => {
  test("file, place, code, and the lines that explain", () => {
    expect(
      readErrors(
        "a-b.ts(3,14): error TS2322: Type 'x' is no 'y'.\n  Because.\n    Really.\nc.ts(1,1): error TS1: z\n",
      ),
    ).toEqual([
      {
        name: "a-b",
        line: 3,
        column: 14,
        code: "TS2322",
        message: "Type 'x' is no 'y'.\n  Because.\n    Really.",
      },
      { name: "c", line: 1, column: 1, code: "TS1", message: "z" },
    ]);
    expect(readErrors("error TS5083: Cannot read file.\n")).toMatchObject([{ name: "", code: "TS5083" }]);
  });

  test("marks", () => {
    expect(unmarked("a\n b«c»d")).toEqual({ text: "a\n bcd", line: 2, column: 3 });
    expect(unmarked("abc")).toBeNull();
  });
});
