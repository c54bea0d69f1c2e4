import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { serviceOf } from "../../src/cli/serviceFlags.ts";
import { toldCommand } from "../../src/cli/toldCommand.ts";
import { watchFlags } from "../../src/cli/watchFlags.ts";
import { watchLog } from "../../src/cli/watchLog.ts";
import { EwbError } from "../../src/model/errors.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-flags-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};

describe("--listen", () => {
  test.each([
    ["127.0.0.1:9464", "127.0.0.1", 9464],
    ["[::1]:80", "::1", 80],
    ["localhost:0", "localhost", 0],
  ])("%s is this machine", (listen, host, port) =>
    expect(serviceOf({ listen })).toEqual({ listen: { host, port } }),
  );

  test.each(["0.0.0.0:9464", ":9464", "[::]:9464", "10.0.0.1:80", "127.evil.org:80", "[::ffff:10.0.0.1]:80"])(
    "%s is refused, but where it is asked for",
    (listen) => {
      expect(() => serviceOf({ listen })).toThrow(/other machines .*--listen-anywhere/);
      expect(serviceOf({ listen, listenAnywhere: true }).listen).toBeDefined();
    },
  );

  test.each(["9464", "localhost", "127.0.0.1:99999", "a:b:80", "127.0.0.1:"])("%s is no address", (listen) =>
    expect(() => serviceOf({ listen })).toThrow(/expected HOST:PORT/),
  );
});

test("a token and a secret come from files, and are long", () => {
  const token = "0123456789abcdef";
  const listen = "127.0.0.1:1";
  expect(serviceOf({ listen, noticeTokenFile: file("good", `${token}\n`) }).listen?.token).toBe(token);
  expect(serviceOf({ webhook: "https://h/", webhookSecretFile: file("good", token) }).webhook).toEqual({
    address: "https://h/",
    secret: token,
  });
  const short = file("short", "hunter2");
  expect(() => serviceOf({ listen, noticeTokenFile: short })).toThrow(
    /7 characters found, expected at least 16/,
  );
  expect(() => serviceOf({ listen, noticeTokenFile: short })).not.toThrow(/hunter2/);
  expect(() => serviceOf({ listen, noticeTokenFile: join(root, "none") })).toThrow(/ENOENT/);
  expect(() => serviceOf({ noticeTokenFile: short })).toThrow(/expected --listen/);
  expect(() => serviceOf({ webhookSecretFile: short })).toThrow(/expected --webhook/);
});

test("times are read with their units", () => {
  expect(watchFlags({ every: "30s", keepHistory: "90d" })).toMatchObject({
    every: 30_000,
    keepHistory: 7_776_000_000,
  });
  expect(watchFlags({})).not.toHaveProperty("every");
  expect(() => watchFlags({ keepHistory: "long" })).toThrow(/--keep-history long: expected a time/);
});

test("how long a source is waited for is said by its name", () => {
  const day = 86_400_000;
  const sources = { "a=b": { deadline: 3 * day, never: 30 * day }, c: { deadline: day / 2 } };
  expect(watchFlags({ wait: ["a=b=3d,30d", "c=12h"] }).patience).toMatchObject({ sources });
  expect(watchFlags({}).patience).not.toHaveProperty("sources");
  for (const text of ["model", "=3d", "model=", "model=3d,1d", "model=3 days", "model=3d,4d,5d"])
    expect(() => watchFlags({ wait: [text] })).toThrow(`--wait ${text}: `);
});

test("the command line is told without what may be a secret", () => {
  const words = ["watch", "a.ts", "--webhook", "https://h/KEY", "--on-new-rows=curl KEY", "--every", "5m"];
  expect(toldCommand(words)).toBe("ewb watch a.ts --webhook … --on-new-rows=… --every 5m");
});

describe("the log", () => {
  const written = (json: boolean) => {
    const [out, err]: [string[], string[]] = [[], []];
    const log = watchLog({
      json,
      now: () => Date.UTC(2024, 0, 1),
      out: { write: (text: string) => out.push(text) },
      err: { write: (text: string) => err.push(text) },
    });
    return { log, out, err };
  };
  const failed = (number: number) =>
    ({
      state: "failed",
      number,
      at: 0,
      error: new EwbError("Write", "no room."),
      next: 1000 * number,
    }) as const;
  const begun = (number: number) => ({ state: "begun", number, at: 0 }) as const;

  test("says what is said in every turn once, and again when it comes back", () => {
    const { log, out, err } = written(false);
    for (let number = 1; number <= 6; number++) {
      log.turn(begun(number));
      if (number !== 4) log.warning("model", "odd units");
      if (number !== 5) log.turn(failed(number));
    }
    const at = "2024-01-01T00:00:00Z";
    expect(out).toEqual([]);
    expect(err.map((line) => line.replace(at, "").trim())).toEqual([
      "warning: model: odd units",
      expect.stringMatching(/^the turn failed: no room\. What was published stays; next look in/),
      "warning: model: odd units",
      expect.stringMatching(/^the turn failed/),
    ]);
  });

  test("has the time in every line of JSON", () => {
    const { log, out, err } = written(true);
    log.note("a");
    log.run({ event: "published", path: "p", rows: 1, bytes: 2 });
    log.turn(begun(1));
    log.turn(failed(1));
    expect(err).toEqual([]);
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { at: "2024-01-01T00:00:00.000Z", event: "note", message: "a" },
      expect.objectContaining({ at: "2024-01-01T00:00:00.000Z", event: "published" }),
      expect.objectContaining({
        at: "2024-01-01T00:00:00.000Z",
        event: "turn",
        state: "failed",
        tag: "Write",
      }),
    ]);
  });
});
