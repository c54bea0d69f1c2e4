import { totalmem } from "node:os";
import { parseBytes } from "./byteSize.ts";

/** What the ledger may use of the machine's memory where the user gives no number. */
const share = 0.5;

/**
 * Bytes for the ledger: the number given, or half of the least of the machine's memory and the limit of its
 * control group.
 */
export const memoryLimit = (wanted: string | number | undefined): number => {
  if (typeof wanted === "number") return wanted;
  if (wanted !== undefined) return parseBytes(wanted);
  const physical = totalmem();
  const constrained = process.constrainedMemory() ?? 0;
  const there = constrained > 0 && constrained < physical ? constrained : physical;
  return Math.floor(there * share);
};
