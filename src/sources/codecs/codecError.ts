/**
 * The one error of this folder. `found` and `expected` are texts that read well in the message; the caller, who
 * knows them, adds store, variable and chunk.
 */
export interface CodecFault {
  readonly codec: string;
  readonly found: string;
  readonly expected: string;
  readonly cause?: unknown;
}

export class CodecError extends Error {
  readonly tag = "Codec";
  readonly codec: string;
  readonly found: string;
  readonly expected: string;
  constructor(fault: CodecFault) {
    super(
      `${fault.codec}: ${fault.found} found, ${fault.expected} expected`,
      fault.cause === undefined ? {} : { cause: fault.cause },
    );
    this.name = "CodecError";
    this.codec = fault.codec;
    this.found = fault.found;
    this.expected = fault.expected;
  }
}
