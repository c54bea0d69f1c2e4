/** Stores give the same bytes over HTTP as from a folder, with the requests they need and no more. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { StoredChunk, StoredGroup } from "../../../src/sources/storedArray.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { describeShared, sharedPath } from "../../shared.ts";
import { giveBytes, giveFolder, serve } from "../stores/server.ts";
import { places, testContext } from "./context.ts";

/** Of arrays of this size vitest's own comparison takes seconds. */
const bytesOf = (chunk: StoredChunk | undefined) => {
  const { buffer, byteOffset, byteLength } = chunk?.values ?? new Uint8Array(0);
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
};

describeShared("Zarr over HTTP", () => {
  const folder = (...parts: string[]) => sharedPath("data", "era5-uk-2019-03", ...parts);
  const file = folder("facts.json");
  const { stores } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { stores: [] };
  for (const { path, variable, format, consolidated } of stores) {
    if (format !== "zarr") continue;
    it(`${path} as from a folder`, async () => {
      await using server = await serve(giveFolder(folder()));
      await using web = await openStore(`${server.url}/${path}`);
      const context = testContext();
      const groups = [
        await openZarr(web, context),
        await openZarr(await openStore(folder(path)), testContext()),
      ] as [StoredGroup, StoredGroup];
      expect(groups[0].attributes).toEqual(groups[1].attributes);
      if (consolidated) expect(groups[0].names).toEqual(groups[1].names);
      const [remote, local] = [await groups[0].array(variable), await groups[1].array(variable)];
      expect({ ...remote, chunk: null, chunkId: null, part: null, look: null, isNear: null }).toEqual({
        ...local,
        chunk: null,
        chunkId: null,
        part: null,
        look: null,
        isNear: null,
      });
      const before = server.asked.length;
      const some = places(local).slice(0, 12);
      for (const coords of some) {
        const [a, b] = await Promise.all([remote.chunk(coords, {}), local.chunk(coords, {})]);
        expect(a?.values.constructor).toBe(b?.values.constructor);
        expect(bytesOf(a).equals(bytesOf(b))).toBe(true);
        expect(remote.chunkId(coords)).toContain(`${server.url}/${path}/${variable}/`);
      }
      const isSharded = path.includes("sharded");
      expect(server.asked.length - before).toBeLessThanOrEqual(some.length + (isSharded ? 3 : 0));
      expect(context.requests).toBe(server.asked.length);
    });
  }

  it("says so where a server ignores ranges: a shard is never taken for its index", async () => {
    await using server = await serve((request, response) => {
      delete request.headers.range;
      giveFolder(folder())(request, response);
    });
    await using store = await openStore(`${server.url}/zarr3-sharded`);
    const array = await (await openZarr(store, testContext())).array("t2m");
    await expect(array.chunk([0, 0, 0], {})).rejects.toMatchObject({
      tag: "StoreRead",
      message: expect.stringMatching(/t2m, chunk 0.0.0 in shard 0\/0\/0: .*the server ignores Range/),
      place: { source: store.address, variable: "t2m", chunk: "0.0.0" },
    });
  });

  it("gives nothing for an absent chunk, an error for one that is refused", async () => {
    let status = 404;
    await using server = await serve((request, response) => {
      if (request.url!.endsWith("/0.0.0")) response.writeHead(status).end();
      else giveFolder(folder("zarr2-lz4"))(request, response);
    });
    await using store = await openStore(server.url);
    const array = await (await openZarr(store, testContext())).array("t2m");
    expect(await array.chunk([0, 0, 0], {})).toBeUndefined();
    status = 403;
    await expect(array.chunk([0, 0, 0], {})).rejects.toThrow(/t2m, chunk 0.0.0: .*403 found, 200 expected/);
  });

  it("opens a store that refuses what is absent (no right to list)", async () => {
    await using server = await serve((request, response) => {
      if (existsSync(folder("zarr2-lz4", `.${request.url}`)))
        giveFolder(folder("zarr2-lz4"))(request, response);
      else response.writeHead(403).end();
    });
    await using store = await openStore(server.url);
    const group = await openZarr(store, testContext());
    await group.array("t2m");
    await expect(group.array("none")).rejects.toThrow(/none\/.zarray refused \(403\)/);
    server.answer = (_, response) => response.writeHead(403).end();
    await expect(openZarr(store, testContext())).rejects.toThrow(/refused \(403\)/);
  });

  it("never takes more than a chunk can have", async () => {
    await using server = await serve((request, response) => {
      if (request.url!.endsWith("/0.0.0")) giveBytes(new Uint8Array(5e6))(request, response);
      else giveFolder(folder("zarr2-lz4"))(request, response);
    });
    await using store = await openStore(server.url);
    const array = await (await openZarr(store, testContext())).array("t2m");
    await expect(array.chunk([0, 0, 0], {})).rejects.toThrow(/5000000 bytes found, at most \d+ expected/);
  });

  it("stops when asked to", async () => {
    await using server = await serve(giveFolder(folder("zarr3-sharded")));
    await using store = await openStore(server.url);
    const array = await (await openZarr(store, testContext())).array("t2m");
    const reason = new Error("stopped");
    const control = new AbortController();
    server.answer = () => control.abort(reason);
    await expect(
      Promise.race([
        array.chunk([0, 0, 0], { signal: control.signal }),
        new Promise((_, reject) => setTimeout(() => reject(new Error("still waiting")), 2000)),
      ]),
    ).rejects.toBe(reason);
  });
});
