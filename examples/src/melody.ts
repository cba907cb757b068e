import { melodies, melodyDegrees, melodyDurations, type MelodyNote, melodyRules } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { midiFile } from './midi.js';
import { type Panel, plotPanels } from './plot-panels.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

// A note's number says its degree and its duration; one more stands for the silence before and after a melody.
const silence = melodyDegrees * melodyDurations.length;
const nNotes = silence + 1;
const embeddingSize = 24;
const nNeurons = 128;

const learningRate = 0.005;
const batchSize = 50;
const nMelodies = 4000;
const nCreated = 200;
const maxLength = 60;
const nShown = 3;

const numberOf = ({ degree, eighths }: MelodyNote): number =>
  degree * melodyDurations.length + melodyDurations.indexOf(eighths);
const noteOf = (number: number): MelodyNote => ({
  degree: Math.floor(number / melodyDurations.length),
  eighths: melodyDurations[number % melodyDurations.length],
});

const majorScale = [0, 2, 4, 5, 7, 9, 11];
const pitchOf = (degree: number): number =>
  60 + 12 * Math.floor(degree / majorScale.length) + majorScale[degree % majorScale.length];

/** Learns which note follows those before, then makes up melodies: each note is drawn, and read as the next input. */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { epochs: nEpochs = 25, session, signal } = options;
  const stopped = (): boolean => signal?.aborted === true;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('int32', [null, null], { name: 'X' });
  const y = tl.placeholder('int32', [null, null], { name: 'y' });
  const seqLength = tl.placeholder('int32', [null], { name: 'seq_length' });

  const embeddings = tl.getVariable('embeddings', [nNotes, embeddingSize], {
    initializer: tl.randomUniformInitializer({ minval: -1, maxval: 1 }),
  });
  const notes = tl.nn.embeddingLookup(embeddings, X);
  const cell = new tl.rnn.GRUCell(nNeurons);
  // Zeros, unless a state is fed: the one that an earlier run ended with.
  const initialState = cell.zeroState(tl.dimOf(X, 0), 'float32');
  const [outputs, state] = tl.rnn.dynamicRnn(cell, notes, { sequenceLength: seqLength, initialState });

  const stackedOutputs = tl.reshape(outputs, [-1, nNeurons]);
  const stackedLogits = tl.layers.dense(stackedOutputs, nNotes);
  const logits = tl.reshape(stackedLogits, tl.stack([tl.dimOf(X, 0), tl.dimOf(X, 1), nNotes]));
  const xentropy = tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits });
  const counts = tl.sequenceMask(seqLength, tl.dimOf(X, 1), { dtype: 'float32' });
  const loss = tl.div(tl.reduceSum(tl.mul(xentropy, counts)), tl.reduceSum(counts));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate }).minimize(loss);
  const next = tl.multinomial(stackedLogits, 1, { seed: 42 });

  const init = tl.globalVariablesInitializer();

  const train = melodies(nMelodies, { seed: 42 });
  const feeds = (batch: readonly (readonly MelodyNote[])[]) => {
    const longest = Math.max(...batch.map(({ length }) => length)) + 1;
    const rows = batch.map((melody) => melody.map(numberOf));
    const filled = (row: readonly number[]): number[] => [
      ...row,
      ...Array.from({ length: longest - row.length }, () => silence),
    ];
    return [
      [X, rows.map((row) => filled([silence, ...row]))],
      [y, rows.map(filled)],
      [seqLength, rows.map(({ length }) => length + 1)],
    ] as const;
  };

  await using sess = new tl.Session(session);
  await sess.run(init);
  const losses: number[] = [];
  yield { kind: 'training', title: 'melodies', steps: (nEpochs * nMelodies) / batchSize };
  for (let epoch = 0; epoch < nEpochs && !stopped(); epoch++) {
    for (let start = 0; start < nMelodies && !stopped(); start += batchSize) {
      const results = await sess.run({ trainingOp, loss }, feeds(train.slice(start, start + batchSize)));
      losses.push(results.loss.item());
      yield { kind: 'step', loss: results.loss.item() };
    }
    yield { kind: 'line', text: `${epoch}\tLoss of a note: ${losses.at(-1)?.toFixed(4)}` };
  }

  // All melodies at once, a note of each in a run.
  const created = Array.from({ length: nCreated }, (): number[] => []);
  const ended = new Set<number>();
  const ones = created.map(() => 1);
  let drawn = await sess.run({ next, state }, [
    [X, created.map(() => [silence])],
    [seqLength, ones],
  ]);
  while (ended.size < nCreated && created[0].length < maxLength) {
    const numbers = created.map((_, row) => drawn.next.get(row, 0));
    numbers.forEach((number, row) => {
      if (number === silence) ended.add(row);
      if (!ended.has(row)) created[row].push(number);
    });
    drawn = await sess.run({ next, state }, [
      [X, numbers.map((number) => [number])],
      [seqLength, ones],
      [initialState, drawn.state],
    ]);
  }

  const tunes = created.map((numbers) => numbers.map(noteOf));
  const rules = tunes.map(melodyRules);
  yield { kind: 'line', text: `Of ${nCreated} new melodies` };
  for (const [rule, what] of [
    ['keepsTime', 'keep time for eight bars'],
    ['followsChords', 'begin each bar on its chord'],
    ['movesBySteps', 'move by steps'],
    ['endsOnTonic', 'end on the tonic'],
  ] as const) {
    const kept = rules.filter((kept) => kept[rule]).length;
    yield { kind: 'line', text: `${((100 * kept) / nCreated).toFixed(1).padStart(6)}% ${what}` };
  }

  const best = tunes.filter((_, i) => Object.values(rules[i]).every((kept) => kept));
  const [tune = tunes[0]] = best;
  const tones = tune.map(({ degree, eighths }) => ({ pitch: pitchOf(degree), quarters: eighths / 2 }));
  yield { kind: 'file', name: 'melody.mid', about: 'A melody', contents: midiFile(tones) };
  yield {
    kind: 'file',
    name: 'melody.svg',
    about: 'Melodies',
    contents: plotPanels('Melodies made up by 128 GRU cells', [
      ...(best.length > 0 ? best : tunes).slice(0, nShown).map(pianoRoll),
      { title: 'training', x: 'step', y: 'loss', curves: [{ name: 'loss of a note', points: [...losses.entries()] }] },
    ]),
  };
}

/** A melody as a line: level while a note sounds. */
function pianoRoll(tune: readonly MelodyNote[]): Panel {
  let time = 0;
  const points = tune.flatMap(({ degree, eighths }): [number, number][] => {
    const begin = time / 8;
    time += eighths;
    return [
      [begin, pitchOf(degree)],
      [time / 8, pitchOf(degree)],
    ];
  });
  return { x: 'bars', y: 'MIDI pitch', height: 150, curves: [{ name: 'melody', points }] };
}
