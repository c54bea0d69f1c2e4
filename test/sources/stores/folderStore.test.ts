import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../../src/sources/stores/openStore.ts";

describe("folderStore", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
    mkdirSync(join(folder, "root", "a"), { recursive: true });
    writeFileSync(
      join(folder, "root", "a", "0.0"),
      Uint8Array.from({ length: 10 }, (_, i) => i),
    );
    writeFileSync(join(folder, "root", "empty"), "");
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync(join(folder, "secret"), join(folder, "root", "link"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = () => openStore(join(folder, "root"));

  it("gives whole files with size and time as version", async () => {
    const store = await open();
    const { mtimeMs } = statSync(join(folder, "root", "a", "0.0"));
    const counted = [0, 0];
    const object = await store.get("a/0.0", {
      count: (bytes, requests) => {
        counted[0]! += bytes;
        counted[1]! += requests;
      },
    });
    expect([...object!.bytes]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(object!.version).toBe(`10:${mtimeMs}`);
    expect(counted).toEqual([10, 1]);
    expect((await store.get("empty"))?.bytes.length).toBe(0);
    expect((await store.get("link"))?.bytes.length).toBe(6);
  });

  it("gives ranges exactly, a suffix at most whole", async () => {
    const store = await open();
    const part = await store.getRange("a/0.0", { offset: 3, length: 4 });
    expect([...part!.bytes]).toEqual([3, 4, 5, 6]);
    expect(part!.total).toBe(10);
    expect([...(await store.getRange("a/0.0", { suffixLength: 2 }))!.bytes]).toEqual([8, 9]);
    expect((await store.getRange("a/0.0", { suffixLength: 99 }))!.bytes.length).toBe(10);
    await expect(store.getRange("a/0.0", { offset: 8, length: 4 })).rejects.toThrow(
      /10 bytes found, 4 from byte 8 on expected/,
    );
  });

  it("refuses more than allowed before it reads", async () => {
    const store = await open();
    await expect(store.get("a/0.0", { most: 9 })).rejects.toThrow(/10 bytes found, at most 9 expected/);
  });

  it("says nothing there for absent keys and folders", async () => {
    const store = await open();
    for (const key of ["b", "a", "a/0.0/deeper", "a/1.0"]) expect(await store.get(key)).toBeUndefined();
    expect(await store.list!("")).toEqual(["a", "empty", "link"]);
    expect(await store.list!("a")).toEqual(["0.0"]);
    expect(await store.list!("b")).toEqual([]);
  });

  it.each(["../secret", "/etc/passwd", "a/../../secret", "a//0.0", "", ".", "a\\..\\x", "a/\0"])(
    "never leaves the folder: %j",
    async (key) => {
      const store = await open();
      const fault = { tag: "StoreRead", place: { source: store.address, chunk: key } };
      await expect(store.get(key)).rejects.toMatchObject(fault);
      await expect(store.getRange(key, { suffixLength: 1 })).rejects.toMatchObject(fault);
    },
  );

  it("refuses what is no folder", async () => {
    await expect(openStore(join(folder, "none"))).rejects.toThrow(/none: nothing found, a folder expected/);
    await expect(openStore(join(folder, "secret"))).rejects.toThrow(/a file found/);
  });

  it("stops when asked to", async () => {
    const store = await open();
    const reason = new Error("stopped");
    await expect(store.get("a/0.0", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
