/** Every damaged case file of the fixtures gives what a good reader gives. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCases } from "../../src/catalog/caseFile.ts";
import { isEwbError } from "../../src/model/errors.ts";
import { describeShared, sharedPath } from "../shared.ts";

interface Fault {
  readonly id: string;
  readonly path: string;
  readonly kind: string;
  readonly what: string;
  readonly must: string;
  readonly outcome: "read" | "error" | "refuse";
  /** Cases that come out. */
  readonly cases?: number;
}

const list = sharedPath("data", "faults", "faults.json");
const faults = existsSync(list)
  ? (JSON.parse(readFileSync(list, "utf8")).faults as Fault[]).filter(({ kind }) => kind === "cases")
  : [];

describeShared("damaged case files", () => {
  test("there are some", () => expect(faults.length).toBeGreaterThan(0));

  test.each(faults)("$id: $must", (fault) => {
    const text = readFileSync(sharedPath("data", "faults", fault.path), "utf8");
    const read = () => parseCases(text, fault.path);

    if (fault.outcome === "refuse") {
      const before = process.memoryUsage();
      const error = caught(read);
      const after = process.memoryUsage();
      expect(isEwbError(error, "Cases")).toBe(true);
      if (!isEwbError(error)) return;
      expect(error.message).toContain(fault.path);
      const line = /name line (\d+)/.exec(fault.must)?.[1];
      if (line !== undefined) {
        expect(error.place.line).toBe(Number(line));
        expect(error.message).toContain(`line ${line}`);
      }
      expect(after.heapUsed - before.heapUsed).toBeLessThan(50e6);
      return;
    }

    const { cases, defects } = read();
    if (fault.cases !== undefined) expect(cases).toHaveLength(fault.cases);
    if (fault.outcome === "read") {
      expect(defects).toEqual([]);
      for (const { start, end } of cases) expect(start).toBeLessThanOrEqual(end);
      return;
    }
    expect(defects).toHaveLength(1);
    const [{ caseId, line, message }] = defects as [(typeof defects)[number]];
    expect(message).toContain(fault.path);
    expect(message).toContain(`line ${line}`);
    expect(cases.map(({ id }) => id)).not.toContain(caseId);
    const named = /case (\d+)/.exec(`${fault.must} ${fault.what}`)?.[1];
    if (named !== undefined) {
      expect(caseId).toBe(Number(named));
      expect(message).toContain(`case ${named}`);
    }
    // The line is that of a case that did not come out.
    expect(text.split("\n").length).toBeGreaterThanOrEqual(line);
  });
});

const caught = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};
