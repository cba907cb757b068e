import { MersenneTwister } from './mersenne-twister.js';

/** Which text. */
export interface TopicTextOptions {
  /** Fixes the text; 42 by default. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** What a word may be in a sentence. */
export type TopicRole = 'person' | 'action' | 'thing' | 'quality' | 'place';

/** The words of the topics by what they are in a sentence. */
export const topics: readonly Readonly<Record<TopicRole, readonly string[]>>[] = [
  {
    person: ['cook', 'baker', 'waiter'],
    action: ['fries', 'bakes', 'tastes', 'serves'],
    thing: ['soup', 'bread', 'cake', 'fish', 'cheese'],
    quality: ['salty', 'sweet', 'fresh'],
    place: ['kitchen', 'restaurant', 'bakery'],
  },
  {
    person: ['violinist', 'singer', 'conductor'],
    action: ['plays', 'sings', 'rehearses', 'composes'],
    thing: ['sonata', 'song', 'symphony', 'waltz', 'aria'],
    quality: ['loud', 'gentle', 'melodic'],
    place: ['opera', 'theatre', 'studio'],
  },
  {
    person: ['sailor', 'captain', 'pirate'],
    action: ['steers', 'anchors', 'boards', 'rows'],
    thing: ['ship', 'boat', 'ferry', 'canoe', 'yacht'],
    quality: ['seaworthy', 'wooden', 'leaky'],
    place: ['harbour', 'sea', 'island'],
  },
  {
    person: ['doctor', 'nurse', 'surgeon'],
    action: ['examines', 'heals', 'bandages', 'diagnoses'],
    thing: ['patient', 'wound', 'fever', 'fracture', 'infection'],
    quality: ['painful', 'severe', 'chronic'],
    place: ['hospital', 'clinic', 'ward'],
  },
  {
    person: ['farmer', 'shepherd', 'milkmaid'],
    action: ['feeds', 'milks', 'herds', 'shears'],
    thing: ['cow', 'goat', 'sheep', 'horse', 'pig'],
    quality: ['woolly', 'fat', 'stubborn'],
    place: ['barn', 'meadow', 'stable'],
  },
  {
    person: ['teacher', 'pupil', 'professor'],
    action: ['explains', 'studies', 'solves', 'discusses'],
    thing: ['lesson', 'equation', 'poem', 'grammar', 'theorem'],
    quality: ['difficult', 'abstract', 'instructive'],
    place: ['school', 'university', 'library'],
  },
];

/**
 * The words of `sentences` sentences, made by a grammar: each is about one of six topics, and takes its people, actions, things, qualities
 * and places from that topic; articles, prepositions and adverbs are common to all. There are no marks between sentences.
 * Throws `RangeError` unless `sentences` is a positive integer.
 */
export function topicText(sentences: number, { seed = 42 }: TopicTextOptions = {}): string[] {
  if (!Number.isInteger(sentences) || sentences < 1) {
    throw new RangeError(`topicText: expected a number of sentences of at least 1, got ${sentences}.`);
  }
  const random = new MersenneTwister(seed);
  const oneOf = <T>(values: readonly T[]): T => values[random.upTo(values.length - 1)];
  const article = (): string => oneOf(['a', 'the']);
  const adverb = (): string => oneOf(['often', 'always', 'again', 'today']);

  const sentence = (): string => {
    const topic = oneOf(topics);
    const a = (role: TopicRole): string => oneOf(topic[role]);
    return oneOf([
      () => `${article()} ${a('person')} ${a('action')} ${article()} ${a('quality')} ${a('thing')}`,
      () => `${article()} ${a('person')} ${adverb()} ${a('action')} ${article()} ${a('thing')} in the ${a('place')}`,
      () => `${article()} ${a('quality')} ${a('thing')} is ${adverb()} in the ${a('place')}`,
      () => `in the ${a('place')} ${article()} ${a('person')} ${a('action')} ${article()} ${a('thing')} ${adverb()}`,
    ])();
  };
  return Array.from({ length: sentences }, sentence).flatMap((words) => words.split(' '));
}
