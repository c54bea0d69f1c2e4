/** `ewb watch` and `ewb history` as a user runs them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { readRows } from "../../src/sinks/parquet/readRows.ts";
import { pipelineText, smallFeed } from "../runtime/watch/smallFeed.ts";
import { ewb } from "./ewb.ts";
import { isDone, watching } from "./watching.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-cli-watch-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let number = 0;
const world = (workers = 0) => {
  const folder = join(root, `${++number}`);
  const feed = smallFeed(folder);
  const out = join(folder, "results");
  return {
    folder,
    feed,
    table: join(out, "rows.parquet"),
    args: [feed.pipeline, "--data", feed.data, "--out", out, "--workers", `${workers}`],
    ledger: join(out, "pipeline.ledger"),
  };
};
const token = "0123456789abcdef";

describe("ewb watch", () => {
  test("sees what arrives in a folder, answers, and ends when it is told to", async () => {
    const { feed, args, table, ledger } = world();
    feed.arrive(0);
    const one = watching([...args, "--every", "1h", "--listen", "127.0.0.1:0"]);
    const { message } = await one.until(({ event }) => event === "note");
    const [, url] = /^listening at (http:\S+)$/.exec(message)!;
    const first = await one.until(isDone);
    expect(first).toMatchObject({ number: 1, failures: 0, newest_init: "2024-06-01T00:00:00.000Z" });
    feed.arrive(1);
    const second = await one.until(isDone);
    expect(second).toMatchObject({ newest_init: "2024-06-01T12:00:00.000Z" });
    expect(second.published[table]).toMatchObject({ added: expect.any(Number), gone: 0 });

    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ ok: true })]);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^ewb_rows\{status="complete"\} [1-9]/m);

    // While it has the ledger it answers for the history; another watch is refused with its pid.
    const told = await ewb(["history", table, "--json"]);
    expect(told).toMatchObject({ code: 0, err: "" });
    const pasts = told.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(pasts[0]).toMatchObject({
      key: expect.stringMatching(/^[0-9a-f]{16}$/),
      versions: 1,
      forecast: "model",
    });
    const other = await ewb(["watch", ...args, "--once"]);
    expect(other.code).toBe(1);
    expect(other.err).toContain(`process ${one.child.pid} on `);

    one.child.kill("SIGTERM");
    expect(await one.ended).toMatchObject({ code: 0, err: "" });
    for (const line of one.lines) expect(JSON.parse(line).at).toMatch(/^20\d\d-\d\d-\d\dT.*Z$/);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(existsSync(join(ledger, "service.json"))).toBe(false);
    // And without it the ledger is read.
    expect((await ewb(["history", table, "--json"])).out).toBe(told.out);
  });

  test("looks at once when it is told to: by a notice, by a signal", async () => {
    const { folder, feed, args } = world();
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, token);
    feed.arrive(0);
    const service = ["--listen", "127.0.0.1:0", "--notice-token-file", tokenFile];
    const one = watching([...args, "--every", "1h", ...service]);
    const { message } = await one.until(({ event }) => event === "note");
    const url = message.replace("listening at ", "");
    await one.until(isDone);
    // Nothing changes any more: no turn would come for an hour.
    await one.quiet();
    const notice = (authorization: string) =>
      fetch(`${url}/notice`, { method: "POST", headers: { authorization } });
    expect((await notice("Bearer 0000000000000000")).status).toBe(401);
    expect((await notice(`Bearer ${token}`)).status).toBe(202);
    expect((await one.until(isDone)).published).toEqual({});
    await one.quiet();
    one.child.kill("SIGHUP");
    expect((await one.until(isDone)).published).toEqual({});
    one.child.kill("SIGTERM");
    expect((await one.ended).code).toBe(0);
  });

  test("tells a command and a webhook, and no secret is told or kept", async () => {
    const { folder, feed, args, table } = world();
    feed.arrive(0);
    const bodies: string[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      bodies.push(body);
      response.end();
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const hook = `http://me:pw123@127.0.0.1:${(server.address() as AddressInfo).port}/SECRET`;
    const told = join(folder, "told.json");
    const alerts = ["--webhook", hook, "--on-new-rows", `cat > ${told} # SECRET`];
    const { code, err } = await ewb(["watch", ...args, "--once", ...alerts]);
    expect(code, err).toBe(0);
    expect(JSON.parse(readFileSync(told, "utf8"))).toMatchObject({ event: "published", table, changed: 0 });
    expect(bodies.map((body) => JSON.parse(body))).toEqual([JSON.parse(readFileSync(told, "utf8"))]);
    const { metadata } = await readRows(table);
    expect(metadata["ewb.command"]).toMatch(/ --once --webhook … --on-new-rows …$/);
    expect(err).not.toMatch(/SECRET|pw123/);
    // An alert that fails is a warning.
    feed.arrive(1);
    const again = await ewb(["watch", ...args, "--once", "--on-new-rows", "exit 7"]);
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/warning: alert: --on-new-rows: the command ended with code 7/);
  });

  test("goes on with the pipeline that it has loaded, workers too, and says once that another is there", async () => {
    const { feed, args, table } = world(1);
    feed.arrive(0);
    const one = watching([...args, "--every", "1h"]);
    await one.until(isDone);
    writeFileSync(feed.pipeline, pipelineText(`meanError(names[0], { keep: ["lead_time"] })`));
    feed.arrive(1);
    await one.until(({ event, message }) => event === "note" && /pipeline on disk has changed/.test(message));
    await one.until(isDone);
    one.child.kill("SIGTERM");
    expect((await one.ended).code).toBe(0);
    const { rows } = await readRows(table);
    const errors = rows.filter(({ metric }) => metric === "mean error");
    expect(new Set(errors.map(({ init_time }) => init_time)).size).toBe(2);
    // Started again it is the new one, and all is computed anew.
    const { code, err } = await ewb(["watch", ...args, "--once"]);
    expect([code, err]).toEqual([
      0,
      expect.stringContaining("has changed (pipeline.ts): all units are computed anew"),
    ]);
    const anew = (await readRows(table)).rows.filter(({ metric }) => metric === "mean error");
    expect(anew.every(({ init_time }) => init_time === null)).toBe(true);
  });

  test("wrong usage has exit code 2", async () => {
    const { args, folder } = world();
    const code = async (...more: string[]) => (await ewb(["watch", ...args, "--once", ...more])).code;
    expect(await code("--listen", "0.0.0.0:1")).toBe(2);
    expect(await code("--every", "soon")).toBe(2);
    expect(await code("--data", join(folder, "none.yaml"))).toBe(2);
    const missing = await ewb(["watch", join(folder, "none.ts"), "--once", "--out", folder]);
    expect(missing).toMatchObject({ code: 2, err: expect.stringMatching(/no pipeline .*none\.ts/) });
  });
});

describe("ewb history", () => {
  test("lists rows with a past, and tells one's versions in order", async () => {
    const { feed, args, table } = world();
    for (const base of [290, 295, 300]) {
      feed.arrive(0, base);
      const { code, err } = await ewb(["watch", ...args, "--once", "--wait", "modell=3d"]);
      expect([code, err]).toEqual([
        0,
        expect.stringContaining("--wait: no source modell: there are model, analysis"),
      ]);
    }
    const list = await ewb(["history", table]);
    expect(list.out).toMatch(
      /^[0-9a-f]{16} {2}2 before {2}case 1, model, analysis, mean error of surface_air_temperature, init 2024-06-01T00:00Z, lead 0 h, valid 2024-06-01T00:00Z$/m,
    );
    const [key] = /^\w+/.exec(list.out)!;
    const one = JSON.parse((await ewb(["history", table, key.slice(0, 8), "--json"])).out);
    expect(one).toMatchObject({ key, versions: [{ until: expect.any(String) }, {}], now: { case_id: 1 } });
    const [a, b] = one.versions;
    expect(a.until < b.until).toBe(true);
    expect(new Set([a.value, b.value, one.now.value]).size).toBe(3);
    expect(new Set([a.targetVersion, b.targetVersion, one.now.target_version]).size).toBe(3);
    const text = (await ewb(["history", table, key])).out;
    expect(text.match(/^ {2}(until|now) /gm)).toEqual(["  until ", "  until ", "  now "]);
  });

  test("says what it lacks", async () => {
    const { feed, args, table, folder, ledger } = world();
    feed.arrive(0);
    expect((await ewb(["stream", ...args])).code).toBe(0);
    const none = await ewb(["history", table]);
    expect(none).toMatchObject({ code: 1, err: expect.stringMatching(/no ledger found .*only "ewb watch"/) });
    expect((await ewb(["watch", ...args, "--once"])).code).toBe(0);
    expect((await ewb(["history", table])).out).toBe("no row has said anything else before\n");
    for (const key of ["xyz", "0000000000000000"])
      expect(await ewb(["history", table, key])).toMatchObject({
        code: 2,
        err: expect.stringContaining(`key "${key}"`),
      });
    const one = watching([...args, "--every", "1h"]);
    await one.until(isDone);
    // It is asked while it goes, though it listens at no port.
    expect((await ewb(["history", table])).out).toBe("no row has said anything else before\n");
    writeFileSync(join(ledger, "service.json"), "{}");
    const owned = await ewb(["history", table]);
    expect(owned.code).toBe(1);
    expect(owned.err).toMatch(new RegExp(`process ${one.child.pid} on `));
    one.child.kill("SIGTERM");
    await one.ended;
    expect((await ewb(["history", join(folder, "none.parquet")])).err).toMatch(/could not read/);
  });
});

describe("ewb sample", () => {
  test("lets inits arrive beside a data set", async () => {
    const out = join(root, "arrivals");
    const { code, out: said } = await ewb([
      "sample",
      "--arrive",
      "--every",
      "0s",
      "--inits",
      "2",
      "--out",
      out,
    ]);
    expect(code).toBe(0);
    expect(said).toContain(`--data ${join(out, "data.yaml")}`);
    expect(said).toMatch(/init 2 of 2 has arrived\n$/);
    expect((await ewb(["sample", "--arrive", "--inits", "29", "--out", out])).code).toBe(2);
  });
});
