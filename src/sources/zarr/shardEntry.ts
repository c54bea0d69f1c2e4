import { CodecError } from "../codecs/codecError.ts";
import type { ShardIndex } from "./shardIndexes.ts";

const absent = 2n ** 64n - 1n;

/**
 * Offset and length of the chunk number `i` of a shard, from the start of the shard; undefined: the shard leaves it
 * out. Both numbers come from a file: one that points outside the shard, or that is longer than any such chunk can be
 * (`most`), throws before a request is made or a byte is allocated. Chunks may share bytes.
 */
export function shardEntry(
  { entries, total }: ShardIndex,
  i: number,
  most: number,
): { readonly offset: number; readonly length: number } | undefined {
  const offset = entries[2 * i]!;
  const length = entries[2 * i + 1]!;
  if (offset === absent && length === absent) return undefined;
  const fault = (found: string, expected: string) =>
    new CodecError({ codec: "sharding_indexed", found, expected });
  if (length === 0n) throw fault("an inner chunk of 0 bytes", "at least 1");
  if (total !== undefined && offset + length > BigInt(total)) {
    throw fault(`an inner chunk of ${length} bytes at byte ${offset}`, `parts of a shard of ${total} bytes`);
  }
  if (length > BigInt(most)) throw fault(`an inner chunk of ${length} bytes`, `at most ${most}`);
  if (offset + length > BigInt(Number.MAX_SAFE_INTEGER)) throw fault(`offset ${offset}`, "less than 2^53");
  return { offset: Number(offset), length: Number(length) };
}
