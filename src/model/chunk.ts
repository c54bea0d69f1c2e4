import type { Span } from "./grid.ts";

/** Where one time of a source lies in its store: index along each non-spatial dimension, by the store's names. */
export type Slot = Readonly<Record<string, number>>;

/** The cheap name of a forecast chunk: no bytes. Times in milliseconds UTC, leads in milliseconds. */
export interface ChunkRef {
  readonly initTime: number;
  readonly lead: number;
  readonly validTime: number;
  readonly slot: Slot;
}

/**
 * What reading something costs, from metadata alone: bytes of its own, and store chunks, which are charged once
 * however many units hold them.
 */
export interface Cost {
  /** Bytes held while the values are made and looked at: the selection, copies on the places, scratch. */
  readonly bytes: number;
  /** Store chunks touched, each once. */
  readonly chunks: readonly ChunkCost[];
}

export interface ChunkCost {
  /** Unique in a run: address, array, key. */
  readonly id: string;
  /** Bytes decoded. */
  readonly bytes: number;
  /** The most its encoded bytes can be, held while it is decoded. */
  readonly encoded: number;
  /** The array it is of: what is learned of the size of one encoded chunk holds for the others. */
  readonly array: string;
  /** Whether it lies in a file of this machine: to read it again costs no more than to keep it. */
  readonly near?: boolean;
  /** Of a part of a chunk: the id of the whole, and which elements. */
  readonly of?: { readonly chunk: string; readonly spans: readonly Span[] };
  /** Shape of one chunk of the array, for messages. */
  readonly shape?: readonly number[];
}

/** Bytes of a cost when nothing of it is held by anybody. */
export const wholeCost = ({ bytes, chunks }: Cost): number =>
  chunks.reduce((sum, chunk) => sum + chunk.bytes + chunk.encoded, bytes);
