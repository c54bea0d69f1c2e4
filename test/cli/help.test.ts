import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ewb } from "./ewb.ts";

const commands = [
  "stream",
  "watch",
  "plan",
  "cases",
  "metrics",
  "show",
  "history",
  "sample",
  "new",
  "control",
];

describe("ewb --help", () => {
  test("lists the commands", async () => {
    const { code, out, err } = await ewb(["--help"]);
    expect([code, err]).toEqual([0, ""]);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} .*\\S`, "m"));
  });

  test.each(commands)("%s has examples that name it", async (command) => {
    const { code, out } = await ewb([command, "--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Examples?:\n +ewb /m);
    for (const [, used] of out.matchAll(/^ {2}ewb (\w+)/gm)) expect(used).toBe(command);
    expect(out.split("\n").every((line) => line.length <= 110)).toBe(true);
    expect((await ewb(["help", command])).out).toBe(out);
  });

  test("stream says what its exit codes mean", async () => {
    const { out } = await ewb(["stream", "--help"]);
    expect(out).toMatch(/Exit codes: 0 .* 1 .* 2 .* 130 /);
  });

  test("without a command it helps, with exit code 2", async () => {
    const { code, err } = await ewb([]);
    expect(code).toBe(2);
    expect(err).toMatch(/Usage: ewb/);
  });

  test.each<[string[], RegExp]>([
    [["straem", "x.ts"], /unknown command 'straem'/],
    [["stream"], /missing required argument 'file\.ts'/],
    [["show"], /missing required argument 'result\.parquet'/],
    [["new"], /missing required argument 'name\.ts'/],
    [["show", "a.parquet", "b.parquet"], /too many arguments/],
  ])("%j is refused with a hint", async (args, message) => {
    const { code, err } = await ewb(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toMatch(/--help/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(await ewb(["--version"])).toMatchObject({ code: 0, out: `${version}\n` });
  });
});
