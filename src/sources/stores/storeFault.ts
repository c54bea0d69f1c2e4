import { EwbError } from "../../model/errors.ts";

/** The cause of a `StoreRead` error that stems from an answer: an HTTP status. */
export class HttpStatus extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP status ${status}`);
    this.name = "HttpStatus";
    this.status = status;
  }
}

/** The cause of a `StoreRead` error: an object has another version than when it was read before. */
export class ChangedVersion extends Error {
  readonly found: string;
  readonly expected: string;
  constructor(found: string, expected: string) {
    super(`version ${found} found, ${expected} expected`);
    this.name = "ChangedVersion";
    this.found = found;
    this.expected = expected;
  }
}

/** An answer that is not what was asked for; says what was found and what was expected. */
export class AnswerFault extends Error {
  constructor(found: string, expected: string, cause?: Error, hint = "") {
    super(`${found} found, ${expected} expected${hint}`, cause === undefined ? {} : { cause });
    this.name = "AnswerFault";
  }
}

/** An error of one key of a store. `message` says what was found and what was expected. */
export const storeFault = (address: string, key: string, message: string, cause?: unknown): EwbError =>
  new EwbError(
    "StoreRead",
    `${address}: ${key}: ${message}`,
    { source: address, chunk: key },
    cause === undefined ? {} : { cause },
  );

/** An object of which another version was read before: rows of both would not belong together. */
export const changed = (found: string, expected: string): AnswerFault =>
  new AnswerFault(
    `version ${found}`,
    `version ${expected}`,
    new ChangedVersion(found, expected),
    "; the store changed while it was read: run again",
  );

/** Whether an object had another version than the one that was asked for, or that was read before. */
export const isChanged = (error: unknown): boolean =>
  error instanceof EwbError && error.cause instanceof ChangedVersion;

/** Whether a store refused (403): for anonymous readers of some public stores that means absent. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof EwbError && error.cause instanceof HttpStatus && error.cause.status === 403;

/** Whether an object could not be read although it may be there: nothing was refused. */
export const isUnanswered = (error: EwbError): boolean => {
  const status = error.cause instanceof HttpStatus ? error.cause.status : 500;
  return (
    error.tag === "StoreRead" &&
    error.place.chunk !== undefined &&
    (status >= 500 || status === 408 || status === 429)
  );
};

/** Whether a server answered with the whole object (200) where a range of it was asked for. */
export const isWhole = (error: unknown): boolean =>
  error instanceof EwbError && error.cause instanceof HttpStatus && error.cause.status === 200;
