/**
 * What a worker runs, as text, so that no bundler has to find it. It is told of modules by messages, makes instances of them, and then
 * waits at its place in the control block for what to do: pieces of a job, or to look at its messages. See `Pool` for the words.
 */
export const workerSource = `
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;
const functions = [];
let memory, words, at, job, thread, spins;
function begin(message) {
  ({ memory, at, job, thread, spins } = message);
  words = new Int32Array(memory.buffer);
}
function add({ module, imports, exports }) {
  const env = { memory };
  for (const { name, from } of imports) env[name] = functions[from];
  const instance = new WebAssembly.Instance(module, { env });
  for (const name of exports) functions.push(instance.exports[name]);
}
const hasMail = () => Atomics.load(words, at + 1) !== Atomics.load(words, at + 2);
function work() {
  const [id, args, rows, grain, pieces] = words.subarray(job, job + 5);
  const grains = Math.ceil(rows / grain);
  const cut = (i) => Math.min(rows, Math.round((grains * i) / pieces) * grain);
  for (let i; (i = Atomics.add(words, job + 5, 1)) < pieces; ) functions[id](cut(i), cut(i + 1), thread, args);
}
function serve() {
  for (let left = spins; !hasMail(); ) {
    const state = Atomics.load(words, at);
    if (state !== 1) {
      // State 2 means mail, which may have come after hasMail() was asked: asleep, it would not be read.
      if (--left < 0 && state !== 2) Atomics.wait(words, at, state);
      continue;
    }
    if (Atomics.compareExchange(words, at, 1, 4) !== 1) continue;
    let done = 0;
    try {
      work();
    } catch (e) {
      Atomics.store(words, job + 5, words[job + 4]);
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
  Atomics.add(words, at + 1, 1);
  if (hasMail()) return;
  Atomics.store(words, at, 0);
  serve();
}
if (typeof require === 'function') port.on('message', take);
else port.onmessage = ({ data }) => take(data);
`;
