/** What the command line says of the service of a watch and of whom it tells. */
import { readFileSync } from "node:fs";
import { EwbError } from "../model/errors.ts";

export interface ServiceText {
  readonly listen?: string;
  readonly listenAnywhere?: boolean;
  readonly noticeTokenFile?: string;
  readonly webhook?: string;
  readonly webhookSecretFile?: string;
}

export interface ServiceFlags {
  readonly listen?: { readonly host: string; readonly port: number; readonly token?: string };
  readonly webhook?: { readonly address: string; readonly secret?: string };
}

/** Characters. */
const shortestToken = 16;

/** @throws `Options` where something does not fit, or would be open to others unasked */
export const serviceOf = (text: ServiceText): ServiceFlags => {
  const { listen, listenAnywhere = false, noticeTokenFile, webhook, webhookSecretFile } = text;
  if (noticeTokenFile !== undefined && listen === undefined)
    throw new EwbError("Options", "--notice-token-file: expected --listen HOST:PORT with it");
  if (webhookSecretFile !== undefined && webhook === undefined)
    throw new EwbError("Options", "--webhook-secret-file: expected --webhook URL with it");
  const token =
    noticeTokenFile === undefined ? {} : { token: secretOf("--notice-token-file", noticeTokenFile) };
  const secret =
    webhookSecretFile === undefined ? {} : { secret: secretOf("--webhook-secret-file", webhookSecretFile) };
  return {
    ...(listen === undefined ? {} : { listen: { ...addressOf(listen, listenAnywhere), ...token } }),
    ...(webhook === undefined ? {} : { webhook: { address: webhook, ...secret } }),
  };
};

const addressOf = (text: string, anywhere: boolean): { readonly host: string; readonly port: number } => {
  const [, six, four = "", digits] = /^(?:\[([0-9a-f:.]+)\]|([^:\s]*)):(\d{1,5})$/i.exec(text.trim()) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new EwbError("Options", `--listen ${text}: expected HOST:PORT, e.g. 127.0.0.1:9464 or [::1]:9464`);
  const host = six ?? four;
  const isLoopback = host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (!isLoopback && !anywhere)
    throw new EwbError(
      "Options",
      `--listen ${text}: other machines could ask it; expected 127.0.0.1, [::1] or localhost. ` +
        "With --listen-anywhere it may be any address",
    );
  return { host: host === "" ? "::" : host, port };
};

const secretOf = (flag: string, file: string): string => {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EwbError("Options", `${flag} ${file}: ${why}`, { source: file }, { cause });
  }
  if (/^\S+$/.test(text) && text.length >= shortestToken) return text;
  throw new EwbError(
    "Options",
    `${flag} ${file}: ${text.length} characters found, expected at least ${shortestToken} without spaces, ` +
      'e.g. of "openssl rand -hex 32"',
    { source: file },
  );
};
