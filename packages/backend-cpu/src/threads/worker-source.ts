/**
 * What a worker runs, as text, so that no bundler has to find it. It is told of modules by messages, makes instances of them, and then
 * waits at its place in the control block for what to do: its rows of a job, or to look at its messages. See `Pool` for the words.
 */
export const workerSource = `
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;
const functions = [];
let memory, words, at, thread, spins;
function begin(message) {
  ({ memory, at, thread, spins } = message);
  words = new Int32Array(memory.buffer);
}
function add({ module, imports, exports }) {
  const env = { memory };
  for (const { name, from } of imports) env[name] = functions[from];
  const instance = new WebAssembly.Instance(module, { env });
  for (const name of exports) functions.push(instance.exports[name]);
}
const hasMail = () => Atomics.load(words, at + 5) !== Atomics.load(words, at + 6);
function serve() {
  for (let left = spins; !hasMail(); ) {
    const state = Atomics.load(words, at);
    if (state !== 1) {
      // State 2 means mail, which may have come after hasMail() was asked: asleep, it would not be read.
      if (--left < 0 && state !== 2) Atomics.wait(words, at, state);
      continue;
    }
    let done = 0;
    try {
      functions[words[at + 1]](words[at + 2], words[at + 3], thread, words[at + 4]);
    } catch (e) {
      done = 3;
    }
    Atomics.store(words, at, done);
    Atomics.notify(words, at);
    left = spins;
  }
}
function take(message) {
  if (message.memory !== undefined) begin(message);
  else add(message);
  Atomics.add(words, at + 5, 1);
  if (hasMail()) return;
  Atomics.store(words, at, 0);
  serve();
}
if (typeof require === 'function') port.on('message', take);
else port.onmessage = ({ data }) => take(data);
`;
