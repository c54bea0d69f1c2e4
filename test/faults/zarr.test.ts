/**
 * Damaged Zarr stores, as far as the format decides: metadata and chunks. A case is either refused or fails here (an
 * `EwbError` that names store, variable and chunk), or gives values, of which the layer above decides the rest.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EwbError } from "../../src/model/errors.ts";
import type { StoredGroup } from "../../src/sources/storedArray.ts";
import { openStore } from "../../src/sources/stores/openStore.ts";
import type { Store } from "../../src/sources/stores/store.ts";
import { openZarr } from "../../src/sources/zarr/openZarr.ts";
import { describeShared, sharedPath } from "../shared.ts";
import { giveFolder, serve } from "../sources/stores/server.ts";
import { places, testContext } from "../sources/zarr/context.ts";

interface Fault {
  readonly id: string;
  readonly path: string;
  readonly kind: string;
  readonly what: string;
  readonly outcome: "read" | "missing" | "error" | "refuse";
  readonly chunk?: string;
  readonly n?: number;
}

/**
 * What the format itself must refuse or fail: documents, codecs, encoded chunks, shards. Units, axes and values are
 * decided above; the format gives such a store as it stands, or refuses it properly.
 */
const decidedHere =
  /^(zarray-|zarr-format|codec-|filter-|consolidated-|dimensions-absent|blosc-|zlib-|gzip-|zstd-|raw-|chunk-|v3-)/;

interface Seen {
  readonly errors: EwbError[];
  readonly values: number[];
  readonly absent: number;
  readonly warnings: readonly string[];
}

async function look(store: Store): Promise<Seen> {
  const errors: EwbError[] = [];
  const values: number[] = [];
  let absent = 0;
  const note = (error: unknown): null => {
    if (!(error instanceof EwbError)) throw error;
    errors.push(error);
    return null;
  };
  let group: StoredGroup | undefined;
  try {
    group = await openZarr(store, testContext());
    for (const name of ["time", "latitude", "longitude", "t2m"]) {
      const array = await group.array(name).catch(note);
      for (const coords of array === null ? [] : places(array)) {
        const chunk = await array!.chunk(coords, {}).catch(note);
        if (chunk === undefined) absent++;
        else if (chunk !== null && name === "t2m") values.push(...Array.from(chunk.values, Number));
      }
    }
  } catch (error) {
    note(error);
  }
  return { errors, values, absent, warnings: group?.warnings ?? [] };
}

function check(fault: Fault, address: string, { errors, values, absent, warnings }: Seen, half: number) {
  for (const { message, place } of errors) {
    expect(message).toContain(address);
    expect(message).toMatch(/found|absent/);
    expect(place.source).toBe(address);
    expect(place.variable).toBeDefined();
  }
  const isHere = decidedHere.test(fault.id);
  if (fault.outcome === "refuse" && (isHere || errors.length > 0)) {
    expect(errors.length).toBe(1);
    expect(["MetadataInvalid", "Unsupported", "NotFound"]).toContain(errors[0]!.tag);
    expect(errors[0]!.message).toMatch(/expected|absent/);
  } else if (fault.outcome === "error" && (isHere || errors.length > 0)) {
    expect(errors.length).toBeGreaterThan(0);
    if (fault.chunk !== undefined) expect(values.length).toBe(half);
    for (const { tag, message, place } of errors) {
      expect(["Codec", "StoreRead"]).toContain(tag);
      expect(place.variable).toBe("t2m");
      expect(place.chunk).toBe(fault.chunk ?? place.chunk);
      expect(message).toContain(`t2m, chunk ${place.chunk}`);
      expect(message).toMatch(/\d.* found, .* expected/);
    }
  } else {
    expect(errors).toEqual([]);
    expect(values.length).toBe((2 - absent) * half);
    if (fault.outcome === "missing" && isHere) expect([absent, values.length]).toEqual([1, fault.n]);
    if (/disagrees/.test(fault.id)) expect(warnings.join()).toMatch(/consolidated/);
  }
}

describeShared("damaged Zarr stores", () => {
  const list = sharedPath("data", "faults", "faults.json");
  const { faults } = JSON.parse(existsSync(list) ? readFileSync(list, "utf8") : '{"faults":[]}') as {
    faults: Fault[];
  };
  const half = 12 * 8 * 8;
  for (const fault of faults.filter(({ kind }) => kind === "zarr2" || kind === "zarr3")) {
    const folder = sharedPath("data", "faults", fault.path);

    it(`${fault.id}: ${fault.what}`, async () => {
      const store = await openStore(folder);
      check(fault, store.address, await look(store), half);
    });

    it(`${fault.id} over HTTP`, async () => {
      await using server = await serve(giveFolder(folder));
      await using store = await openStore(server.url);
      check(fault, store.address, await look(store), half);
    });
  }

  it("allocates nothing by a length that a file states", async () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const id of ["blosc-header-huge", "zlib-bomb", "v3-shard-length-huge", "zarray-shape-huge"]) {
      const folder = sharedPath("data", "faults", id);
      if (existsSync(folder)) await look(await openStore(folder));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16e6);
  });

  it("reads a whole shard whose inner chunks share bytes", async () => {
    const folder = sharedPath("data", "faults", "v3-shard-overlap");
    if (!existsSync(folder)) return;
    const array = await (await openZarr(await openStore(folder), testContext())).array("t2m");
    const second = await array.chunk([0, 1, 0], {});
    expect((await array.chunk([0, 1, 1], {}))!.values).toEqual(second!.values);
  });
});
