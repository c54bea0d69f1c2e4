/** Told what a worker does. */
export interface Stages {
  /** A piece of work without a pause. */
  during<T>(stage: "decode" | "compute" | "write", work: () => T): T;
  /** From now until what it returns is called: bytes come, another thread decodes, a first byte or memory is awaited. */
  begin(stage: "read" | "decode" | "waitStore" | "waitMemory"): () => void;
}
