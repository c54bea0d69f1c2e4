/** What is used of the engine's `WebAssembly`, for which Node's types have no names. */

/** Shared: what is posted to another thread is the same memory there. */
export interface Memory {
  readonly buffer: SharedArrayBuffer;
}

export interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
  /** Sizes in pages. Memory nobody wrote to is no memory of the machine. */
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => Memory;
}

export const engine = (): Engine => (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

export const pageBytes = 65_536;

/** Memory of so many bytes at least; throws where the machine has no such address space, or the engine no threads. */
export const memoryOf = (bytes: number): Memory => {
  const pages = Math.ceil(bytes / pageBytes);
  return new (engine().Memory)({ initial: pages, maximum: pages, shared: true });
};

/** Constants of a module begin at its own multiple of this, and those of all end below `constantsEnd`. */
export const constantsBytes = 1_048_576;
export const constantsEnd = 16 * constantsBytes;
