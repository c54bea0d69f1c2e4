/** What a group needs of a run, for tests: no cache, and what was counted. */
import { fresh } from "../../../src/sources/codecs/step.ts";
import type { SourceContext, StoredArray } from "../../../src/sources/storedArray.ts";

export interface TestContext extends SourceContext {
  bytes: number;
  requests: number;
}

export const testContext = (): TestContext => ({
  cache: { get: (_chunk, load) => load(() => {}, []) },
  buffers: fresh,
  stages: { during: (_stage, work) => work(), begin: () => () => {} },
  bytes: 0,
  requests: 0,
  count(bytes, requests) {
    this.bytes += bytes;
    this.requests += requests;
  },
});

/** Places of all chunks of an array. */
export function places({ shape, chunkShape }: StoredArray): number[][] {
  let all: number[][] = [[]];
  for (const [i, length] of shape.entries()) {
    const count = Math.ceil(length / chunkShape[i]!);
    all = all.flatMap((place) => Array.from({ length: count }, (_, c) => [...place, c]));
  }
  return all;
}

/** The value at an index: its chunk read, the edge of a chunk minded; undefined: the chunk is absent. */
export async function valueAt(array: StoredArray, index: readonly number[]): Promise<number | undefined> {
  const coords = index.map((at, i) => Math.floor(at / array.chunkShape[i]!));
  const chunk = await array.chunk(coords, {});
  if (chunk === undefined) return undefined;
  const flat = index.reduce(
    (offset, at, i) => offset * array.chunkShape[i]! + (at % array.chunkShape[i]!),
    0,
  );
  return Number(chunk.values[flat]);
}
