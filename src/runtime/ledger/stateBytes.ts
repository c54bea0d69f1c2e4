/**
 * States of a unit as bytes: what `v8.serialize` makes of them, then the number of the unit in the order of recording
 * and the time of recording, so that states are never taken for those of another version of the unit.
 */
import { DefaultSerializer, deserialize } from "node:v8";

/** The states of a unit, or of many, one a metric. */
export type States = readonly unknown[];

const tailBytes = 12;

export interface Recorded {
  readonly order: number;
  /** Milliseconds UTC. */
  readonly at: number;
  readonly states: States;
}

export const stateBytes = (states: States, order: number, at: number): Uint8Array => {
  const tail = Buffer.allocUnsafe(tailBytes);
  tail.writeUInt32BE(order);
  tail.writeDoubleBE(at, 4);
  const writer = new DefaultSerializer();
  writer.writeHeader();
  writer.writeValue(states);
  writer.writeRawBytes(tail);
  return writer.releaseBuffer();
};

export const recordedOf = (bytes: Uint8Array): Recorded => {
  const end = bytes.length - tailBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, tailBytes);
  return {
    order: view.getUint32(0),
    at: view.getFloat64(4),
    states: deserialize(bytes.subarray(0, end)),
  };
};
