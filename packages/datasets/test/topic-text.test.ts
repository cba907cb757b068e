import { expect, it } from 'vitest';
import { topics, topicText } from '../src/index.js';

const topicOf = new Map(
  topics.flatMap((roles, topic) =>
    Object.values(roles).flatMap((words) => words.map((word) => [word, topic] as const)),
  ),
);
const common = ['a', 'the', 'in', 'is', 'often', 'always', 'again', 'today'];

it('no word belongs to two topics, or to a topic and to all', () => {
  expect(topicOf.size).toBe(topics.flatMap((roles) => Object.values(roles).flat()).length);
  for (const word of common) expect(topicOf.has(word)).toBe(false);
});

it('a sentence keeps to one topic, and each topic is taken about as often', () => {
  const counts = topics.map(() => 0);
  for (let seed = 0; seed < 600; seed++) {
    const words = topicText(1, { seed });
    const found = new Set(words.flatMap((word) => topicOf.get(word) ?? []));
    expect(found.size, words.join(' ')).toBe(1);
    for (const word of words) expect(topicOf.has(word) || common.includes(word), word).toBe(true);
    for (const topic of found) counts[topic]++;
  }
  for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(45);
});

it('uses all words, and gives the same text for the same seed', () => {
  const words = topicText(3000, { seed: 9 });
  expect(new Set(words)).toEqual(new Set([...common, ...topicOf.keys()]));
  expect(topicText(3000, { seed: 9 })).toEqual(words);
  expect(topicText(3000, { seed: 10 })).not.toEqual(words);
});

it('refuses numbers of sentences that are none', () => {
  expect(() => topicText(0)).toThrow('topicText: expected a number of sentences of at least 1, got 0.');
});
