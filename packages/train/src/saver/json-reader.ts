const [QUOTE, COMMA, MINUS, ZERO, NINE, COLON, BACKSLASH] = Array.from('",-09:\\', (c) => c.charCodeAt(0));
const SPACES: ReadonlySet<number> = new Set(Array.from(' \t\n\r', (c) => c.charCodeAt(0)));

/**
 * Reads JSON as its reader expects it, from UTF-8 bytes: what is not expected fails where it stands. Unlike `JSON.parse` it notices keys
 * that occur twice, makes nothing of what will be refused, and goes no deeper than it is asked to. Errors go to `fail`.
 */
export class JsonReader {
  #at = 0;
  readonly #text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(
    readonly bytes: Uint8Array,
    readonly fail: (wrong: string) => never,
  ) {}

  /** Reads an object, whose values `read` reads, given their key. */
  object(what: string, read: (key: string) => void): void {
    const seen = new Set<string>();
    this.#sequence(what, '{', '}', () => {
      const key = this.string(`a key of ${what}`);
      if (seen.has(key)) this.fail(`${what} has the key ${JSON.stringify(key)} twice, expected it once`);
      seen.add(key);
      this.#expect(COLON, `':' after the key ${JSON.stringify(key)}`);
      read(key);
    });
  }

  /** Reads an array of at most `most` items, each by `read`. */
  array(what: string, most: number, read: () => void): void {
    let count = 0;
    this.#sequence(what, '[', ']', () => {
      if (++count > most) this.fail(`${what} has more than ${most} items, expected no more`);
      read();
    });
  }

  string(what: string): string {
    this.#expect(QUOTE, what);
    const start = this.#at;
    let escaped = false;
    for (; this.bytes[this.#at] !== QUOTE; this.#at++) {
      const byte = this.bytes[this.#at];
      if (byte === undefined || byte < 0x20) this.#unexpected(`the end of ${what}`);
      if (byte !== BACKSLASH) continue;
      escaped = true;
      this.#at++;
    }
    const end = this.#at++;
    // JSON.parse reads escapes, given the quotes too: no copy need be made to put them there.
    return this.#decode(
      escaped ? this.bytes.subarray(start - 1, end + 1) : this.bytes.subarray(start, end),
      escaped,
      what,
    );
  }

  /** Reads an integer from 0 up to the largest safe one, written with digits alone. */
  count(what: string): number {
    this.#space();
    const start = this.#at;
    let value = 0;
    for (; this.bytes[this.#at] >= ZERO && this.bytes[this.#at] <= NINE; this.#at++) {
      value = 10 * value + (this.bytes[this.#at] - ZERO);
      if (!Number.isSafeInteger(value)) this.fail(`${what} is too large, expected an integer below 2^53`);
    }
    const digits = this.#at - start;
    const isInteger = digits > 0 && (digits === 1 || this.bytes[start] !== ZERO) && !this.#isFraction();
    if (!isInteger) this.#unexpected(`${what} as an integer from 0`);
    return value;
  }

  /** Checks that nothing but spaces follows. */
  end(): void {
    this.#space();
    if (this.#at < this.bytes.length) this.#unexpected('the end');
  }

  #sequence(what: string, open: string, close: string, item: () => void): void {
    this.#expect(open.charCodeAt(0), what);
    const end = close.charCodeAt(0);
    if (this.#skip(end)) return;
    do item();
    while (this.#skip(COMMA));
    this.#expect(end, `',' or '${close}' in ${what}`);
  }

  #isFraction(): boolean {
    return ['.', 'e', 'E'].includes(String.fromCharCode(this.bytes[this.#at] ?? MINUS));
  }

  #decode(bytes: Uint8Array, escaped: boolean, what: string): string {
    let text: string;
    try {
      text = this.#text.decode(bytes);
      if (escaped) text = String(JSON.parse(text));
    } catch {
      return this.fail(`${what} is no text: expected UTF-8 and JSON's escapes`);
    }
    // Half a surrogate pair could not be written as UTF-8 again.
    return escaped && /\p{Surrogate}/u.test(text) ? this.fail(`${what} holds half a character`) : text;
  }

  #space(): void {
    while (SPACES.has(this.bytes[this.#at])) this.#at++;
  }

  #skip(byte: number): boolean {
    this.#space();
    if (this.bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #expect(byte: number, what: string): void {
    if (!this.#skip(byte)) this.#unexpected(what);
  }

  #unexpected(expected: string): never {
    const byte = this.bytes[this.#at];
    const got =
      byte === undefined
        ? 'the end'
        : byte > 0x20 && byte < 0x7f
          ? `'${String.fromCharCode(byte)}'`
          : `the byte ${byte}`;
    return this.fail(`expected ${expected} at byte ${this.#at} of the text, got ${got}`);
  }
}
