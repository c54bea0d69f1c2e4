/**
 * The finished units of a site: which they are (`siteRows.ts`), their states, one record a unit, and bundles of many
 * (`bundles.ts`). Row and states of a unit are written in one batch.
 */

import { deserialize, serialize } from "node:v8";
import { EwbError } from "../../model/errors.ts";
import type { FinishedSite, KeptPart, KeptUnit, UnitInputs, UnitName } from "../../model/finished.ts";
import { Bundles } from "./bundles.ts";
import { recordKey, recordName } from "./keys.ts";
import { damagedRecord } from "./ledgerError.ts";
import type { SiteRows } from "./siteRows.ts";
import { recordedOf, type States, stateBytes } from "./stateBytes.ts";
import { nameWords, rowWords } from "./unitRow.ts";
import type { WriteBuffer } from "./writeBuffer.ts";

/** Records of states read at once: each may have a megabyte. */
const atOnce = 64;

export interface SiteContext {
  /** What errors name. */
  readonly folder: string;
  readonly buffer: WriteBuffer;
  readonly now: () => number;
}

export class Site implements FinishedSite {
  readonly id: Uint8Array;
  readonly #rows: SiteRows;
  readonly #bundles: Bundles;
  readonly #context: SiteContext;

  constructor(id: Uint8Array, rows: SiteRows, context: SiteContext) {
    this.id = id;
    this.#rows = rows;
    this.#bundles = new Bundles(rows);
    this.#context = context;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The last day on which it was asked for. */
  get asked(): number {
    return this.#rows.asked;
  }

  /** It is asked for, now. */
  ask(): this {
    this.#rows.ask(Math.floor(this.#context.now() / 86_400_000), this.#context.buffer);
    return this;
  }

  *units(): Iterable<KeptUnit> {
    for (let place = 0; place < this.size; place++) yield this.#rows.unit(place);
  }

  find(name: UnitName): UnitInputs | undefined {
    const place = this.#rows.place(name);
    return place === -1 ? undefined : this.#rows.inputs(place);
  }

  record(name: UnitName, inputs: UnitInputs, states: States): void {
    const { buffer, now } = this.#context;
    const place = this.#rows.add(name, inputs, buffer);
    const value = stateBytes(states, this.#rows.order(place), now());
    buffer.put(this.#stateKey(place), value, value.length + 4 * rowWords);
    this.#drop(this.#bundles.leave(place));
  }

  bundle(units: readonly KeptUnit[], states: States): void {
    const places = units.map((unit) => this.#rows.placeOf(unit));
    if (places.includes(-1)) return;
    const { number, gone } = this.#bundles.add(places);
    for (const one of gone) this.#drop(one);
    this.#context.buffer.put(this.#bundleKey("bundleUnits", number), this.#rows.bytesOf(places));
    this.#context.buffer.put(this.#bundleKey("bundle", number), serialize(states));
  }

  /** Takes the record of the units of a bundle; one that is out of date is removed. */
  load(number: number, bytes: Uint8Array): void {
    if (!this.#bundles.load(number, bytes)) this.#drop(number);
  }

  #drop(number: number | undefined): void {
    if (number === undefined) return;
    for (const kind of ["bundleUnits", "bundle"] as const)
      this.#context.buffer.put(this.#bundleKey(kind, number), undefined);
  }

  async *parts(units: readonly UnitName[]): AsyncIterable<KeptPart> {
    const places = this.#places(units);
    const { whole, rest } = this.#bundles.cut(places);
    for (const [number, which] of whole) {
      const key = this.#bundleKey("bundle", number);
      const [bytes] = await this.#context.buffer.getMany([key]);
      if (bytes === undefined) throw this.#damaged(key, "it is not there");
      yield {
        units: which,
        states: this.#decoded<States>(key, () => deserialize(bytes)),
        bytes: bytes.length,
      };
    }
    for (let i = 0; i < rest.length; i += atOnce)
      yield* await this.#some(rest.subarray(i, i + atOnce), places);
  }

  #places(units: readonly UnitName[]): readonly number[] {
    return units.map((name) => {
      const place = this.#rows.place(name);
      if (place === -1) throw new EwbError("InvalidValue", `not kept: unit ${JSON.stringify(name)}`);
      return place;
    });
  }

  async #some(which: Uint32Array, all: readonly number[]): Promise<readonly KeptPart[]> {
    const places = Array.from(which, (i) => all[i]!);
    const orders = places.map((place) => this.#rows.order(place));
    const keys = places.map((place) => this.#stateKey(place));
    const found = await this.#context.buffer.getMany(keys);
    return found.map((bytes, i) => {
      const key = keys[i]!;
      if (bytes === undefined) throw this.#damaged(key, "it is not there");
      const { order, states } = this.#decoded(key, () => recordedOf(bytes));
      // Recorded again while this was read: then it is the newer one.
      if (order !== orders[i] && order !== this.#rows.order(places[i]!))
        throw this.#damaged(key, "it is of another version of the unit");
      return { units: which.slice(i, i + 1), states, bytes: bytes.length };
    });
  }

  #decoded<T>(key: Uint8Array, decode: () => T): T {
    try {
      return decode();
    } catch (cause) {
      throw this.#damaged(key, "this version of Node.js cannot read it", cause);
    }
  }

  #damaged(key: Uint8Array, found: string, cause?: unknown): EwbError {
    return damagedRecord(this.#context.folder, recordName(key), found, cause);
  }

  #stateKey(place: number): Uint8Array {
    const [target, ...name] = this.#rows.row(place).subarray(0, nameWords);
    return recordKey("states", this.id, target! >>> 2, ...name);
  }

  #bundleKey(kind: "bundleUnits" | "bundle", number: number): Uint8Array {
    return recordKey(kind, this.id, number);
  }
}
