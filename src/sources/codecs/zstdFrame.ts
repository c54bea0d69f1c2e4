import { CodecError } from "./codecError.ts";

export const zstdCorrupt = (found: string, expected: string) =>
  new CodecError({ codec: "zstd", found, expected });

/** No block decodes to more (RFC 8878, 3.1.1.2.4). */
export const zstdBlockMost = 131072;

export interface ZstdBlock {
  readonly kind: "raw" | "run" | "compressed";
  /** Where its content stands, and how many bytes of input that is. */
  readonly at: number;
  readonly length: number;
  /** Bytes of a raw block or a run after decoding. */
  readonly size: number;
}

export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  readonly blocks: readonly ZstdBlock[];
  /** How far back a match may reach, by the header: the content's size where the header leaves it out. */
  readonly window: number;
  /** Bytes after decoding, where the header states them. */
  readonly contentSize: number | undefined;
  /** The low half of the content's XXH64, where the frame ends with one. */
  readonly checksum: number | undefined;
}

const kinds = ["raw", "run", "compressed"] as const;

function frameAt(view: DataView, start: number): ZstdFrame {
  const need = (at: number, bytes: number) => {
    if (at + bytes > view.byteLength) throw zstdCorrupt("a frame that ends early", `${bytes} bytes more`);
    return at;
  };
  const descriptor = view.getUint8(need(start + 4, 1));
  if ((descriptor & 8) !== 0) throw zstdCorrupt("a reserved bit", "none");
  const single = (descriptor & 32) !== 0;
  let at = start + (single ? 5 : 6);
  const idBytes = [0, 1, 2, 4][descriptor & 3]!;
  for (let i = 0; i < idBytes; i++) {
    if (view.getUint8(need(at + i, 1)) !== 0)
      throw zstdCorrupt("a dictionary's number", "a frame without one");
  }
  at += idBytes;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  need(at, sizeBytes);
  let contentSize: number | undefined;
  if (sizeBytes === 1) contentSize = view.getUint8(at);
  else if (sizeBytes === 2) contentSize = view.getUint16(at, true) + 256;
  else if (sizeBytes === 4) contentSize = view.getUint32(at, true);
  else if (sizeBytes === 8)
    contentSize = view.getUint32(at, true) + view.getUint32(at + 4, true) * 4294967296;
  at += sizeBytes;
  const log = view.getUint8(start + 5);
  const window = single ? contentSize! : 2 ** (10 + (log >> 3)) * (1 + (log & 7) / 8);
  const blocks: ZstdBlock[] = [];
  for (let last = false; !last; ) {
    const header = view.getUint16(need(at, 3), true) | (view.getUint8(at + 2) << 16);
    at += 3;
    last = (header & 1) === 1;
    const kind = kinds[(header >> 1) & 3];
    const size = header >> 3;
    if (kind === undefined) throw zstdCorrupt("a reserved kind of block", kinds.join(", "));
    if (size > zstdBlockMost) throw zstdCorrupt(`a block of ${size} bytes`, `at most ${zstdBlockMost}`);
    const length = kind === "run" ? 1 : size;
    blocks.push({ kind, at: need(at, length), length, size });
    at += length;
  }
  const summed = (descriptor & 4) !== 0;
  const checksum = summed ? view.getUint32(need(at, 4), true) : undefined;
  return { start, end: at + (summed ? 4 : 0), blocks, window, contentSize, checksum };
}

/** All frames of `source`, skippable ones left out; they must fill it exactly. Nothing is decoded yet. */
export function zstdFrames(source: Uint8Array): readonly ZstdFrame[] {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const frames: ZstdFrame[] = [];
  for (let at = 0; at < source.length; ) {
    const rest = source.length - at;
    const magic = rest < 8 ? 0 : view.getUint32(at, true);
    if (magic === 0xfd2fb528) {
      const frame = frameAt(view, at);
      frames.push(frame);
      at = frame.end;
    } else if (magic >>> 4 === 0x184d2a5) {
      at += 8 + view.getUint32(at + 4, true);
      if (at > source.length)
        throw zstdCorrupt("a skippable frame that ends early", `${at - source.length} more`);
    } else {
      throw at === 0
        ? zstdCorrupt("another magic number", "28 b5 2f fd")
        : zstdCorrupt(`${rest} bytes after the frame`, "none");
    }
  }
  if (frames.length === 0) throw zstdCorrupt(`${source.length} bytes without a frame`, "a frame");
  return frames;
}
