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

/** An answer that is not what was asked for; says what was found and what was expected. */
export class AnswerFault extends Error {
  constructor(found: string, expected: string, status?: number, hint = "") {
    const cause = status === undefined ? {} : { cause: new HttpStatus(status) };
    super(`${found} found, ${expected} expected${hint}`, cause);
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

/** Whether a store refused (403): for anonymous readers of some public stores that means absent. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof EwbError && error.cause instanceof HttpStatus && error.cause.status === 403;
