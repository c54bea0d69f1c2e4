/** What killed processes have left goes; what may be another's stays. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startOf } from "../../src/runtime/ledger/owner.ts";
import { leftovers } from "../../src/runtime/leftovers.ts";
import { thisSystem } from "../../src/runtime/machine/system.ts";
import { partName, writer, writerIn } from "../../src/sinks/partName.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-leftovers-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const system = thisSystem();
const started = startOf(system, system.pid);

const uuid = (digit: number) => [8, 4, 4, 4, 12].map((length) => `${digit}`.repeat(length)).join("-");
const partOf = (digit: number) => `.rows.parquet.${uuid(digit)}.0123abcd.part`;

test("a name tells who writes", () => {
  expect(writerIn(partName("/x/rows.parquet").slice(3))).toBe(writer);
  expect(writerIn(partOf(3))).toBe(uuid(3));
  for (const other of ["rows.parquet", `.rows.parquet.${uuid(3)}.part`, ".part", `${partOf(3)}.gz`])
    expect(writerIn(other)).toBeUndefined();
});

test.skipIf(started === null)(
  "(Linux, else skipped) files go whose writer has ended here; those of others, of the living and of nobody stay",
  () => {
    const [out, cache] = [join(root, "out"), join(root, "cache")];
    for (const folder of [out, join(cache, "writers")]) mkdirSync(folder, { recursive: true });
    const place = `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
    const gone = { pid: 1, place, started: `${started!.split(" ")[0]} none` };
    const say = (digit: number, what: unknown, age = 0) => {
      const path = join(cache, "writers", `${uuid(digit)}.json`);
      writeFileSync(path, typeof what === "string" ? what : JSON.stringify(what));
      const at = Date.now() / 1000 - age * 86_400;
      utimesSync(path, at, at);
    };
    say(1, gone);
    say(2, { pid: system.pid, place, started });
    say(3, { ...gone, place: "elsewhere" });
    say(4, "{ half");
    say(6, gone, 100);
    say(7, { pid: system.pid, place, started }, 100);
    say(8, { ...gone, started: "before 1" });
    const link = partOf(1).replace("rows", "link");
    const old = partOf(8).replace("rows", "old");
    const names = [...[1, 2, 3, 4, 5, 8].map(partOf), old, "rows.parquet", ".mine.part"];
    for (const name of names) writeFileSync(join(out, name), "x");
    utimesSync(join(out, old), Date.now() / 1000 - 90_000, Date.now() / 1000 - 90_000);
    symlinkSync(join(out, "nowhere"), join(out, link));
    const mine = partName(join(out, "rows.parquet"));
    writeFileSync(mine, "x");

    const left = leftovers(out, cache, system, hostname());
    expect([...left.removed].sort()).toEqual([partOf(1), link, old].sort());
    expect(readdirSync(out).sort()).toEqual(
      [...names.filter((name) => !left.removed.includes(name)), basename(mine)].sort(),
    );
    const said = () =>
      readdirSync(join(cache, "writers"))
        .map((name) => name.slice(0, -5))
        .sort();
    expect(said()).toEqual([1, 2, 3, 4, 7, 8].map(uuid).concat(writer).sort());
    expect(leftovers(out, cache, system, hostname()).removed).toEqual([]); // the own one, and the others, still
    left.end();
    expect(said()).toEqual([1, 2, 3, 4, 7, 8].map(uuid));
  },
);

test("nothing is removed where the system tells nothing, or a folder is not there", () => {
  const silent = { pid: system.pid, read: () => undefined };
  expect(leftovers(root, join(root, "none"), silent, "h").removed).toEqual([]);
  expect(readdirSync(root)).not.toContain("none");
  expect(leftovers(join(root, "nowhere"), join(root, "cache"), system, "h").removed).toEqual([]);
});
