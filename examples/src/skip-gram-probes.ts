/** Words to ask for their neighbours, and which neighbours would be right. Written down before anything was trained. */
export const probes: Readonly<Record<string, readonly string[]>> = {
  cook: ['baker', 'waiter'],
  singer: ['violinist', 'conductor'],
  captain: ['sailor', 'pirate'],
  heals: ['examines', 'bandages', 'diagnoses'],
  milks: ['feeds', 'herds', 'shears'],
  bread: ['soup', 'cake', 'fish', 'cheese'],
  ship: ['boat', 'ferry', 'canoe', 'yacht'],
  wound: ['patient', 'fever', 'fracture', 'infection'],
  meadow: ['barn', 'stable'],
  university: ['school', 'library'],
};
