import { maskedCrc32c } from './crc32c.js';

/** A record as TensorFlow's files hold it: the length in 8 bytes and its CRC, the data and its CRC, little-endian. TensorFlow: `TFRecordWriter`. */
export function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}
