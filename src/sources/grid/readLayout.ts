import { pooledSize } from "../../kernels/pooledSize.ts";
import { EwbError } from "../../model/errors.ts";
import type { Field, Values } from "../../model/field.ts";
import { type Window, windowSize, windowWidth } from "../../model/grid.ts";
import type { Buffers, Workspace } from "../../model/memory.ts";
import { allOver } from "../cf/allOver.ts";
import { countInfinite, decodeValues } from "../cf/decodeValues.ts";
import { isAsStored } from "../cf/decoding.ts";
import { toFloat64 } from "../cf/numbers.ts";
import { withDeclaredSign } from "../cf/signedness.ts";
import type { ChunkCache, StoredChunk } from "../storedArray.ts";
import { fillPiece, gather, hasValue } from "./gather.ts";
import { placed } from "./parts.ts";
import type { Side } from "./touched.ts";

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

const load = (
  { layout: { array }, chunks }: Side,
  { address, cache, signal, buffers }: ReadSettings,
): Promise<readonly (StoredChunk | undefined)[]> => {
  const options = { buffers, ...(signal ? { signal } : {}) };
  return allOver(
    chunks.map(async ({ coords, part, cost }) => {
      const stored = await cache.get(cost, (arrived, beside) =>
        array.chunk(coords, { ...options, part, beside, arrived }),
      );
      const expected =
        part?.spans.reduce((sum, { start, stop }) => sum + stop - start, 0) ??
        array.chunkShape.reduce((product, length) => product * length, 1);
      const found = stored?.values.length ?? expected;
      if (found === expected) return stored;
      const chunk = coords.join(".");
      throw new EwbError(
        "StoreRead",
        `${address}: chunk ${chunk} of ${array.name} holds ${found} values; ${expected} were expected`,
        { source: address, variable: array.name, chunk },
      );
    }),
  );
};

/** Names the first chunk that holds infinite values, and how many of what was read are. */
const infinite = (
  { layout: { array, decoding, variable }, chunks }: Side,
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
 * Reads a variable on a window: chunks, or the parts of them that are needed, through the cache, all at once; then
 * in a fixed order (so that results do not depend on the order of arrival) copied, masked, unpacked, converted and
 * averaged over members, which are kept where they are asked for. What lies in a chunk as it is wanted is not copied where it may be `shared`. float32 stays
 * float32 where nothing is computed. Absent chunks are NaN, or the fill value where the source says so.
 */
export const readLayout = async (
  side: Side,
  window: Window,
  settings: ReadSettings,
): Promise<{ field: Field; versions: ReadonlyMap<string, string> }> => {
  const { layout, chunks, strides, members } = side;
  const { array, decoding, unit } = layout;
  const { address, absentIsFill, memory, filled } = settings;
  const float64 = (length: number) => memory?.float64(length) ?? new Float64Array(length);
  const loaded = await load(side, settings);
  settings.signal?.throwIfAborted();
  const absent = absentIsFill && array.fill !== null ? Number(array.fill) : Number.NaN;
  const size = windowSize(window);
  const width = windowWidth(window);
  const first = window.rows.start;
  const decode = (out: Values, member: number): void => {
    let finite = isAsStored(decoding);
    for (const piece of members[member]!) {
      const chunk = loaded[piece.chunk];
      if (chunk === undefined) {
        fillPiece(out, width, first, piece, absent);
        finite = false;
        continue;
      }
      if (!chunk.finite) finite = false;
      const values = withDeclaredSign(chunk.values, array.attributes);
      for (const one of placed(piece, chunks[piece.chunk]!.part, strides)) {
        gather(out, width, first, one, values, strides);
      }
    }
    if (!finite && decodeValues(out, decoding)) throw infinite(side, loaded, address);
  };
  const tellFilled = (values: Values, member: number): void => {
    for (const piece of members[member]!) {
      const { id } = chunks[piece.chunk]!;
      if (!filled!.has(id) && hasValue(values, width, first, piece)) filled!.add(id);
    }
  };
  const versions = new Map(chunks.map(({ id }, i) => [id, loaded[i]?.version ?? "absent"]));
  const count = members.length;
  if (count === 1) {
    const view = settings.shared ? side.view : undefined;
    const seen = view && loaded[view.chunk];
    if (view !== undefined && seen?.values instanceof Float32Array) {
      const own = seen.values.subarray(view.start, view.stop);
      // All of what came is looked at, once for all that share it; only where there is any, what is wanted of it.
      seen.finite ??= !decodeValues(seen.values, decoding);
      if (!seen.finite && decodeValues(own, decoding)) throw infinite(side, loaded, address);
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
  const each: Values[] = [];
  for (let member = 0; member < count; member++) {
    const one =
      shared ?? (decoding.plain ? (memory?.float32(size) ?? new Float32Array(size)) : float64(size));
    decode(one, member);
    if (filled) tellFilled(one, member);
    if (settings.members) each.push(one);
    for (let i = 0; i < size; i++) {
      const value = one[i]!;
      if (Number.isNaN(value)) continue;
      sums[i] = sums[i]! + value;
      counts[i] = counts[i]! + 1;
    }
  }
  for (let i = 0; i < size; i++) sums[i] = counts[i] === 0 ? Number.NaN : sums[i]! / counts[i]!;
  return { field: { unit, values: sums, ...(settings.members ? { members: each } : {}) }, versions };
};

/**
 * Bytes of the result of a window and of what is needed beside the chunks to make it.
 *
 * @param shared see `ReadSettings`
 * @param each whether members are given one by one
 */
export const resultBytes = (
  { layout: { decoding, members }, view }: Side,
  window: Window,
  shared: boolean,
  each: boolean,
): number => {
  if (shared && view !== undefined) return 0;
  const one = pooledSize(windowSize(window) * (decoding.plain ? 4 : 8));
  if (members === undefined || members.indices.length === 1) return one;
  const wide = pooledSize(windowSize(window) * 8);
  return each ? 2 * wide + members.indices.length * one : 3 * wide;
};
