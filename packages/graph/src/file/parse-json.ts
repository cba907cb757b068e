/** Arrays and objects in each other, at most: graphs lie side by side, so that only attributes are deep. */
const DEEPEST = 128;

/** JSON from text of bounded depth. Throws `TypeError` at text that is none, or deeper. */
export function parseJson(text: string): unknown {
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch (e) {
    throw new TypeError(`expected JSON: ${e instanceof Error ? e.message : String(e)}`, { cause: e });
  }
}

function checkDepth(text: string): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inText && c === '\\') i++;
    else if (c === '"') inText = !inText;
    else if (inText) continue;
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
    if (depth > DEEPEST)
      throw new TypeError(`expected JSON nested at most ${DEEPEST} deep, got more at character ${i}`);
  }
}
