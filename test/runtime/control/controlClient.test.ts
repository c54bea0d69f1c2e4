import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askRun, watchRun } from "../../../src/runtime/control/controlClient.ts";
import { temporary } from "./fakeRun.ts";

/** Something that is no run: says `text`, then closes. */
const saying = async (text: string) => {
  const address = join(temporary(), "x.sock");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(text));
  });
  await new Promise<void>((done) => server.listen(address, done));
  onTestFinished(() => void server.close());
  return { id: "heatwave-1", address };
};

test.each([
  ["nothing", "", "NotFound", /heatwave-1 is gone \(it closed the connection\); "ewb control" lists/],
  ["half a line", '{"now":', "NotFound", /is gone/],
  ["no JSON", "HTTP/1.1 400 Bad Request\n", "Unsupported", /heatwave-1 speaks another language/],
  ["no object", "3\n", "Unsupported", /speaks another language/],
  ["another answer", '{"then":1}\n', "Unsupported", /speaks another language/],
  ["a refusal", '{"error":"no"}\n', "Unsupported", /^heatwave-1: no$/],
])("an answer that is %s is an error that names the run", async (_, text, tag, message) => {
  const run = await saying(text);
  await expect(askRun(run, { do: "status" })).rejects.toMatchObject({ tag, message });
  await expect(watchRun(run, () => {})).rejects.toMatchObject({ tag, message });
});
