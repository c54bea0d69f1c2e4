import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../../src/runtime/machine/makeFolder.ts";

test("makes what is missing, and once more nothing", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "ewb-")), "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

test("ends with what the system says where a folder cannot be: below a file, below /proc", () => {
  const file = join(mkdtempSync(join(tmpdir(), "ewb-")), "file");
  writeFileSync(file, "");
  expect(() => makeFolder(join(file, "a"))).toThrow(/ENOTDIR/);
  if (process.platform === "linux") expect(() => makeFolder("/proc/x/y")).toThrow(/ENOENT/);
});
