import { pooledSize } from "../../kernels/pooledSize.ts";
import type { ChunkCost } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Field, Values } from "../../model/field.ts";
import { type Window, windowSize, windowWidth } from "../../model/grid.ts";
import type { Buffers, Workspace } from "../../model/memory.ts";
import { countInfinite, decodeValues } from "../cf/decodeValues.ts";
import type { Decoding } from "../cf/decoding.ts";
import { toFloat64 } from "../cf/numbers.ts";
import { withDeclaredSign } from "../cf/signedness.ts";
import type { ChunkCache, ChunkPart, StoredArray, StoredChunk } from "../storedArray.ts";
import { fillPiece, gather, hasValue } from "./gather.ts";
import type { Layout } from "./layout.ts";
import { type Parts, placed } from "./parts.ts";
import type { Selection } from "./selection.ts";

export interface ReadSettings {
  /** For messages. */
  readonly address: string;
  readonly cache: ChunkCache;
  /** Whether chunks that are absent hold the fill value. */
  readonly absentIsFill: boolean;
  readonly signal: AbortSignal | undefined;
  readonly buffers: Buffers;
  readonly memory: Workspace | undefined;
  /** Whether nobody changes the values, so that they may be those of the cache. */
  readonly shared: boolean;
  /** Whether the members are given one by one, beside their mean. */
  readonly members: boolean;
  /** Takes the ids of chunks of which any value that was read is there. */
  readonly filled: Set<string> | undefined;
}

/** What one chunk of an array costs, or a part of it. */
export const costOf = (array: StoredArray, address: string, id: string, part?: ChunkPart): ChunkCost => ({
  id: part === undefined ? id : `${id}@${part.name}`,
  bytes: part?.bytes ?? array.chunkBytes,
  encoded: part?.encoded ?? array.encodedBytes,
  shape: array.chunkShape,
  array: `${address}/${array.name}`,
  near: array.isNear ?? false,
  ...(part === undefined ? {} : { of: { chunk: id, spans: part.spans } }),
});

