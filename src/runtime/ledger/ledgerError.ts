/** Names what went wrong with the files of a ledger, from the code of the system or the words of the database. */
import { type ErrorTag, EwbError, isEwbError } from "../../model/errors.ts";

export const startAgain =
  'start "ewb stream" again with --fresh, or delete the folder: what it kept is then computed once more, and the ' +
  "history of a watch is lost";

interface Known {
  readonly tag: ErrorTag;
  readonly codes: readonly string[];
  readonly words: RegExp;
  readonly says: string;
}

const known: readonly Known[] = [
  {
    tag: "LedgerFull",
    codes: ["ENOSPC", "EDQUOT"],
    words: /no space left|quota exceeded|not enough space/i,
    says: "the disk is full: free some space; what was kept before is still there",
  },
  {
    tag: "LedgerReadOnly",
    // ENOENT: what making a folder gives on a read-only disk.
    codes: ["EACCES", "EPERM", "EROFS", "ENOENT"],
    words: /permission denied|read-only file system|operation not permitted|access is denied/i,
    says: "it cannot be written: allow this user to, or choose another folder",
  },
  { tag: "LedgerOwned", codes: ["LEVEL_LOCKED"], words: /^IO error: lock /i, says: "another process has it" },
  {
    tag: "LedgerCorrupt",
    codes: ["LEVEL_CORRUPTION"],
    // Invalid argument: what is asked for lies behind the end of a file.
    words: /^Corruption|Invalid argument|no such file/i,
    says: `it is damaged: ${startAgain}`,
  },
];

/** @param doing what was tried, e.g. `"open"` */
export const ledgerError = (folder: string, doing: "open" | "read" | "write", cause: unknown): EwbError => {
  if (isEwbError(cause)) return cause;
  const { code, text } = innermost(cause);
  const found =
    known.find(({ codes }) => codes.includes(code)) ?? known.find(({ words }) => words.test(text));
  const tag = found?.tag ?? (doing === "write" ? "Write" : "StoreRead");
  const says = `could not ${doing} the ledger ${folder}: ${found === undefined ? text : `${found.says} (${text})`}`;
  return new EwbError(tag, says, { source: folder }, { cause });
};

/** A record that is there but is not what was written. */
export const damagedRecord = (folder: string, record: string, found: string, cause?: unknown): EwbError =>
  new EwbError(
    "LedgerCorrupt",
    `a record of the ledger ${folder} is damaged (${record}): ${found}; ${startAgain}`,
    { source: folder, chunk: record },
    { cause },
  );

const innermost = (cause: unknown): { readonly code: string; readonly text: string } => {
  if (!(cause instanceof Error)) return { code: "", text: String(cause) };
  if (cause.cause instanceof Error) return innermost(cause.cause);
  return { code: "code" in cause ? String(cause.code) : "", text: cause.message };
};
