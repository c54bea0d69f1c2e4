/**
 * The finished units of a site: which they are (`siteRows.ts`), their states, one record a unit, and the merge of many
 * of them (`checkpoint.ts`). Row and states of a unit are written in one batch.
 */
import { EwbError } from "../../model/errors.ts";
import type { FinishedSite, KeptUnit, Merge, UnitInputs, UnitName } from "../../model/finished.ts";
import {
  type Checkpoint,
  checkpointBytes,
  checkpointOf,
  isWorthIt,
  notIn,
  unionOf,
  unitSet,
} from "./checkpoint.ts";
import { recordKey, recordName } from "./keys.ts";
import { damagedRecord } from "./ledgerError.ts";
import { MergedStates, type States } from "./mergedStates.ts";
import type { SiteRows } from "./siteRows.ts";
import { recordedOf, stateBytes } from "./stateBytes.ts";
import { nameWords, rowWords } from "./unitRow.ts";
import type { WriteBuffer } from "./writeBuffer.ts";

/** States read at once. */
const atOnce = 1000;

export interface SiteContext {
  /** What errors name. */
  readonly folder: string;
  readonly buffer: WriteBuffer;
  readonly now: () => number;
}

export class Site implements FinishedSite {
  readonly #id: Uint8Array;
  readonly #rows: SiteRows;
  readonly #context: SiteContext;

  constructor(id: Uint8Array, rows: SiteRows, context: SiteContext) {
    this.#id = id;
    this.#rows = rows;
    this.#context = context;
  }

  get size(): number {
    return this.#rows.size;
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
  }

  async states(units: readonly UnitName[]): Promise<readonly States[]> {
    const all: States[] = [];
    for await (const some of this.#states(this.#places(units))) all.push(...some);
    return all;
  }

  /** Begins with the checkpoint of the target where it fits; keeps a new one where that saves much. */
  async merged(units: readonly UnitName[], merge: Merge): Promise<States> {
    const places = this.#places(units);
    const merged = new MergedStates(merge);
    const key = this.#checkpointKey(places);
    const checkpoint = key && (await this.#checkpoint(key));
    const others = checkpoint && notIn(checkpoint, this.#rows, places);
    const rest = others ?? places;
    const added = unitSet(this.#rows, rest);
    if (others !== undefined) merged.add(checkpoint!.states);
    for await (const some of this.#states(rest)) for (const states of some) merged.add(states);
    const states = merged.whole() ?? [];
    if (key && isWorthIt(rest.length, places.length)) {
      const all = others === undefined ? added : unionOf(checkpoint!, added);
      this.#context.buffer.put(key, checkpointBytes(all, states));
    }
    return states;
  }

  async #checkpoint(key: Uint8Array): Promise<Checkpoint | undefined> {
    const [bytes] = await this.#context.buffer.getMany([key]);
    return bytes && this.#decoded(key, () => checkpointOf(bytes));
  }

  #places(units: readonly UnitName[]): readonly number[] {
    return units.map((name) => {
      const place = this.#rows.place(name);
      if (place === -1) throw new EwbError("InvalidValue", `not kept: unit ${JSON.stringify(name)}`);
      return place;
    });
  }

  async *#states(places: readonly number[]): AsyncIterable<readonly States[]> {
    for (let i = 0; i < places.length; i += atOnce) yield await this.#some(places.slice(i, i + atOnce));
  }

  async #some(places: readonly number[]): Promise<readonly States[]> {
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
      return states;
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
    return recordKey("states", this.#id, target! >>> 2, ...name);
  }

  /** That of the target of the first: a set of units of several targets is told apart by itself. */
  #checkpointKey([first]: readonly number[]): Uint8Array | undefined {
    return first === undefined
      ? undefined
      : recordKey("checkpoint", this.#id, this.#rows.row(first)[0]! >>> 2);
  }
}
