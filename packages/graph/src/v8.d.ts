/** V8's knob for how many frames an `Error` records; other engines ignore it. */
interface ErrorConstructor {
  stackTraceLimit: number;
}
