/** Bytes that become text in one call: functions take only so many arguments. */
const AT_ONCE = 0x8000;

/** Bytes as text of 64 characters. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + AT_ONCE)));
  }
  return btoa(parts.join(''));
}

/** The bytes that `toBase64` wrote. Throws `TypeError` at other text. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw new TypeError('expected base64, got other text');
  const characters = atob(text);
  return Uint8Array.from(characters, (c) => c.charCodeAt(0));
}
