/** Buffers that stores take: given back but for what a reader got. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import type { Store } from "../../../src/sources/stores/store.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { countedBuffers } from "../../runtime/countedBuffers.ts";
import { testContext } from "../zarr/context.ts";
import { memoryStore } from "../zarr/memoryStore.ts";
import { giveBytes, serve, type TestServer } from "./server.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ewb-given-"));
  writeFileSync(join(folder, "a"), content);
  server = await serve((request, response) => {
    if (request.url === "/short") {
      response.writeHead(200, { "content-length": 1000 });
      response.write(new Uint8Array(10));
      response.destroy();
    } else giveBytes(content)(request, response);
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server[Symbol.asyncDispose]();
});

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const stores: Record<string, () => Promise<Store>> = {
  folder: () => openStore(folder),
  web: () => openStore(server.url, { retry: { attempts: 2, delay: 1 } as never }),
};

describe.each(Object.keys(stores))("a store (%s)", (kind) => {
  test("puts what it reads in one buffer", async () => {
    await using store = await stores[kind]!();
    const buffers = countedBuffers();
    const whole = await store.get("a", { buffers });
    const part = await store.getRange("a", { offset: 5, length: 1000 }, { buffers });
    expect(Buffer.compare(whole!.bytes, content)).toBe(0);
    expect(Buffer.compare(part!.bytes, content.subarray(5, 1005))).toBe(0);
    expect(buffers.out).toBe(2);
    for (const { bytes } of [whole!, part!]) buffers.give(bytes);
    expect([buffers.out, buffers.faults]).toEqual([0, []]);
  });

  test("keeps none of what is too large, absent or cut", async () => {
    await using store = await stores[kind]!();
    const buffers = countedBuffers();
    await expect(store.get("a", { buffers, most: 10 })).rejects.toMatchObject({ tag: "StoreRead" });
    await expect(store.getRange("a", { offset: 299_999, length: 9 }, { buffers })).rejects.toMatchObject({
      tag: "StoreRead",
    });
    if (kind === "web")
      await expect(store.get("short", { buffers })).rejects.toMatchObject({ tag: "StoreRead" });
    else expect(await store.get("short", { buffers })).toBeUndefined();
    expect(buffers.out).toBe(0);
  });

  test("keeps none of what was given up, whenever it was", async () => {
    await using store = await stores[kind]!();
    const buffers = countedBuffers();
    let aborted = 0;
    for (let i = 0; i < 60; i++) {
      const controller = new AbortController();
      const reading = store.get("a", { buffers, signal: controller.signal }).then(
        (object) => object!.bytes,
        () => {
          aborted += 1;
          return undefined;
        },
      );
      // At any of the turns that a read takes.
      for (let turn = 0; turn < i % 12; turn++) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      const bytes = await reading;
      if (bytes !== undefined) buffers.give(bytes);
    }
    for (let i = 0; i < 100 && buffers.out > 0; i++) await later(10);
    expect([buffers.out, buffers.faults]).toEqual([0, []]);
    // A file that the machine has in its memory is read before the first turn is over.
    expect(aborted).toBeGreaterThan(3);
  });
});

describe("a chunk of a Zarr array", () => {
  const zarray = (compressor: object | null) => ({
    zarr_format: 2,
    shape: [4096],
    chunks: [2048],
    dtype: "<f4",
    fill_value: null,
    order: "C",
    filters: null,
    compressor,
  });
  /** A store that puts bytes in buffers. */
  const taking = (store: ReturnType<typeof memoryStore>): Store => ({
    ...store,
    async get(key, options) {
      const object = await store.get(key);
      if (object === undefined || options?.buffers === undefined) return object;
      const bytes = options.buffers.take(object.bytes.length);
      bytes.set(object.bytes);
      return { ...object, bytes };
    },
  });
  const raw = new Uint8Array(Float32Array.from({ length: 2048 }, (_, i) => i).buffer);

  test.each([
    ["as it is stored", null, raw, 1],
    ["compressed", { id: "zlib" }, "deflate", 0],
    ["lz4", { id: "lz4" }, "damaged", 0],
    ["damaged", { id: "zlib" }, "damaged", 0],
    ["too short", null, raw.subarray(4), 0],
  ])("%s: keeps only the buffer that its values lie in", async (_, compressor, stored, kept) => {
    const { deflateSync } = await import("node:zlib");
    const bytes =
      stored === "deflate"
        ? new Uint8Array(deflateSync(raw))
        : stored === "damaged"
          ? new Uint8Array(500).fill(9)
          : (stored as Uint8Array);
    const store = memoryStore({
      ".zgroup": { zarr_format: 2 },
      "a/.zarray": zarray(compressor),
      "a/.zattrs": { _ARRAY_DIMENSIONS: ["x"] },
      "a/0": bytes,
    });
    const array = await (await openZarr(taking(store), testContext())).array("a");
    const buffers = countedBuffers();
    const arrived: number[] = [];
    const reading = array.chunk([0], { buffers, arrived: (encoded) => void arrived.push(encoded) });
    const isGood = bytes === raw || stored === "deflate";
    if (isGood) {
      const chunk = await reading;
      expect(Buffer.compare(new Uint8Array(chunk!.values.buffer, chunk!.values.byteOffset, 8192), raw)).toBe(
        0,
      );
      expect(buffers.out).toBe(kept);
      buffers.give(chunk!.buffer!);
    } else await expect(reading).rejects.toMatchObject({ tag: "Codec" });
    expect(await array.chunk([1], { buffers })).toBeUndefined();
    expect([buffers.out, buffers.faults, arrived]).toEqual([0, [], [bytes.length]]);
  });
});
