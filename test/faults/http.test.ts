/**
 * Web stores that do not do what they should: runs over the sample's stores behind a server with one kind of fault.
 * Each ends with the same rows as without it, or with the named error and the rows of the other case.
 */
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import { lastValueFrom, toArray } from "rxjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { FailureEvent, RunEvent } from "../../src/model/event.ts";
import type { Row } from "../../src/model/row.ts";
import { ensureSample } from "../../src/runtime/sampleData.ts";
import { stream } from "../../src/runtime/stream.ts";
import { openStore } from "../../src/sources/stores/openStore.ts";
import { openZarr } from "../../src/sources/zarr/openZarr.ts";
import { cache, ewb, temporary } from "../cli/ewb.ts";
import { type Answer, giveBytes, giveFolder, serve } from "../sources/stores/server.ts";
import { testContext } from "../sources/zarr/context.ts";

/** For a busy machine. */
const patiently = { timeout: 20_000 };
const pipeline = resolve("pipelines/heatwave.ts");
let sample: string;
let good: Answer;

/** A description of the sample's stores at `url`. */
const dataSet = (folder: string, url: string): string => {
  const file = join(folder, "web.yaml");
  writeFileSync(
    file,
    `name: web
cases: ${join(sample, "cases.yaml")}
forecasts: [{ name: model, zarr: "${url}/model-b.zarr" }]
targets: [{ name: analysis, zarr: "${url}/era5.zarr" }]
`,
  );
  return file;
};

/** What a run over a server gives whose answers are `answer`. */
const runOver = async (answer: Answer, signal?: AbortSignal) => {
  await using server = await serve(answer);
  const out = temporary();
  const failures: FailureEvent[] = [];
  const rows = await lastValueFrom(
    stream(pipeline, {
      cache,
      out,
      data: dataSet(out, server.url),
      workers: 0,
      select: { limit: 4 },
      ...(signal ? { signal } : {}),
      onEvent: (event: RunEvent) => void (event.event === "failure" && failures.push(event as FailureEvent)),
    }).pipe(toArray()),
  );
  return { rows: rows.map((row) => row as Row), failures, asked: server.asked };
};

/** Rows without the versions of what was read: they name the server's port. */
const text = (rows: readonly Row[]) =>
  rows.map(({ forecast_version: _, target_version: __, ...row }) => JSON.stringify(row)).sort();

/** An answer whose body is cut short. */
const cut: Answer = (request, response) => {
  const end = response.end.bind(response);
  response.end = ((body?: Uint8Array) => {
    if (body === undefined) return end();
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    return response;
  }) as ServerResponse["end"];
  good(request, response);
};

/** The first answer to each question is `bad`, from the `from`th question on, to no more than `most` of them. */
const first = (bad: Answer, { from = 0, most = Number.POSITIVE_INFINITY } = {}): Answer => {
  const asked = new Set<string>();
  let left = most;
  return (request, response) => {
    const question = `${request.url} ${request.headers.range}`;
    const isFirst = !asked.has(question) && asked.size >= from && left > 0;
    asked.add(question);
    if (isFirst) left -= 1;
    (isFirst ? bad : good)(request, response);
  };
};

let clean: Awaited<ReturnType<typeof runOver>>;
beforeAll(async () => {
  sample = (await ensureSample(cache)).folder;
  good = giveFolder(sample);
  clean = await runOver((request, response) => good(request, response));
});

