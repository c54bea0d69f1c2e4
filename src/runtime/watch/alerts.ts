/**
 * Tells others of tables that were published: one at a time, and what is published of a table meanwhile is told as one.
 * An alert that fails is a warning and nothing else.
 */

/** What is told of a table. Plain data. */
export interface Published {
  readonly event: "published";
  /** Path. */
  readonly table: string;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly newest_init: string | null;
}

/** Rejects where it could not be told; ends early where the signal aborts. */
export type Alert = (published: Published, signal: AbortSignal) => Promise<void>;

export class Alerts {
  readonly #alert: Alert;
  readonly #failed: (message: string) => void;
  readonly #waiting = new Map<string, Published>();
  readonly #controller = new AbortController();
  #going: Promise<void> | undefined;

  constructor(alert: Alert, failed: (message: string) => void) {
    this.#alert = alert;
    this.#failed = failed;
  }

  tell(published: Published): void {
    if (this.#controller.signal.aborted) return;
    const before = this.#waiting.get(published.table);
    this.#waiting.set(published.table, before === undefined ? published : joined(before, published));
    this.#going ??= this.#work();
  }

  /** What is not told after so many milliseconds is given up. */
  async close(within: number): Promise<void> {
    const late = setTimeout(() => this.#controller.abort(), within);
    await this.#going;
    clearTimeout(late);
    this.#controller.abort();
  }

  async #work(): Promise<void> {
    const { signal } = this.#controller;
    for (const [table, published] of this.#waiting) {
      this.#waiting.delete(table);
      if (signal.aborted) this.#failed(`${table}: not told, the watch has ended`);
      else
        await this.#alert(published, signal).catch((error) =>
          this.#failed(error instanceof Error ? error.message : String(error)),
        );
    }
    this.#going = undefined;
  }
}

const joined = (a: Published, b: Published): Published => ({
  ...b,
  added: a.added + b.added,
  changed: a.changed + b.changed,
  gone: a.gone + b.gone,
});
