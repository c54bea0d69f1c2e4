/**
 * Case files that the peer reads or refuses (ExtremeWeatherBench 1.1.0). Ours differ by three rules:
 * a date alone is 00 UTC of its day (the peer refuses it); a case that ends before it starts is a defect (the peer
 * accepts it); what the peer dies of is a defect of that case, and the file goes on.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCases } from "../../src/catalog/caseFile.ts";
import { isEwbError } from "../../src/model/errors.ts";
import { describeShared, sharedPath } from "../shared.ts";

interface PeerCase {
  readonly case_id_number: number;
  readonly title: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly event_type: string;
  readonly region: string;
}

interface Golden {
  readonly id: string;
  readonly function: string;
  readonly inputs: { readonly yaml: string };
  readonly expected: readonly PeerCase[] | { readonly error: string };
}

const path = sharedPath("golden", "ewb-core", "units", "tables.json");
const goldens: Golden[] = existsSync(path)
  ? (JSON.parse(readFileSync(path, "utf8")) as Golden[]).filter((golden) => golden.function === "load_cases")
  : [];

const time = (text: string) => Date.parse(`${text}Z`);
const dateAlone = /_date: \d{4}-\d\d-\d\d$/m;

describeShared("case files the peer reads or refuses", () => {
  test("there are some", () => expect(goldens.length).toBeGreaterThan(0));

  test.each(goldens)("$id", ({ inputs, expected }) => {
    const outcome = read(inputs.yaml);
    if ("error" in expected) {
      if (dateAlone.test(inputs.yaml)) {
        expect(outcome).toMatchObject({ defects: [] });
        return;
      }
      expect("refused" in outcome ? outcome.refused : outcome.defects.length > 0).toBe(true);
      return;
    }
    expect(outcome).not.toHaveProperty("refused");
    if ("refused" in outcome) return;
    const right = (expected as readonly PeerCase[]).filter(
      (peer) => time(peer.start_date) <= time(peer.end_date),
    );
    expect(outcome.cases.map(({ region: _, ...event }) => event)).toEqual(
      right.map((peer) => ({
        id: peer.case_id_number,
        title: peer.title,
        type: peer.event_type,
        start: time(peer.start_date),
        end: time(peer.end_date),
      })),
    );
    expect(outcome.defects).toHaveLength(expected.length - right.length);
  });
});

const read = (text: string) => {
  try {
    return parseCases(text, "cases.yaml");
  } catch (error) {
    if (!isEwbError(error, "Cases")) throw error;
    return { refused: true };
  }
};