describe("a run over a web store", () => {
  it("has rows of both cases where nothing is wrong", () => {
    expect(clean.failures).toEqual([]);
    expect([...new Set(clean.rows.map(({ case_id }) => case_id))].sort()).toEqual([1, 2]);
  });

  const status =
    (code: number, headers: Record<string, string> = {}): Answer =>
    (_, response) =>
      void response.writeHead(code, headers).end("later");
  it.each<[string, () => Answer]>([
    ["every body is cut short once", () => first(cut)],
    ["every connection is reset once", () => first((request) => void request.socket.resetAndDestroy())],
    ["all is answered by 503 once", () => first(status(503))],
    ["429 wants a second's rest", () => first(status(429, { "retry-after": "1" }), { most: 3 })],
    ["an answer never begins", () => first(() => {}, { from: 22, most: 1 })],
    [
      "a body stands still",
      () =>
        first((_, response) => void response.writeHead(200, { "content-length": 10_000 }).write("x"), {
          from: 22,
          most: 1,
        }),
    ],
  ])("has the same rows where %s", async (_, answer) => {
    const { rows, failures, asked } = await runOver(answer());
    expect(failures).toEqual([]);
    expect(text(rows)).toEqual(text(clean.rows));
    expect(asked.length).toBeGreaterThan(clean.asked.length);
  });

  /** A chunk that one case needs and the other does not. */
  const chunk = "/era5.zarr/2m_temperature/16.0.0";
  const badChunk =
    (bad: Answer): Answer =>
    (request, response) =>
      (request.url === chunk ? bad : good)(request, response);
  it.each<[string, Answer, RegExp]>([
    [
      "is an error page with status 200",
      (_, response) => void response.end("<html>Busy</html>"),
      /bytes? found/,
    ],
    ["has fewer bytes than a chunk", giveBytes(new Uint8Array(100)), /bytes? found/],
    [
      "is cut short each time",
      (request, response) => cut(request, response),
      /UND_ERR_SOCKET.*5 requests made/,
    ],
    [
      "is encoded on its way",
      (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
      /content-encoding gzip found/,
    ],
    [
      "leads round in a circle",
      (_, response) => void response.writeHead(302, { location: chunk }).end(),
      /more than 5 redirects/,
    ],
    ["is answered by 503 for ever", status(503), /HTTP status 503 found, .*; 5 requests made/],
    ["is forbidden", status(403), /HTTP status 403 found/],
  ])("names the chunk that %s, and has the other case's rows", async (_, bad, message) => {
    const { rows, failures } = await runOver(badChunk(bad));
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(["Codec", "StoreRead"]).toContain(failure.tag);
      expect(failure.message).toMatch(message);
      expect(failure.message).toContain("16.0.0");
      expect(failure.case).toBe(failures[0]!.case);
    }
    const other = clean.rows.filter(({ case_id }) => case_id !== failures[0]!.case);
    expect(text(rows.filter(({ case_id }) => case_id !== failures[0]!.case))).toEqual(text(other));
  });

  it("ends the program with code 1 where a chunk is damaged", async () => {
    await using server = await serve(badChunk(giveBytes(new Uint8Array(100))));
    const out = temporary();
    const data = dataSet(out, server.url);
    const args = ["stream", pipeline, "--data", data, "--out", out, "--limit", "4", "--workers", "0"];
    const { code, err } = await ewb(args);
    expect(err).toContain("16.0.0");
    expect(code).toBe(1);
  });

  it("asks nothing more once it is stopped", async () => {
    const controller = new AbortController();
    let open = 0;
    const answer: Answer = (request, response) => {
      if (!request.url!.includes("2m_temperature/") || request.url!.includes("/.z"))
        return good(request, response);
      open += 1;
      response.on("close", () => open--);
      setTimeout(() => controller.abort(), 20);
    };
    await using server = await serve(answer);
    const out = temporary();
    const rows = stream(pipeline, {
      cache,
      out,
      data: dataSet(out, server.url),
      workers: 0,
      signal: controller.signal,
    });
    await expect(lastValueFrom(rows)).rejects.toMatchObject({ tag: "Stopped" });
    await expect.poll(() => open, patiently).toBe(0);
    const { length } = server.asked;
    await new Promise((later) => setTimeout(later, 300));
    expect(server.asked.length).toBe(length);
  });
});

describe("a web store", () => {
  it("that changes while it is read is an error by name", async () => {
    let version = 1;
    const body = new Uint8Array(Float32Array.of(1, 2).buffer);
    const zarray = {
      zarr_format: 2,
      shape: [4],
      chunks: [2],
      dtype: "<f4",
      fill_value: null,
      order: "C",
      filters: null,
    };
    const objects: Record<string, Uint8Array | string> = {
      "/.zgroup": '{"zarr_format":2}',
      "/a/.zarray": JSON.stringify({ ...zarray, compressor: null }),
      "/a/.zattrs": '{"_ARRAY_DIMENSIONS":["x"]}',
      "/a/0": body,
      "/a/1": body,
    };
    await using server = await serve((request, response) => {
      const object = objects[request.url!];
      if (object === undefined) response.writeHead(404).end();
      else giveBytes(Buffer.from(object as Uint8Array), `"${version}"`)(request, response);
    });
    await using store = await openStore(server.url);
    const array = await (await openZarr(store, testContext())).array("a");
    expect([...(await array.chunk([0], {}))!.values]).toEqual([1, 2]);
    version = 2;
    expect([...(await array.chunk([1], {}))!.values]).toEqual([1, 2]);
    await expect(array.chunk([0], {})).rejects.toMatchObject({
      tag: "StoreRead",
      message: expect.stringMatching(
        /a, chunk 0.*version "2" found, version "1" expected; the store changed/,
      ),
    });
  });

  it.each<[string, Answer]>([
    ["that never answers", () => {}],
    [
      "whose bodies stand still",
      (_, response) => void response.writeHead(200, { "content-length": 1000 }).write("x"),
    ],
  ])("%s is given up after three requests", async (_, answer) => {
    let open = 0;
    await using server = await serve((request, response) => {
      open += 1;
      response.on("close", () => open--);
      answer(request, response);
    });
    await using store = await openStore(server.url, { patience: 200, retry: { delay: 1 } });
    await expect(store.get("x")).rejects.toThrow(
      /an answer that stands still .*; 3 requests made, try again later/,
    );
    expect(server.asked.length).toBe(3);
    await expect.poll(() => open, patiently).toBe(0);
  });

  it("is asked nothing more once hundreds of reads are stopped", async () => {
    let open = 0;
    await using server = await serve((_, response) => {
      open += 1;
      response.on("close", () => open--);
    });
    await using store = await openStore(server.url, { atOnce: 30 });
    const controller = new AbortController();
    const reads = Array.from({ length: 300 }, (_, i) => store.get(`${i}`, { signal: controller.signal }));
    const outcomes = Promise.allSettled(reads);
    await expect.poll(() => open, patiently).toBe(30);
    controller.abort(new Error("stopped"));
    expect((await outcomes).every(({ status }) => status === "rejected")).toBe(true);
    await expect.poll(() => open, patiently).toBe(0);
    expect(server.asked.length).toBe(30);
  });
});
