/**
 * Changes on their way to a ledger: `put` never waits, they are written together every second or at 8 MB. What is read
 * is what was put. A flush that fails keeps what it had; `failed` is told once, and then only `flush` tries again,
 * until one succeeds.
 */
import type { Ledger, LedgerChange } from "../../model/ledger.ts";

export interface BufferEffects {
  /** Calls `work` once after some milliseconds; gives what stops that. */
  readonly after: (ms: number, work: () => void) => () => void;
  /** Told of a flush that nobody waits for and that failed. */
  readonly failed: (error: unknown) => void;
}

const flushAfter = 1000;
const flushBytes = 8e6;

/** Bytes, or what gives them when they are written: once. Undefined: the record is removed. */
type Value = Uint8Array | (() => Uint8Array) | undefined;

interface Put {
  readonly key: Uint8Array;
  readonly value: Value;
  readonly bytes: number;
}

export class WriteBuffer {
  readonly #ledger: Ledger;
  readonly #effects: BufferEffects;
  #waiting = new Map<string, Put>();
  /** What a flush is writing now: still read from here. */
  #writing: ReadonlyMap<string, Put> = new Map();
  #bytes = 0;
  #last: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;
  #hasFailed = false;
  /** A flush that nobody asked for is under way. */
  #isAlone = false;

  constructor(ledger: Ledger, effects: BufferEffects) {
    this.#ledger = ledger;
    this.#effects = effects;
  }

  /** Bytes that are not on disk, about. */
  get bytes(): number {
    return this.#bytes;
  }

  put(key: Uint8Array, value: Value, bytes = value?.length ?? 0): void {
    const name = nameOf(key);
    const size = bytes + key.length;
    this.#bytes += size - (this.#waiting.get(name)?.bytes ?? 0);
    this.#waiting.set(name, { key, value, bytes: size });
    if (this.#bytes >= flushBytes && this.#writing.size === 0) this.#flushAlone();
    else this.#flushLater();
  }

  async getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    const put = keys.map((key) => this.#put(nameOf(key)));
    const there = await this.#ledger.getMany(keys.filter((_, i) => put[i] === undefined));
    let next = 0;
    return put.map((one) => (one === undefined ? there[next++] : one.value));
  }

  /** Resolves when all that was put so far is on disk. */
  flush(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    this.#last = this.#last.catch(() => {}).then(() => this.#write());
    return this.#last;
  }

  #flushLater(): void {
    if (!this.#hasFailed) this.#stop ??= this.#effects.after(flushAfter, () => this.#flushAlone());
  }

  #flushAlone(): void {
    if (this.#isAlone || this.#hasFailed) return;
    this.#isAlone = true;
    this.flush()
      .catch((error) => this.#effects.failed(error))
      .finally(() => {
        this.#isAlone = false;
      });
  }

  #put(name: string): { readonly value: Uint8Array | undefined } | undefined {
    const put = this.#waiting.get(name) ?? this.#writing.get(name);
    return put === undefined || typeof put.value === "function" ? undefined : { value: put.value };
  }

  async #write(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const taken = new Map<string, Put & LedgerChange>();
    for (const [name, put] of this.#waiting) {
      const { value } = put;
      taken.set(name, { ...put, value: typeof value === "function" ? value() : value });
    }
    this.#waiting = new Map();
    this.#writing = taken;
    try {
      await this.#ledger.batch([...taken.values()]);
      this.#hasFailed = false;
    } catch (error) {
      this.#waiting = new Map([...taken, ...this.#waiting]);
      this.#hasFailed = true;
      throw error;
    } finally {
      this.#writing = new Map();
      this.#bytes = 0;
      for (const { bytes } of this.#waiting.values()) this.#bytes += bytes;
      if (this.#bytes > 0) this.#flushLater();
    }
  }
}

const nameOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
