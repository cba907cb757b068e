/** The message of what `f` throws, with paths cut to file names and line numbers to LINE. */
export function messageFrom(f: () => unknown): string {
  try {
    f();
  } catch (e) {
    if (e instanceof Error) return e.message.replace(/(made at: )\S*\/(\S+?):\d+:\d+/g, '$1$2:LINE');
  }
  throw new Error('expected an error, got none');
}
