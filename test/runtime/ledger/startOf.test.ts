import { expect, test } from "vitest";
import { startOf } from "../../../src/runtime/ledger/owner.ts";

const system = (state: string) => ({
  read: (path: string) =>
    path.endsWith("boot_id")
      ? "boot\n"
      : `7 (a) b) ${state} ${Array.from({ length: 40 }, (_, i) => i).join(" ")}`,
});

test("when a process started; one that has ended and was not waited for has none", () => {
  expect(startOf(system("S"), 7)).toBe("boot 18");
  expect(startOf(system("Z"), 7)).toBeNull();
  expect(startOf(system("X"), 7)).toBeNull();
});
