/** Bytes of any file of a ledger are damaged: what is read is right, older, or not there, or the error is named. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { isEwbError } from "../../../src/model/errors.ts";
import type { UnitName } from "../../../src/model/finished.ts";
import {
  bundle,
  hexOf,
  inputs,
  ledgerAt,
  type Merge,
  merged,
  recordsAt,
  statesOf as statesIn,
  temporary,
} from "./here.ts";

const folder = temporary();
const units = 200;
const row = hexOf(77);

const nameOf = (i: number): UnitName => ({
  target: `target ${i % 3}`,
  initTime: Math.floor(i / 10) * 21_600_000,
  leadHours: (i % 10) * 6,
});
/** States tell by themselves which unit and version they are of. */
const statesOf = (i: number, version: number) => [new Map([[`${i} ${version}`, 1]]), [i, version]];

const merge: Merge = (metric, a: any, b: any) =>
  metric === 0 ? new Map([...a, ...b]) : [a[0] + b[0], a[1] + b[1]];

const version = (n: number) => ({
  at: n,
  value: n / 7,
  n,
  status: "complete",
  forecastVersion: hexOf(n),
  targetVersion: "a",
});

/** Versions 1 and 2 in tables, version 3 of some in the log. */
const write = async (at: string): Promise<void> => {
  for (const number of [1, 2, 3]) {
    const records = await recordsAt(at);
    const site = records.site("site");
    for (let i = 0; i < units; i += number) site.record(nameOf(i), inputs(number), statesOf(i, number));
    records.append(row, version(number));
    await records.flush();
    for (const target of [0, 1, 2])
      await bundle(
        site,
        all.filter((_, i) => i % 3 === target).filter((name) => site.find(name)),
        merge,
      );
    await records.close();
  }
};
const all = Array.from({ length: units }, (_, i) => nameOf(i));

/** Whether all is there and newest; throws where anything is wrong. */
const read = async (at: string): Promise<boolean> => {
  const records = await recordsAt(at);
  try {
    let isNewest = true;
    const site = records.site("site");
    for (const target of [0, 1, 2]) {
      const expected = new Map<string, number>();
      const there: UnitName[] = [];
      const sum = [0, 0];
      for (let i = target; i < units; i += 3) {
        const found = site.find(nameOf(i));
        const newest = i % 3 === 0 ? 3 : i % 2 === 0 ? 2 : 1;
        isNewest &&= found?.forecast === hexOf(newest);
        if (found === undefined) continue;
        const number = Number.parseInt(found.forecast, 16);
        expect([1, 2, 3]).toContain(number);
        expect(found).toEqual(inputs(number));
        there.push(nameOf(i));
        expected.set(`${i} ${number}`, 1);
        sum[0]! += i;
        sum[1]! += number;
      }
      if (there.length === 0) continue;
      const [states, sums] = await merged(site, there, merge);
      expect(new Map([...(states as Map<string, number>)].sort())).toEqual(new Map([...expected].sort()));
      expect(sums).toEqual(sum);
    }
    const history = await records.history(row);
    for (const one of history) expect(one).toEqual(version(one.at));
    expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).sort());
    return isNewest && history.length === 3;
  } finally {
    await records.close();
  }
};

/** A name of a defect, or what `read` found. */
const readDamaged = async (at: string): Promise<string> => {
  try {
    return (await read(at)) ? "right" : "older";
  } catch (error) {
    if (!isEwbError(error)) throw error;
    return error.tag;
  }
};

describe("a ledger with damaged bytes", () => {
  let whole = "";
  beforeAll(async () => {
    whole = folder();
    await write(whole);
  });
  const files = () => readdirSync(join(whole, "db")).map((name) => join("db", name));

  test("is right as it is, and has tables, a log and the files that name them", async () => {
    expect(await readDamaged(folder(whole))).toBe("right");
    expect(files().map((file) => file.replace(/^db.|[-\d]+/g, ""))).toEqual(
      expect.arrayContaining([".ldb", ".log", "MANIFEST", "CURRENT", "LOCK"]),
    );
  });

  test("tells nothing wrong, wherever one is", async () => {
    const counts: Record<string, number> = {};
    for (const file of files()) {
      const good = readFileSync(join(whole, file));
      const places = Math.min(good.length, process.env.EWB_SOAK ? 2000 : 20);
      for (let i = 0; i < places; i++) {
        const at = folder(whole);
        const bad = Buffer.from(good);
        const place = Math.floor((i + 0.5) * (good.length / places));
        bad[place]! ^= i % 2 === 0 ? 0xff : 1 << (i % 8);
        writeFileSync(join(at, file), bad);
        const found = await readDamaged(at);
        expect(["right", "older", "LedgerCorrupt", "StoreRead"], `${file} byte ${place}`).toContain(found);
        counts[found] = (counts[found] ?? 0) + 1;
        rmSync(at, { recursive: true });
      }
    }
    expect(counts.LedgerCorrupt).toBeGreaterThan(10);
  }, 300_000);

  test("tells nothing wrong where a file is cut short or lost", async () => {
    for (const file of files())
      for (const how of ["cut", "empty", "lost"]) {
        const at = folder(whole);
        const path = join(at, file);
        if (how === "lost") rmSync(path);
        else truncateSync(path, how === "cut" ? Math.floor(readFileSync(path).length / 2) : 0);
        const found = await readDamaged(at);
        expect(["right", "older", "LedgerCorrupt"], `${file} ${how}`).toContain(found);
        if (/CURRENT|MANIFEST/.test(file)) expect(found, `${file} ${how}`).toBe("LedgerCorrupt");
      }
  });

  test("is not begun anew where the file that names all others is lost", async () => {
    const at = folder();
    for (const _ of ["into the log", "into a table"]) {
      const ledger = await ledgerAt(at);
      await ledger.close();
    }
    rmSync(join(at, "db", "CURRENT"));
    await expect(ledgerAt(at)).rejects.toMatchObject({ tag: "LedgerCorrupt" });
    expect(readdirSync(join(at, "db")).filter((name) => name.endsWith(".ldb"))).toHaveLength(1);
  });

  test("says which record, and what to try", async () => {
    const at = folder();
    const incompressible = Array.from({ length: 100 }, (_, i) =>
      createHash("sha256").update(`${i}`).digest("base64"),
    ).join("");
    const records = await recordsAt(at);
    records.site("s").record(nameOf(1), inputs(1), [incompressible]);
    await records.close();
    const log = join(at, "db", readdirSync(join(at, "db")).find((name) => name.endsWith(".log"))!);
    const opened = await ledgerAt(at); // into a table, whose bytes it does not check itself
    await opened.close();
    expect(() => readFileSync(log)).toThrow();
    const table = join(
      at,
      "db",
      readdirSync(join(at, "db"))
        .filter((name) => name.endsWith(".ldb"))
        .at(-1)!,
    );
    const bytes = readFileSync(table);
    bytes[bytes.indexOf(incompressible.slice(100, 110))]! ^= 1;
    writeFileSync(table, bytes);
    const again = await recordsAt(at);
    const error = await statesIn(again.site("s"), [nameOf(1)]).catch((thrown) => thrown);
    expect(error).toMatchObject({ tag: "LedgerCorrupt", place: { source: at } });
    expect(error.message).toMatch(
      /damaged \(states [0-9a-f]{16} 0+[0-9a-f]*\).*--fresh, or delete the folder/,
    );
    await again.close();
  });
});
