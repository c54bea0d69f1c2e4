/** Which elements of a chunk are worth reading alone: pure arithmetic, before anything of the chunk is known. */
import type { Span } from "../../model/grid.ts";
import type { PartDecoder } from "../codecs/chain.ts";
import { compressed, exactly } from "../codecs/size.ts";

/** A chunk of fewer bytes is read whole, and one of which so much is needed. */
const least = 131_072;
const nearlyAll = 0.8;
/** More pieces than this are read as what lies between the first and the last. */
const mostSpans = 64;

export interface Wanted {
  readonly spans: readonly Span[];
  /** Decoded bytes of them as stored, and the most that their blocks take encoded. */
  readonly bytes: number;
  readonly encoded: number;
}

/**
 * Spans of elements (ascending starts), those that are nearly a block or nearer to each other made one; undefined: not
 * worth it. A small one is widened to whole blocks: what lies beside it in them is likely wanted by other units (days of a
 * climatology), and then decoded once.
 *
 * @example wantedPart(decoder, [{ start: 144_000, stop: 295_200 }])
 */
export const wantedPart = (decoder: PartDecoder, spans: readonly Span[]): Wanted | undefined => {
  const { bytes, width, block } = decoder;
  if (bytes < least) return undefined;
  const count = bytes / width;
  const step = Math.max(1, Math.floor(block / width));
  const down = (at: number) => at - (at % step);
  const up = (at: number) => Math.min(count, Math.ceil(at / step) * step);
  const near = joined(spans, step / 2);
  const merged = joined(
    near.map(({ start, stop }) =>
      stop - start >= step / 2 ? { start, stop } : { start: down(start), stop: up(stop) },
    ),
    0,
  );
  if (merged.length > mostSpans)
    merged.splice(0, merged.length, { start: merged[0]!.start, stop: merged.at(-1)!.stop });
  const kept = merged.reduce((sum, { start, stop }) => sum + stop - start, 0);
  if (kept > nearlyAll * count) return undefined;
  // Blocks come as a whole, and may be cut otherwise than was guessed.
  const fetched =
    decoder.frame === "raw"
      ? kept
      : merged.reduce((sum, { start, stop }) => sum + up(stop) - down(start), step);
  return { spans: merged, bytes: kept * width, encoded: compressed(exactly(fetched * width)).most };
};

/** Spans that are at most so far apart made one. */
const joined = (spans: readonly Span[], gap: number): { start: number; stop: number }[] => {
  const all: { start: number; stop: number }[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last !== undefined && span.start <= last.stop + gap) last.stop = Math.max(last.stop, span.stop);
    else all.push({ ...span });
  }
  return all;
};
