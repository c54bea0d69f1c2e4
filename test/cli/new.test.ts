import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { ewb, temporary } from "./ewb.ts";

describe("ewb new", () => {
  test("writes a pipeline that runs as it is, from where it lies", async () => {
    const cwd = temporary();
    const made = await ewb(["new", "my question.ts"], { cwd });
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/ewb stream .*my question\.ts.*ewb plan/);
    expect((await ewb(["plan", "my question.ts", "--limit", "2"], { cwd })).code).toBe(0);
    const { code, out, err } = await ewb(["stream", "my question.ts", "--limit", "2"], { cwd });
    expect(code, err).toBe(0);
    expect(out).toMatch(/root mean squared error, K/);
    const { rows } = await readRows(join(cwd, "my question.parquet"));
    expect(new Set(rows.map(({ metric }) => metric))).toEqual(
      new Set(["mean error", "root mean squared error"]),
    );
  });

  test("writes JavaScript that runs where the name ends in .js or .mjs", async () => {
    const cwd = temporary();
    for (const name of ["plain.js", "plain.mjs"]) {
      expect((await ewb(["new", name], { cwd })).code).toBe(0);
      const { code, err } = await ewb(["stream", name, "--limit", "1", "--workers", "0"], { cwd });
      expect(code, err).toBe(0);
      expect(existsSync(join(cwd, "plain.parquet"))).toBe(true);
    }
  });

  test("never writes over a file", async () => {
    const file = join(temporary(), "mine.ts");
    writeFileSync(file, "precious");
    const { code, err } = await ewb(["new", file]);
    expect(code).toBe(2);
    expect(err).toMatch(/mine\.ts was not written: there is a file of that name/);
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  test.each([
    ["mine", /expected a file name that ends in \.ts/],
    ["mine.py", /expected a file name that ends in \.ts/],
    [join("no", "such", "folder", "mine.ts"), /was not written: .*ENOENT/],
  ])("refuses %s", async (name, message) => {
    const { code, err } = await ewb(["new", name], { cwd: temporary() });
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