const load = async (
  { array }: Layout,
  { chunks }: Selection,
  parts: Parts,
  { address, cache, signal, buffers }: ReadSettings,
): Promise<readonly (StoredChunk | undefined)[]> => {
  const options = { buffers, ...(signal ? { signal } : {}) };
  const settled = await Promise.allSettled(
    chunks.map(({ id, coords }) => {
      const part = parts.get(id);
      return cache.get(costOf(array, address, id, part), (arrived, beside) =>
        array.chunk(coords, { ...options, part, beside, arrived }),
      );
    }),
  );
  const whole = array.chunkShape.reduce((product, length) => product * length, 1);
  return settled.map((result, i) => {
    if (result.status === "rejected") throw result.reason;
    const part = parts.get(chunks[i]!.id);
    const expected = part?.spans.reduce((sum, { start, stop }) => sum + stop - start, 0) ?? whole;
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

/** Names the first chunk of a selection that holds infinite values, and how many of what was read are. */
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
 * Reads the window of a selection: chunks, or the parts of them that are needed, through the cache, all at once; then
 * in a fixed order (so that results do not depend on the order of arrival) copied, masked, unpacked, converted and
 * averaged over members, which are kept where they are asked for. What lies in a chunk as it is wanted is not copied where it may be `shared`. float32 stays
 * float32 where nothing is computed. Absent chunks are NaN, or the fill value where the source says so.
 */
export const readLayout = async (
  layout: Layout,
  selection: Selection,
  parts: Parts,
  window: Window,
  settings: ReadSettings,
): Promise<{ field: Field; versions: ReadonlyMap<string, string> }> => {
  const { array, decoding, unit } = layout;
  const { address, absentIsFill, memory, filled } = settings;
  const float64 = (length: number) => memory?.float64(length) ?? new Float64Array(length);
  const { chunks, strides } = selection;
  const loaded = await load(layout, selection, parts, settings);
  settings.signal?.throwIfAborted();
  const absent = absentIsFill && array.fill !== null ? Number(array.fill) : Number.NaN;
  const size = windowSize(window);
  const width = windowWidth(window);
  const first = window.rows.start;
  const decode = (out: Values, member: number): void => {
    let finite = isAsStored(decoding);
    for (const piece of selection.members[member]!) {
      const chunk = loaded[piece.chunk];
      if (chunk === undefined) {
        fillPiece(out, width, first, piece, absent);
        finite = false;
        continue;
      }
      if (!chunk.finite) finite = false;
      const values = withDeclaredSign(chunk.values, array.attributes);
      for (const one of placed(piece, parts.get(chunks[piece.chunk]!.id), strides)) {
        gather(out, width, first, one, values, strides);
      }
    }
    if (!finite && decodeValues(out, decoding)) throw infinite(layout, selection, loaded, address);
  };
  const tellFilled = (values: Values, member: number): void => {
    for (const piece of selection.members[member]!) {
      const { id } = chunks[piece.chunk]!;
      if (!filled!.has(id) && hasValue(values, width, first, piece)) filled!.add(id);
    }
  };
  const versions = new Map(chunks.map(({ id }, i) => [id, loaded[i]?.version ?? "absent"]));
  const count = selection.members.length;
  if (count === 1) {
    const view = settings.shared ? viewOf(layout, selection, parts) : undefined;
    const seen = view && loaded[view.chunk];
    if (view !== undefined && seen?.values instanceof Float32Array) {
      const own = seen.values.subarray(view.start, view.stop);
      // All of what came is looked at, once for all that share it; only where there is any, what is wanted of it.
      seen.finite ??= !decodeValues(seen.values, decoding);
      if (!seen.finite && decodeValues(own, decoding)) throw infinite(layout, selection, loaded, address);
      if (filled) tellFilled(own, 0);
      return { field: { unit, values: own }, versions };
    }
    const values = decoding.plain ? (memory?.float32(size) ?? new Float32Array(size)) : float64(size);
    decode(values, 0);
    if (filled) tellFilled(values, 0);
    return { field: { unit, values }, versions };
  }
  const sums = float64(size).fill(0);
  const counts = float64(size).fill(0);
  const shared = settings.members ? undefined : float64(size);
  const members: Values[] = [];
  for (let member = 0; member < count; member++) {
    const one =
      shared ?? (decoding.plain ? (memory?.float32(size) ?? new Float32Array(size)) : float64(size));
    decode(one, member);
    if (filled) tellFilled(one, member);
    if (settings.members) members.push(one);
    for (let i = 0; i < size; i++) {
      const value = one[i]!;
      if (Number.isNaN(value)) continue;
      sums[i] = sums[i]! + value;
      counts[i] = counts[i]! + 1;
    }
  }
  for (let i = 0; i < size; i++) sums[i] = counts[i] === 0 ? Number.NaN : sums[i]! / counts[i]!;
  return { field: { unit, values: sums, ...(settings.members ? { members } : {}) }, versions };
};

/** Where in a chunk the values lie as they are wanted: float32 in the order of the window; undefined: nowhere. */
const viewOf = (
  { array, decoding }: Layout,
  { members, chunks, strides }: Selection,
  parts: Parts,
): { readonly chunk: number; readonly start: number; readonly stop: number } | undefined => {
  const [piece, another] = members[0]!;
  if (members.length > 1 || piece === undefined || another !== undefined) return undefined;
  if (array.dataType !== "float32" || !isAsStored(decoding)) return undefined;
  const { rows, columns, chunk } = piece;
  const width = columns.stop - columns.start;
  if (strides.column !== 1 || strides.row !== width) return undefined;
  const [one, more] = placed(piece, parts.get(chunks[chunk]!.id), strides);
  if (one === undefined || more !== undefined) return undefined;
  const start = one.base + (rows.start - one.first[0]) * strides.row + (columns.start - one.first[1]);
  return { chunk, start, stop: start + (rows.stop - rows.start) * width };
};

const isAsStored = ({ plain, markers, low, high }: Decoding): boolean =>
  plain && markers.length === 0 && low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;

/**
 * Bytes of the result of a window and of what is needed beside the chunks to make it.
 *
 * @param shared see `ReadSettings`
 * @param each whether members are given one by one
 */
export const resultBytes = (
  layout: Layout,
  selection: Selection,
  parts: Parts,
  window: Window,
  shared: boolean,
  each: boolean,
): number => {
  const { decoding, members } = layout;
  if (shared && viewOf(layout, selection, parts) !== undefined) return 0;
  const one = pooledSize(windowSize(window) * (decoding.plain ? 4 : 8));
  if (members === undefined || members.indices.length === 1) return one;
  const wide = pooledSize(windowSize(window) * 8);
  return each ? 2 * wide + members.indices.length * one : 3 * wide;
};
