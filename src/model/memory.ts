/**
 * Large arrays that are used again. A fresh buffer a chunk is memory that only a garbage collection gives back, long
 * after the ledger has admitted the next one; a buffer of the pool is free the moment it is given back, so what the
 * process holds is what the ledger says.
 */
export interface Buffers {
  /** `bytes` bytes with whatever was in them; 8-byte aligned. Give them back with `give`. */
  take(bytes: number): Uint8Array;
  /** Takes back what `take` gave, or a view of it, once; bytes that were never taken are left alone. */
  give(bytes: ArrayBufferView): void;
}

/**
 * Arrays of one unit, given back all together when the unit is over: nothing that outlives it (a state, a row) may
 * keep one of them. Contents are undefined until they are written.
 */
export interface Workspace {
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
}

/** A workspace and its end. */
export interface OwnedWorkspace extends Workspace {
  free(): void;
}
