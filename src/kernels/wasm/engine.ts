/** What is used of the engine's `WebAssembly`, for which Node's types have no names. */

export interface Memory {
  readonly buffer: ArrayBuffer;
}

export interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
  /** Sizes in pages. Memory nobody wrote to is no memory of the machine. */
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum?: number;
  }) => Memory;
}

export const engine = (): Engine => (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

export const pageBytes = 65_536;

/** Constants of a module begin at its own multiple of this, and those of all end below `constantsEnd`. */
export const constantsBytes = 1_048_576;
export const constantsEnd = 16 * constantsBytes;
