/**
 * Errors carry a tag and data, and are thrown where the fact is known. The message says what was found, what was
 * expected, what to try. Match on `tag`, not on class: an error may come from a worker.
 */
export type ErrorTag =
  | "Cases"
  | "Codec"
  | "DataSet"
  | "DuplicateRow"
  | "DuplicateSite"
  | "InvalidValue"
  | "LedgerCorrupt"
  | "LedgerFull"
  | "LedgerNewer"
  | "LedgerOwned"
  | "LedgerReadOnly"
  | "MetadataInvalid"
  | "NestedBudget"
  | "NotFound"
  | "Options"
  | "OverBudget"
  | "Pipeline"
  | "StoreRead"
  | "Stopped"
  | "Unit"
  | "Unsupported"
  | "Worker"
  | "Write";

/** Where an error was found: shown in the failures table. */
export interface ErrorPlace {
  /** Address of a store, or a file. */
  readonly source?: string;
  readonly variable?: string;
  readonly chunk?: string;
  readonly line?: number;
}

export class EwbError extends Error {
  readonly tag: ErrorTag;
  readonly place: ErrorPlace;
  constructor(tag: ErrorTag, message: string, place: ErrorPlace = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EwbError";
    this.tag = tag;
    this.place = place;
  }
}

/** Whether `error` is one of ours, with one of `tags` where some are given. */
export const isEwbError = (error: unknown, ...tags: ErrorTag[]): error is EwbError =>
  error instanceof Error &&
  "tag" in error &&
  "place" in error &&
  (tags.length === 0 || tags.includes(error.tag as ErrorTag));
