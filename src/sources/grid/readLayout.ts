import { pooledSize } from "../../kernels/pooledSize.ts";
import type { ChunkCost, Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Field, Values } from "../../model/field.ts";
import { type Window, windowSize, windowWidth } from "../../model/grid.ts";
import type { Buffers, Workspace } from "../../model/memory.ts";
import { countInfinite, decodeValues } from "../cf/decodeValues.ts";
import { toFloat64 } from "../cf/numbers.ts";
import { withDeclaredSign } from "../cf/signedness.ts";
import type { ChunkCache, StoredArray, StoredChunk } from "../storedArray.ts";
import { fillPiece, gather } from "./gather.ts";
import type { Layout } from "./layout.ts";
import { type Selection, selectionOf } from "./selection.ts";

export interface ReadSettings {
  /** For messages. */
  readonly address: string;
  readonly cache: ChunkCache;
  /** Whether chunks that are absent hold the fill value. */
  readonly absentIsFill: boolean;
  readonly signal: AbortSignal | undefined;
  readonly buffers: Buffers;
  readonly memory: Workspace | undefined;
}

/** What one chunk of an array costs. */
export const costOf = (array: StoredArray, address: string, id: string): ChunkCost => ({
  id,
  bytes: array.chunkBytes,
  encoded: array.encodedBytes,
  shape: array.chunkShape,
  array: `${address}/${array.name}`,
});

const load = async (
  { array }: Layout,
  { chunks }: Selection,
  { address, cache, signal, buffers }: ReadSettings,
): Promise<readonly (StoredChunk | undefined)[]> => {
  const options = { buffers, ...(signal ? { signal } : {}) };
  const settled = await Promise.allSettled(
    chunks.map(({ id, coords }) =>
      cache.get(costOf(array, address, id), (arrived) => array.chunk(coords, { ...options, arrived })),
    ),
  );
  const expected = array.chunkShape.reduce((product, length) => product * length, 1);
  return settled.map((result, i) => {
    if (result.status === "rejected") throw result.reason;
    const found = result.value?.values.length ?? expected;
    if (found !== expected) {
      const chunk = chunks[i]!.coords.join(".");
      throw new EwbError(
        "StoreRead",
        `${address}: chunk ${chunk} of ${array.name} holds ${found} values; ${expected} were expected`,
        { source: address, variable: array.name, chunk },
      );
    }
    return result.value;
  });
};

/** Names the first chunk of a selection that holds infinite values, and how many. */
const infinite = (
  { array, decoding, variable }: Layout,
  { chunks }: Selection,
  loaded: readonly (StoredChunk | undefined)[],
  address: string,
): EwbError => {
  for (const [i, stored] of loaded.entries()) {
    const count = stored ? countInfinite(toFloat64(stored.values), decoding) : 0;
    if (count === 0) continue;
    const chunk = chunks[i]!.coords.join(".");
    return new EwbError(
      "InvalidValue",
      `${address}: chunk ${chunk} of ${array.name} (${variable}) holds ${count} infinite values; finite or missing ` +
        "ones were expected. If they mean missing, say so in the store: _FillValue or valid_range",
      { source: address, variable: array.name, chunk },
    );
  }
  return new EwbError("InvalidValue", `${address}: ${array.name} holds infinite values`, {
    source: address,
    variable: array.name,
  });
};

/**
 * Reads a window of one variable at one slot: chunks through the cache, all at once; then in a fixed order (so that
 * results do not depend on the order of arrival) copied, masked, unpacked, converted and averaged over members.
 * float32 stays float32 where nothing is computed. Absent chunks are NaN, or the fill value where the source says so.
 */
export const readLayout = async (
  layout: Layout,
  slot: Slot,
  window: Window,
  settings: ReadSettings,
): Promise<{ field: Field; versions: ReadonlyMap<string, string> }> => {
  const { array, decoding, unit } = layout;
  const { address, absentIsFill, memory } = settings;
  const float64 = (length: number) => memory?.float64(length) ?? new Float64Array(length);
  const selection = selectionOf(layout, slot, window);
  const loaded = await load(layout, selection, settings);
  settings.signal?.throwIfAborted();
  const absent = absentIsFill && array.fill !== null ? Number(array.fill) : Number.NaN;
  const size = windowSize(window);
  const width = windowWidth(window);
  const first = window.rows.start;
  const decode = (out: Values, member: number): void => {
    for (const piece of selection.members[member]!) {
      const chunk = loaded[piece.chunk];
      if (chunk)
        gather(out, width, first, piece, withDeclaredSign(chunk.values, array.attributes), selection.strides);
      else fillPiece(out, width, first, piece, absent);
    }
    if (decodeValues(out, decoding)) throw infinite(layout, selection, loaded, address);
  };
  const versions = new Map(selection.chunks.map(({ id }, i) => [id, loaded[i]?.version ?? "absent"]));
  const count = selection.members.length;
  if (count === 1) {
    const values = decoding.plain ? (memory?.float32(size) ?? new Float32Array(size)) : float64(size);
    decode(values, 0);
    return { field: { unit, values }, versions };
  }
  const sums = float64(size).fill(0);
  const counts = float64(size).fill(0);
  const one = float64(size);
  for (let member = 0; member < count; member++) {
    decode(one, member);
    for (let i = 0; i < size; i++) {
      const value = one[i]!;
      if (Number.isNaN(value)) continue;
      sums[i] = sums[i]! + value;
      counts[i] = counts[i]! + 1;
    }
  }
  for (let i = 0; i < size; i++) sums[i] = counts[i] === 0 ? Number.NaN : sums[i]! / counts[i]!;
  return { field: { unit, values: sums }, versions };
};

/** Bytes of the result of a window and of what is needed beside the chunks to make it. */
export const resultBytes = ({ decoding, members }: Layout, window: Window): number =>
  members && members.indices.length !== 1
    ? 3 * pooledSize(windowSize(window) * 8)
    : pooledSize(windowSize(window) * (decoding.plain ? 4 : 8));
