import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Alerts, type Published } from "../../../src/runtime/watch/alerts.ts";
import { shellAlert } from "../../../src/runtime/watch/shellAlert.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-alerts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const published = (table: string, added: number): Published => ({
  event: "published",
  table,
  rows: 10,
  added,
  changed: 1,
  gone: 0,
  at: "2024-01-01T00:00:00.000Z",
  newest_init: null,
});
const never = new AbortController().signal;

describe("alerts", () => {
  test("go one at a time; what comes meanwhile is one a table", async () => {
    const told: Published[] = [];
    let going = 0;
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const alerts = new Alerts(
      async (one) => {
        going += 1;
        expect(going).toBe(1);
        told.push(one);
        await gate;
        going -= 1;
      },
      () => {},
    );
    alerts.tell(published("a", 1));
    alerts.tell(published("a", 2));
    alerts.tell(published("b", 4));
    alerts.tell(published("a", 3));
    open();
    await alerts.close(60_000);
    expect(told.map(({ table, added, changed }) => [table, added, changed])).toEqual([
      ["a", 1, 1],
      ["a", 5, 2],
      ["b", 4, 1],
    ]);
  });

  test("that fail are told, and the next ones go; at the end what hangs is given up", async () => {
    const failures: string[] = [];
    const alerts = new Alerts(
      ({ added }, signal) =>
        added === 1
          ? Promise.reject(new Error("no such host"))
          : new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("given up")))),
      (message) => failures.push(message),
    );
    alerts.tell(published("a", 1));
    alerts.tell(published("b", 2));
    alerts.tell(published("c", 2));
    await alerts.close(50);
    expect(failures).toEqual(["no such host", "given up", "c: not told, the watch has ended"]);
    alerts.tell(published("d", 1));
    await alerts.close(0);
    expect(failures.length).toBe(3);
  });
});

describe.skipIf(process.platform === "win32")("a command", () => {
  test("has the summary on its input and in its environment", async () => {
    const file = join(root, "told");
    await shellAlert(`cat > ${file}; echo "$EWB_TABLE $EWB_ADDED $EWB_CHANGED" >> ${file}`)(
      published("t", 7),
      never,
    );
    const [json, line] = readFileSync(file, "utf8").trim().split("\n");
    expect(JSON.parse(json!)).toEqual(published("t", 7));
    expect(line).toBe("t 7 1");
  });

  test("that fails, or does not read, is said", async () => {
    await expect(shellAlert("exit 3")(published("t", 1), never)).rejects.toThrow(
      "--on-new-rows: the command ended with code 3",
    );
    await shellAlert("true")({ ...published("t", 1), at: "x".repeat(5e6) }, never);
  });

  test("that takes too long is killed, with what it has started", async () => {
    const file = join(root, "late");
    const slow = `(sleep 2; touch ${file}) & sleep 30`;
    await expect(shellAlert(slow, 200)(published("t", 1), never)).rejects.toThrow(
      "killed: it took longer than 0.2 s",
    );
    const stop = new AbortController();
    const going = shellAlert("sleep 30")(published("t", 1), stop.signal);
    stop.abort();
    await expect(going).rejects.toThrow("killed: the watch has ended");
    await new Promise((resolve) => setTimeout(resolve, 2300));
    expect(existsSync(file)).toBe(false);
  });
});
