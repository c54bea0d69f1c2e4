/** A disk that is full or read-only: a named error, nothing is lost, and it goes on when there is room. */
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { UnitName } from "../../../src/model/finished.ts";
import { ledgerError } from "../../../src/runtime/ledger/ledgerError.ts";
import {
  bytes,
  inputs,
  ledgerAt,
  listed,
  merged,
  recordsAt,
  statesOf as statesIn,
  temporary,
} from "./here.ts";

const folder = temporary();
const mounted: string[] = [];
afterAll(() => {
  for (const at of mounted) spawnSync("umount", ["--lazy", at]);
});

/** A file system in memory of some megabytes; undefined where this user may not mount one. */
const smallDisk = (megabytes: number): string | undefined => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  const at = folder();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", at]).status !== 0)
    return undefined;
  mounted.push(at);
  return at;
};

const nameOf = (i: number): UnitName => ({ target: "t", initTime: i * 3_600_000, leadHours: 6 });
const statesOf = (i: number) => [i, new Uint8Array(4000).map((_, at) => (at * i * 2654435761) >>> 13)];
const sum = (metric: number, a: any, b: any) => (metric === 0 ? a + b : a);

describe("a disk of a few megabytes", () => {
  const disk = smallDisk(8);

  test.skipIf(disk === undefined)(
    "(mounted by root, else skipped) that is full: LedgerFull, then it goes on",
    async () => {
      writeFileSync(join(disk!, "ballast"), new Uint8Array(4e6));
      const at = join(disk!, "ledger");
      const records = await recordsAt(at);
      const site = records.site("s");
      let [units, flushed] = [0, 0];
      let error: unknown;
      while (error === undefined && units < 10_000) {
        for (const last = units + 50; units < last; units++)
          site.record(nameOf(units), inputs(units), statesOf(units));
        error = await records.flush().then(
          () => {
            flushed = units;
          },
          (cause) => cause,
        );
      }
      expect(error).toMatchObject({ tag: "LedgerFull", message: expect.stringContaining("disk is full") });
      expect(flushed).toBeGreaterThan(100);
      const total = (units * (units - 1)) / 2;
      const names = Array.from({ length: units }, (_, i) => nameOf(i));
      expect((await merged(site, names, sum))[0]).toBe(total);

      // As full as can be, it is asked again and again, and is not opened any more.
      const free = statfsSync(disk!);
      writeFileSync(
        join(disk!, "more"),
        new Uint8Array(Math.max(0, Number(free.bavail) * Number(free.bsize) - 4096)),
      );
      for (const _ of [1, 2]) await expect(records.flush()).rejects.toMatchObject({ tag: "LedgerFull" });
      expect(records.waiting).toBeGreaterThan(0);

      for (const name of ["ballast", "more"]) rmSync(join(disk!, name));
      await records.flush();
      expect(records.waiting).toBe(0);
      site.record(nameOf(units), inputs(1), statesOf(units));
      await records.close();

      const again = await recordsAt(at);
      expect(again.site("s").size).toBe(units + 1);
      expect((await merged(again.site("s"), [...names, nameOf(units)], sum))[0]).toBe(total + units);
      expect(await statesIn(again.site("s"), [nameOf(7)])).toEqual([statesOf(7)]);
      await again.close();
    },
  );
});

describe("a read-only folder", () => {
  const disk = smallDisk(8);
  const isRoot = process.getuid?.() === 0;
  const canTry = disk !== undefined || (!isRoot && process.platform !== "win32");

  test.skipIf(!canTry)(
    "(mounted by root, by permission for others, else skipped) is LedgerReadOnly",
    async () => {
      const at = join(disk ?? folder(), "ledger");
      const ledger = await ledgerAt(at);
      await ledger.batch([{ key: bytes("xa"), value: bytes("kept") }]);
      await ledger.close();
      const protect = (isReadOnly: boolean): void => {
        if (disk !== undefined) spawnSync("mount", ["-o", `remount,${isReadOnly ? "ro" : "rw"}`, disk]);
        else for (const path of [at, join(at, "db")]) chmodSync(path, isReadOnly ? 0o555 : 0o755);
      };
      protect(true);
      const error = await ledgerAt(at).catch((cause) => cause);
      const unmade = await ledgerAt(join(at, "new", "one")).catch((cause) => cause);
      protect(false);
      expect(error).toMatchObject({ tag: "LedgerReadOnly", place: { source: expect.stringContaining(at) } });
      expect(unmade).toMatchObject({ tag: "LedgerReadOnly" });
      const again = await ledgerAt(at);
      expect(await listed(again, "x")).toEqual([["xa", "kept"]]);
      await again.close();
    },
  );
});

test("a file where the folder should be is no damage", async () => {
  const at = join(folder(), "file");
  writeFileSync(at, "");
  await expect(ledgerAt(at)).rejects.toMatchObject({ tag: "StoreRead" });
});

test.each([
  [
    "LedgerFull",
    "write",
    { code: "LEVEL_IO_ERROR", message: "IO error: /a/000003.log: No space left on device" },
  ],
  ["LedgerFull", "open", { code: "ENOSPC", message: "ENOSPC: mkdir" }],
  [
    "LedgerFull",
    "write",
    { code: "LEVEL_IO_ERROR", message: "IO error: /a/000003.log: Disk quota exceeded" },
  ],
  ["LedgerReadOnly", "open", { code: "LEVEL_IO_ERROR", message: "IO error: /a/LOCK: Permission denied" }],
  [
    "LedgerOwned",
    "open",
    { code: "LEVEL_LOCKED", message: "IO error: lock /a/LOCK: already held by process" },
  ],
  ["LedgerCorrupt", "read", { code: "LEVEL_CORRUPTION", message: "Corruption: bad block" }],
  [
    "LedgerCorrupt",
    "open",
    { code: "LEVEL_IO_ERROR", message: "IO error: /a/000005.ldb: No such file or directory" },
  ],
  ["StoreRead", "read", { code: "LEVEL_IO_ERROR", message: "IO error: /a/000005.ldb: Too many open files" }],
  ["Write", "write", { code: "LEVEL_IO_ERROR", message: "IO error: /a/000005.log: Input/output error" }],
] as const)("%s: %s %o", (tag, doing, { code, message }) => {
  const inner = Object.assign(new Error(message), { code });
  const outer = Object.assign(new Error("Database failed to open", { cause: inner }), {
    code: "LEVEL_DATABASE_NOT_OPEN",
  });
  for (const cause of [inner, outer]) {
    const error = ledgerError("/a", doing, cause);
    expect(error).toMatchObject({ tag, place: { source: "/a" } });
    expect(error.message).toContain(message);
  }
});
