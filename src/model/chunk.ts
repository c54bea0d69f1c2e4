/** Where one time of a source lies in its store: index along each non-spatial dimension, by the store's names. */
export type Slot = Readonly<Record<string, number>>;

/** The cheap name of a forecast chunk: no bytes. Times in milliseconds UTC, leads in milliseconds. */
export interface ChunkRef {
  readonly initTime: number;
  readonly lead: number;
  readonly validTime: number;
  readonly slot: Slot;
}

/** What reading something costs, from metadata alone. `chunks` are ids, unique in a run, of the store chunks. */
export interface Cost {
  /** Bytes held at once while the values are made: store chunks decoded and compressed, and the selection. */
  readonly bytes: number;
  /** Store chunks touched: id and decoded bytes. */
  readonly chunks: readonly ChunkCost[];
}

export interface ChunkCost {
  readonly id: string;
  readonly bytes: number;
}
