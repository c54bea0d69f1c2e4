/** An older ledger is migrated after a copy; a newer one is refused. */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Ledger, LedgerChange } from "../../../src/model/ledger.ts";
import { openLevel } from "../../../src/runtime/ledger/level.ts";
import type { Schema } from "../../../src/runtime/ledger/schema.ts";
import { bytes, ledgerAt, listed, temporary, text } from "./here.ts";

const folder = temporary();

/** Version 2 has what version 1 had under `x` under `y`, with a mark. Moves a few at a time. */
const second = (most = Infinity): Schema => ({
  version: 2,
  steps: {
    1: async (ledger) => {
      let moved = 0;
      for (const [key, value] of await listed(ledger, "x")) {
        if (moved++ === most) throw new Error("killed");
        const changes: LedgerChange[] = [
          { key: bytes(key), value: undefined },
          { key: bytes(`y${key.slice(1)}`), value: bytes(`${value}!`) },
        ];
        await ledger.batch(changes);
      }
    },
  },
});

const before = [
  ["xa", "1"],
  ["xb", "2"],
  ["xc", "3"],
];
const after = [
  ["ya", "1!"],
  ["yb", "2!"],
  ["yc", "3!"],
];

const older = async (): Promise<string> => {
  const at = folder();
  const ledger = await ledgerAt(at);
  await ledger.batch(before.map(([key, value]) => ({ key: bytes(key!), value: bytes(value!) })));
  await ledger.close();
  return at;
};

/** The records of the copy, as version 1 reads them. */
const backupOf = async (at: string): Promise<[string, string][]> => {
  const other = folder();
  mkdirSync(join(other, "db"));
  cpSync(join(at, "backup-1"), join(other, "db"), { recursive: true });
  const ledger = await ledgerAt(other);
  const found = await listed(ledger, "x");
  await ledger.close();
  return found;
};

test("an older one is copied, then migrated, once", async () => {
  const at = await older();
  for (const _ of [1, 2]) {
    const ledger = await ledgerAt(at, { schema: second() });
    expect(await listed(ledger, "x")).toEqual([]);
    expect(await listed(ledger, "y")).toEqual(after);
    await ledger.close();
    expect(await backupOf(at)).toEqual(before);
  }
});

test("a migration that was cut short goes on, and the copy stays that of before", async () => {
  const at = await older();
  await expect(ledgerAt(at, { schema: second(1) })).rejects.toThrow("killed");
  const ledger = await ledgerAt(at, { schema: second() });
  expect(await listed(ledger, "y")).toEqual(after);
  await ledger.close();
  expect(await backupOf(at)).toEqual(before);
});

test("steps follow each other", async () => {
  const at = await older();
  const third = async (ledger: Ledger) => ledger.batch([{ key: bytes("z"), value: bytes("3") }]);
  const ledger = await ledgerAt(at, { schema: { version: 3, steps: { ...second().steps, 2: third } } });
  expect(text(await ledger.get(bytes("z")))).toBe("3");
  expect(await listed(ledger, "y")).toEqual(after);
  await ledger.close();
});

test("a newer one is refused, and is as it was", async () => {
  const at = folder();
  const made = await ledgerAt(at, { schema: { version: 2, steps: {} } });
  await made.batch([{ key: bytes("x"), value: bytes("new") }]);
  await made.close();
  await expect(ledgerAt(at)).rejects.toMatchObject({
    tag: "LedgerNewer",
    message: expect.stringMatching(/has version 2, this ewb knows up to 1: .*--fresh/),
  });
  expect(existsSync(join(at, "backup-2"))).toBe(false);
  const again = await ledgerAt(at, { schema: { version: 2, steps: {} } });
  expect(text(await again.get(bytes("x")))).toBe("new");
  await again.close();
});

test("records without a version are damage, not a new ledger", async () => {
  const at = folder();
  mkdirSync(join(at, "db"));
  const level = await openLevel(join(at, "db"));
  await level.batch([{ key: bytes("xa"), value: bytes("12345678") }]);
  await level.close();
  await expect(ledgerAt(at)).rejects.toMatchObject({ tag: "LedgerCorrupt" });
});
