/** Told what a worker does. */
export interface Stages {
  /** A piece of work without a pause. */
  during<T>(stage: "decode" | "compute" | "write", work: () => T): T;
  /** From now until what it returns is called: bytes come, the first byte is awaited, an ask awaits memory. */
  begin(stage: "read" | "waitStore" | "waitMemory"): () => void;
}
